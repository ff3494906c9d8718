// What bench/mirror holds the mirror against, and what it measures beside it.
//   mirror_bench one-by-one URL KEYFILE CAFILE IDS COUNT PER_TRANSACTION SQLITE   a straightforward client, on a sample
//   mirror_bench lag URL KEYFILE CAFILE IDS COUNT SQLITE                          from an acknowledged write to the
//   copy's commit
// IDS: an NDJSON file of documents. `lag` talks to the provider's door, at URL.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "mirror/cv_api.hpp"
#include "mirror/sink.hpp"

namespace {

using namespace cvstroom;
using Clock = std::chrono::steady_clock;

std::vector<std::string> read_lines(const std::string& file, std::size_t count) {
    std::ifstream input(file);
    std::vector<std::string> lines;
    for (std::string line; lines.size() < count && std::getline(input, line);) lines.push_back(line);
    return lines;
}

struct Session {
    std::unique_ptr<mirror::HttpClient> http;
    std::string url;
    std::string key_field;

    Session(char** arguments) : url(arguments[0]) {
        mirror::HttpConfig config;
        config.ca_file = arguments[2];
        config.accepts_compression = false;
        http = mirror::HttpClient::open(config).value();
        key_field = "X-IBM-Client-Id: " + read_lines(arguments[1], 1).at(0);
    }
    mirror::HttpResponse ask(const std::string& method, const std::string& path, const std::string& body = "") const {
        mirror::HttpRequest request;
        request.method = method;
        request.url = url + path;
        request.fields = {key_field, "Content-Type: application/json"};
        request.body = body;
        return http->perform(std::move(request));
    }
};

// One CV after the other on one kept connection: asked, read, stored with all its rows; a transaction each, or every so
// many.
int one_by_one(char** arguments) {
    const Session session(arguments);
    const auto lines = read_lines(arguments[3], std::strtoul(arguments[4], nullptr, 10));
    const auto per_transaction = std::strtoul(arguments[5], nullptr, 10);
    auto sink = mirror::open_sink(std::string("sqlite:") + arguments[6], mirror::Access::read_write).value();
    mirror::DocumentFlattener flattener;
    mirror::Batch batch;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto id = lines[i].substr(9, 36);
        auto response = session.ask("GET", "/services/openservices/v1/kandidaten/" + id);
        if (response.status != 200) return fmt::print(stderr, "{}: {}\n", id, response.status), 1;
        auto read = flattener.read(response.body).value();
        batch.puts.push_back({read.cv, 1, "", std::move(response.body), std::move(read.flat), std::nullopt});
        if (batch.puts.size() < per_transaction && i + 1 < lines.size()) continue;
        if (!sink->apply(batch)) return 1;
        batch.puts.clear();
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fmt::print("{:.1f}\n", static_cast<double>(lines.size()) / seconds);
    return 0;
}

int lag(char** arguments) {
    const Session session(arguments);
    const auto lines = read_lines(arguments[3], std::strtoul(arguments[4], nullptr, 10));
    sqlite3* copy = nullptr;
    sqlite3_stmt* version_of = nullptr;
    if (sqlite3_open_v2(arguments[5], &copy, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(copy, "SELECT version FROM cv WHERE cv_id = ?", -1, &version_of, nullptr) != SQLITE_OK) {
        return fmt::print(stderr, "{}\n", sqlite3_errmsg(copy)), 1;
    }
    const auto held = [&](const std::string& id) {
        sqlite3_bind_text(version_of, 1, id.c_str(), -1, SQLITE_STATIC);
        const auto version = sqlite3_step(version_of) == SQLITE_ROW ? sqlite3_column_int64(version_of, 0) : 0;
        sqlite3_reset(version_of);
        return version;
    };
    std::vector<double> lags;
    for (auto line : lines) {
        const auto id = line.substr(9, 36);
        const auto before = held(id);
        line.insert(line.size() - 1, ",\"meting\":" + std::to_string(getpid()));
        // PUT is not among what a mirror sends; a POST of one line is the provider's load.
        const auto response = session.ask("POST", "/beheer/v1/kandidaten", line + "\n");
        const auto acknowledged = Clock::now();
        if (response.status != 200) return fmt::print(stderr, "{}: {} {}\n", id, response.status, response.body), 1;
        while (held(id) == before) {
            if (Clock::now() - acknowledged > std::chrono::seconds{20})
                return fmt::print(stderr, "{} never came\n", id), 1;
            std::this_thread::sleep_for(std::chrono::microseconds{500});
        }
        lags.push_back(std::chrono::duration<double, std::milli>(Clock::now() - acknowledged).count());
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + std::rand() % 100});
    }
    std::sort(lags.begin(), lags.end());
    fmt::print("median {:.1f} ms, 95% {:.1f} ms, most {:.1f} ms, of {} writes\n", lags[lags.size() / 2],
               lags[lags.size() * 95 / 100], lags.back(), lags.size());
    sqlite3_finalize(version_of);
    sqlite3_close(copy);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "one-by-one" && argc == 9) return one_by_one(argv + 2);
    if (mode == "lag" && argc == 8) return lag(argv + 2);
    fmt::print(stderr, "see the first lines of bench/mirror_bench.cpp\n");
    return 2;
}
