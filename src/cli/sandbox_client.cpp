#include "cli/sandbox_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <memory>

namespace cvstroom::cli {
namespace {

constexpr long connect_seconds = 10;
constexpr long most_seconds = 120;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(bytes, size * count);
    return size * count;
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Fields = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Fields make_fields(std::initializer_list<std::string> lines) {
    Fields fields(nullptr, &curl_slist_free_all);
    for (const auto& line : lines) {
        auto* longer = curl_slist_append(fields.get(), line.c_str());
        static_cast<void>(fields.release());
        fields.reset(longer);
    }
    return fields;
}

}  // namespace

void add_connection_options(CLI::App& command, SandboxConnection& connection) {
    command.add_option("--url", connection.url, "where the sandbox serves partners")->capture_default_str();
    command.add_option("--folder", connection.home.folder, "the sandbox's folder, for its key and certificate")
        ->capture_default_str();
    command.add_option("--key-file", connection.key_file, "file with the partner's key, if it is another");
    command.add_option("--ca-file", connection.ca_file, "certificates to trust, PEM, if they are others");
    command.add_option("--language", connection.language, "of the messages")
        ->check(CLI::IsMember({"nl", "fr", "en"}))
        ->capture_default_str();
}

Result<SandboxAnswer> call_sandbox(const SandboxConnection& connection, const SandboxCall& call) {
    const auto key = read_key_file(connection.key_file.empty() ? connection.home.partner_key() : connection.key_file);
    if (!key) return tl::unexpected(key.error());
    const auto trusted = (connection.ca_file.empty() ? connection.home.certificate() : connection.ca_file).string();
    const Easy easy(curl_easy_init(), &curl_easy_cleanup);
    if (!easy) return fail(ErrorCode::unavailable, "libcurl cannot start");
    const auto fields = make_fields({"X-IBM-Client-Id: " + *key, "Accept-Language: " + connection.language,
                                     std::string("Content-Type: ") + call.content_type, "Expect:"});
    SandboxAnswer answer;
    const std::string url = connection.url + call.path;
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy.get(), CURLOPT_CAINFO, trusted.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, fields.get());
    curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, most_seconds);
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
    if (!call.body.empty()) {
        curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, call.body.c_str());
    }
    curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, call.method);
    const CURLcode code = curl_easy_perform(easy.get());
    if (code != CURLE_OK) {
        return fail(
            ErrorCode::unavailable,
            fmt::format("{}; is the sandbox running? Start it with: cvstroom sandbox", curl_easy_strerror(code)),
            connection.url);
    }
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

std::string describe_refusal(const SandboxAnswer& answer) {
    simdjson::dom::parser parser;
    simdjson::dom::element problem;
    std::string_view detail;
    if (parser.parse(answer.body).get(problem) != simdjson::SUCCESS ||
        problem["detail"].get(detail) != simdjson::SUCCESS) {
        return fmt::format("the answer was {}", answer.status);
    }
    if (answer.status == 404) return "this server is no sandbox, or an older one";
    std::string text(detail);
    simdjson::dom::array issues;
    if (problem["issues"].get(issues) != simdjson::SUCCESS) return text;
    for (const simdjson::dom::element issue : issues) {
        std::string_view name;
        if (issue["detail"].get(detail) != simdjson::SUCCESS || issue["name"].get(name) != simdjson::SUCCESS) continue;
        text += fmt::format("\n  {}: {}", name, detail);
    }
    return text;
}

}  // namespace cvstroom::cli
