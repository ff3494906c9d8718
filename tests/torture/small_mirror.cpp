#include "tests/torture/small_mirror.hpp"

#include <simdjson.h>

#include <stdexcept>
#include <vector>

#include "base/digest.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {
namespace {

namespace dom = simdjson::dom;
using namespace std::chrono_literals;

constexpr std::string_view bulk = "/services/openservices/v1/kandidaten/bulk";
constexpr auto patience = 5s;

std::string_view text(const dom::element& from, std::string_view member) {
    std::string_view value;
    if (from[member].get(value) != simdjson::SUCCESS) return {};
    return value;
}

bool boolean(const dom::element& from, std::string_view member) {
    bool value = false;
    return from[member].get(value) == simdjson::SUCCESS && value;
}

std::uint64_t number(const dom::element& from, std::string_view member) {
    std::uint64_t value = 0;
    if (from[member].get(value) != simdjson::SUCCESS) throw std::runtime_error("no number " + std::string(member));
    return value;
}

std::string hex_digest(std::string_view bytes) {
    const Sha256 digest = sha256(bytes);
    return to_hex(digest);
}

}  // namespace

bool WindowLedger::record(const std::string& target, const std::string& body) {
    const auto digest = hex_digest(body);
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = pages_.try_emplace(target, digest);
    if (!is_new) ++repeats_;
    return known->second == digest;
}

std::map<std::string, std::string> WindowLedger::pages() const {
    const std::lock_guard lock(mutex_);
    return pages_;
}

SmallMirror::SmallMirror(Method method, std::uint16_t port, std::string key, std::uint64_t seed, WindowLedger& ledger)
    : method_(method), port_(port), key_(std::move(key)), ledger_(ledger), random_(seed), thread_([this] { run(); }) {}

SmallMirror::~SmallMirror() {
    join();
}

void SmallMirror::join() {
    if (thread_.joinable()) thread_.join();
}

void SmallMirror::finish(Instant goal) {
    goal_ = goal.time_since_epoch().count();
}

const char* SmallMirror::name() const {
    return method_ == Method::windows ? "windows" : method_ == Method::cursor ? "cursor" : "stream";
}

void SmallMirror::run() {
    while (fault_.empty()) {
        const Instant goal{std::chrono::microseconds{goal_}};
        if (goal_ != 0 && covered_ && *covered_ >= goal && wanted_.empty()) break;
        try {
            step();
        } catch (const std::exception&) {
            ++counts_.failures;  // the network, or a server that was killed: the same again
            std::this_thread::sleep_for(20ms);
        }
    }
    has_ended_ = true;
}

void SmallMirror::step() {
    switch (method_) {
        case Method::windows:
            step_window();
            return fetch_missing();
        case Method::cursor:
            step_cursor();
            return fetch_missing();
        case Method::stream:
            return step_stream();
    }
}

std::string SmallMirror::get(const std::string& target) {
    TlsClient client(port_, {.patience = patience});
    client.send(request_bytes(key_, {"GET", target, {}, ""}));
    const auto response = client.read_response();
    if (response.status == 429) std::this_thread::sleep_for(500ms);
    if (response.status >= 500 || response.status == 429) throw std::runtime_error("not now");
    if (response.status != 200) fault_ = target + " answered " + std::to_string(response.status) + ": " + response.body;
    ++counts_.answers;
    return response.body;
}

void SmallMirror::note_position(std::string_view page) {
    dom::parser parser;
    const dom::element root = parser.parse(page.data(), page.size());
    const auto until = parse_instant(text(root, "gedektTot"));
    if (!until) throw std::runtime_error("no gedektTot");
    if (covered_ && *until < *covered_) fault_ = "gedektTot went back";
    covered_ = *until;
}

// A whole window, in pages of a random size; what fails begins the window again, with the `tot` that it had.
void SmallMirror::step_window() {
    const auto size = std::to_string(1 + random_() % (random_() % 4 == 0 ? 2000 : 60));
    std::string query = "?aantal=" + size;
    if (!from_.empty()) query += "&van=" + from_;
    std::string first = get(std::string(bulk) + query);
    if (!fault_.empty()) return;
    dom::parser parser;
    dom::element page = parser.parse(first);
    const std::string until(text(page, "tot"));
    const std::uint64_t total = number(page, "aantal");
    std::string body = first;
    std::uint64_t seen = 0;
    std::vector<Entry> entries;
    for (;;) {
        page = parser.parse(body);
        const std::string target = std::string(bulk) + query + "&tot=" + until + "&vanaf=" + std::to_string(seen);
        dom::array results = page["resultaten"];
        if (text(page, "tot") != until || number(page, "aantal") != total) fault_ = "a window changed: " + target;
        for (const dom::element each : results) {
            entries.push_back({*Uuid::parse(text(each, "cvId")), std::string(text(each, "status")),
                               static_cast<store::Version>(number(each, "versie")), std::nullopt});
        }
        // The first page had no `tot`, and so another `vervolg`-free form: only pages that pin their window are kept.
        if (seen > 0 && !ledger_.record(target, body)) fault_ = "a closed window answered differently: " + target;
        seen += results.size();
        if (boolean(page, "laatste")) break;
        body = get(std::string(bulk) + query + "&tot=" + until + "&vanaf=" + std::to_string(seen));
        if (!fault_.empty()) return;
    }
    if (seen != total) fault_ = "a window of " + std::to_string(total) + " gave " + std::to_string(seen);
    // The window is asked for once more, pinned: it is closed.
    const std::string pinned = std::string(bulk) + query + "&tot=" + until + "&vanaf=0";
    if (!ledger_.record(pinned, get(pinned))) fault_ = "a closed window answered differently: " + pinned;
    if (!fault_.empty()) return;
    for (const auto& entry : entries) apply(entry);
    from_ = until;
    note_position(first);
    if (total == 0) std::this_thread::sleep_for(30ms);
}

void SmallMirror::step_cursor() {
    const auto size = std::to_string(1 + random_() % 200);
    std::string target = std::string(bulk) + "?aantal=" + size;
    if (!cursor_.empty()) target += "&vervolg=" + cursor_ + (random_() % 2 == 0 ? "&wacht=1" : "");
    const std::string body = get(target);
    if (!fault_.empty()) return;
    dom::parser parser;
    const dom::element page = parser.parse(body);
    dom::array results = page["resultaten"];
    for (const dom::element each : results) {
        apply({*Uuid::parse(text(each, "cvId")), std::string(text(each, "status")),
               static_cast<store::Version>(number(each, "versie")), std::nullopt});
    }
    cursor_ = text(page, "vervolg");
    if (boolean(page, "laatste")) note_position(body);
    if (results.size() == 0) std::this_thread::sleep_for(20ms);
}

// HTTP/1.0, so that the body is what comes until the end, whole or cut; the closing line tells which.
void SmallMirror::step_stream() {
    // Now and then a new copy: a first load is long enough to be cut in its middle.
    if (goal_ == 0 && random_() % 20 == 0) {
        copies_.clear();
        cursor_.clear();
        covered_.reset();
    }
    std::string target = std::string(bulk) + "?velden=*";
    if (!cursor_.empty()) target += "&vervolg=" + cursor_;
    TlsClient client(port_, {.patience = patience});
    client.send("GET " + target + " HTTP/1.0\r\nHost: localhost\r\nX-IBM-Client-Id: " + key_ +
                "\r\nAccept: application/x-ndjson\r\n\r\n");
    const std::string all = client.read_until_close();
    const auto head = all.find("\r\n\r\n");
    if (head == std::string::npos || all.find(" 429 ") < 20 || all.find(" 50") < 14)
        throw std::runtime_error("not now");
    if (!all.starts_with("HTTP/1.1 200") && !all.starts_with("HTTP/1.0 200")) {
        fault_ = target + ": " + all.substr(0, 300);
        return;
    }
    ++counts_.answers;
    const std::string body = all.substr(head + 4);
    dom::parser parser;
    std::uint64_t lines = 0;
    bool is_complete = false;
    std::size_t begin = 0;
    for (auto end = body.find('\n'); end != std::string::npos; end = body.find('\n', begin)) {
        const dom::element line = parser.parse(body.data() + begin, end - begin);
        if (boolean(line, "einde")) {
            is_complete = true;
            if (number(line, "aantal") != lines) fault_ = "a stream miscounts its lines";
            if (text(line, "digest") != "sha256:" + hex_digest(body.substr(0, begin))) fault_ = "a stream's digest";
            note_position(std::string_view(body).substr(begin, end - begin));
        } else {
            ++lines;
            Entry entry{*Uuid::parse(text(line, "cvId")), std::string(text(line, "status")),
                        static_cast<store::Version>(number(line, "versie")), std::nullopt};
            dom::element document;
            if (line["cv"].get(document) == simdjson::SUCCESS) entry.document = simdjson::minify(document);
            apply(entry);
        }
        cursor_ = text(line, "vervolg");
        begin = end + 1;
    }
    if (!is_complete) {
        ++counts_.failures;
        if (lines > 0) ++counts_.resumes;
    } else if (lines == 0) {
        std::this_thread::sleep_for(30ms);
    }
}

void SmallMirror::apply(const Entry& entry) {
    ++counts_.entries;
    const auto held = copies_.find(entry.cv);
    if (held != copies_.end() && held->second.version > entry.version) return;  // fetched meanwhile
    if (entry.status != "OPEN") {
        copies_.erase(entry.cv);
        wanted_.erase(entry.cv);
    } else if (entry.document) {
        copies_[entry.cv] = {entry.version, *entry.document};
    } else if (method_ != Method::stream && (held == copies_.end() || held->second.version < entry.version)) {
        wanted_[entry.cv] = entry.version;
    }
}

// Many at once, as POST /kandidaten gives them. What is newer than announced is newer: its own entry comes later.
void SmallMirror::fetch_missing() {
    while (!wanted_.empty() && fault_.empty()) {
        std::string body = R"({"cvIds":[)";
        std::size_t count = 0;
        for (const auto& [cv, version] : wanted_) {
            if (++count > 300) break;
            body += (count > 1 ? ",\"" : "\"") + cv.to_string() + '"';
        }
        body += "]}";
        TlsClient client(port_, {.patience = patience});
        client.send(request_bytes(
            key_, {"POST", "/services/openservices/v1/kandidaten", {"Content-Type: application/json"}, body}));
        const auto response = client.read_response();
        if (response.status != 200) throw std::runtime_error("not now");
        ++counts_.answers;
        dom::parser parser;
        const dom::element answer = parser.parse(response.body);
        dom::array results = answer["resultaten"];
        for (const dom::element each : results) {
            const auto cv = *Uuid::parse(text(each, "cvId"));
            const auto outcome = text(each, "resultaat");
            dom::element document;
            if (outcome == "GEVONDEN" && each["cv"].get(document) == simdjson::SUCCESS) {
                const auto version = static_cast<store::Version>(number(each, "versie"));
                // The index follows the log within a second: an older answer is not the one that was announced.
                if (version < wanted_[cv]) continue;
                copies_[cv] = {version, std::string(simdjson::minify(document))};
            } else if (static_cast<store::Version>(number(each, "versie")) < wanted_[cv]) {
                continue;
            } else {
                copies_.erase(cv);
            }
            wanted_.erase(cv);
        }
        if (!wanted_.empty()) std::this_thread::sleep_for(20ms);
    }
}

}  // namespace cvstroom::test
