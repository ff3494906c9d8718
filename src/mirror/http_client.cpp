#include "mirror/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <thread>
#include <unordered_map>

#include "base/text.hpp"

namespace cvstroom::mirror {
namespace {

// How soon a stop is noticed.
constexpr std::chrono::milliseconds notice{100};
constexpr std::chrono::milliseconds connect_patience{10'000};
constexpr std::size_t kept_handles = 64;

struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Easy = std::unique_ptr<CURL, Cleanup>;

// One request under way.
struct Transfer {
    Easy handle;
    HttpRequest request;
    HttpClient::Done done;
    HttpResponse response;
    std::unique_ptr<curl_slist, Cleanup> fields;
    char reason[CURL_ERROR_SIZE] = {};
    bool was_stopped_by_reader = false;
};

bool is_streamed(const Transfer& transfer) {
    if (!transfer.request.on_body) return false;
    long status = 0;
    curl_easy_getinfo(transfer.handle.get(), CURLINFO_RESPONSE_CODE, &status);
    return status == 200 && transfer.response.content_type.starts_with(transfer.request.streamed_type);
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* owner) {
    auto& transfer = *static_cast<Transfer*>(owner);
    if (!is_streamed(transfer)) {
        transfer.response.body.append(data, size);
        return size;
    }
    transfer.response.was_streamed = true;
    if (transfer.request.on_body({data, size})) return size;
    transfer.was_stopped_by_reader = true;
    return 0;
}

std::size_t take_field(char* data, std::size_t, std::size_t size, void* owner) {
    auto& response = static_cast<Transfer*>(owner)->response;
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) {  // of a 100 or a redirect before it
        response.content_type.clear();
        response.retry_after.clear();
        response.date.clear();
        response.etag.clear();
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    const auto name = line.substr(0, colon);
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
    value = trim(value);
    if (equal_ignoring_case(name, "Content-Type")) response.content_type = value;
    if (equal_ignoring_case(name, "Retry-After")) response.retry_after = value;
    if (equal_ignoring_case(name, "Date")) response.date = value;
    if (equal_ignoring_case(name, "ETag")) response.etag = value;
    return size;
}

class CurlClient final : public HttpClient {
  public:
    explicit CurlClient(HttpConfig config) : config_(std::move(config)), multi_(curl_multi_init()) {
        curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
        curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(config_.connections));
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(config_.connections));
    }
    ~CurlClient() override {
        for (auto& [handle, transfer] : transfers_) curl_multi_remove_handle(multi_.get(), handle);
    }

    bool is_usable() const { return multi_ != nullptr; }
    bool is_stopped() const override { return config_.stop != nullptr && config_.stop->load(); }
    std::size_t under_way() const override { return transfers_.size(); }

    void start(HttpRequest request, Done done) override {
        auto transfer = std::make_unique<Transfer>();
        transfer->request = std::move(request);
        transfer->done = std::move(done);
        transfer->handle = take_handle();
        set_options(*transfer);
        CURL* handle = transfer->handle.get();
        transfers_.emplace(handle, std::move(transfer));
        curl_multi_add_handle(multi_.get(), handle);
    }

    void run(std::chrono::milliseconds time) override {
        if (is_stopped()) return give_up_all();
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        if (finish_some()) return;
        const auto wait = static_cast<int>(std::min(time, notice).count());
        curl_multi_poll(multi_.get(), nullptr, 0, wait, nullptr);
        curl_multi_perform(multi_.get(), &running);
        finish_some();
    }

    HttpResponse perform(HttpRequest request) override {
        HttpResponse answer;
        bool is_done = false;
        start(std::move(request), [&](HttpResponse response) {
            answer = std::move(response);
            is_done = true;
        });
        while (!is_done) run(notice);
        return answer;
    }

    bool sleep(std::chrono::milliseconds time) override {
        const auto end = std::chrono::steady_clock::now() + time;
        while (!is_stopped()) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
            if (left.count() <= 0) return true;
            std::this_thread::sleep_for(std::min(left, notice));
        }
        return false;
    }

  private:
    Easy take_handle() {
        if (idle_.empty()) return Easy(curl_easy_init());
        auto handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
    }

    void set_options(Transfer& transfer) {
        CURL* handle = transfer.handle.get();
        const auto& request = transfer.request;
        curl_slist* fields = nullptr;
        for (const auto& field : request.fields) fields = curl_slist_append(fields, field.c_str());
        transfer.fields.reset(fields);
        curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
        curl_easy_setopt(handle, CURLOPT_HTTP09_ALLOWED, 0L);
        curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);  // a redirect would carry the key elsewhere
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 512L * 1024);
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_patience.count()));
        if (!config_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, config_.ca_file.c_str());
        if (config_.accepts_compression) curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
        if (request.on_body) {
            curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
            curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.patience.count() / 1000 + 1));
        } else {
            curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.patience.count()));
        }
        if (request.method == "POST") {
            curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
        }
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer.reason);
    }

    bool finish_some() {
        bool any = false;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            finish(message->easy_handle, message->data.result);
            any = true;
        }
        return any;
    }

    void finish(CURL* handle, CURLcode code) {
        const auto found = transfers_.find(handle);
        auto transfer = std::move(found->second);
        transfers_.erase(found);
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(multi_.get(), handle);
        auto& response = transfer->response;
        if (code == CURLE_OK) {
            response.status = static_cast<unsigned>(status);
        } else {
            response.failure = transfer->was_stopped_by_reader ? "the answer was not what was asked for"
                               : transfer->reason[0] != 0      ? transfer->reason
                                                               : curl_easy_strerror(code);
            response.is_timeout = code == CURLE_OPERATION_TIMEDOUT;
            response.is_untrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
        }
        transfer->done(std::move(response));
        if (idle_.size() < kept_handles) {
            curl_easy_reset(handle);
            idle_.push_back(std::move(transfer->handle));
        }
    }

    void give_up_all() {
        while (!transfers_.empty()) finish(transfers_.begin()->first, CURLE_ABORTED_BY_CALLBACK);
    }

    HttpConfig config_;
    std::unique_ptr<CURLM, MultiCleanup> multi_;
    std::vector<Easy> idle_;
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers_;
};

}  // namespace

Result<std::unique_ptr<HttpClient>> HttpClient::open(HttpConfig config) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    auto client = std::make_unique<CurlClient>(std::move(config));
    if (ready != CURLE_OK || !client->is_usable()) return fail(ErrorCode::io, "libcurl does not start");
    return client;
}

}  // namespace cvstroom::mirror
