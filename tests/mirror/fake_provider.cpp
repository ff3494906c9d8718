#include "tests/mirror/fake_provider.hpp"

#include <algorithm>

#include "tests/mirror/mirror_process.hpp"

namespace cvstroom::test {
namespace {

constexpr std::string_view base = "/services/openservices/v1";
constexpr auto in_flight = std::chrono::milliseconds{300};

std::uint64_t number(const RawRequest& request, const std::string& name, std::uint64_t otherwise) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? otherwise : std::stoull(found->second);
}

}  // namespace

FakeProvider::FakeProvider(std::chrono::seconds skew, std::uint64_t seed)
    : skew_(skew), random_(seed), server_([this](const RawRequest& request) { return answer(request); }) {}

// Rises with every call, so that no two changes share an instant unless a test wants it.
Instant FakeProvider::now() const {
    return SystemClock().now() + skew_;
}

void FakeProvider::put(int n, const std::string& text) {
    put_late(n, text, std::chrono::seconds{0});
}

void FakeProvider::put_late(int n, const std::string& text, std::chrono::seconds earlier) {
    const auto json = small_document(n, text);
    const std::lock_guard lock(mutex_);
    rows_[id_of(json)] = {"OPEN", json, now() - earlier};
}

void FakeProvider::close(int n, const std::string& status) {
    const auto id = id_of(small_document(n, ""));
    const std::lock_guard lock(mutex_);
    rows_[id] = {status, R"({"cvId":")" + id + R"(","status":")" + status + R"(","wijzigingsDatum":"2026-02-13"})",
                 now()};
}

void FakeProvider::forget(int n) {
    const std::lock_guard lock(mutex_);
    rows_.at(id_of(small_document(n, ""))).is_known = false;
}

void FakeProvider::remove_row(int n) {
    const std::lock_guard lock(mutex_);
    auto& row = rows_.at(id_of(small_document(n, "")));
    row.is_known = false;
    row.is_listed = false;
}

void FakeProvider::let_a_second_pass() {
    const std::lock_guard lock(mutex_);
    skew_ += std::chrono::milliseconds{1100};
}

void FakeProvider::set_faults(const Faults& faults) {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
}

void FakeProvider::break_detail(int n, bool is_broken) {
    const auto id = id_of(small_document(n, ""));
    const std::lock_guard lock(mutex_);
    if (is_broken) {
        broken_.insert(id);
    } else {
        broken_.erase(id);
    }
}

void FakeProvider::list_twice(bool does) {
    const std::lock_guard lock(mutex_);
    lists_twice_ = does;
}

void FakeProvider::cap_rows(std::size_t most, bool counts_all) {
    const std::lock_guard lock(mutex_);
    most_rows_ = most;
    counts_all_ = counts_all;
}

void FakeProvider::between_pages(std::function<void()> hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
}

void FakeProvider::storm(std::chrono::seconds length) {
    const std::lock_guard lock(mutex_);
    storm_begins_ = {};
    storm_ends_ = std::chrono::steady_clock::now() + length;
}

unsigned FakeProvider::impatient_requests() const {
    const std::lock_guard lock(mutex_);
    return impatient_;
}

unsigned FakeProvider::detail_requests() const {
    const std::lock_guard lock(mutex_);
    return details_;
}

std::map<std::string, std::string> FakeProvider::published() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> documents;
    for (const auto& [id, row] : rows_) {
        if (row.is_known && row.status == "OPEN") documents[id] = row.json;
    }
    return documents;
}

std::vector<std::string> FakeProvider::date_field() const {
    return {"Date: " + format_http_date(now())};
}

RawAnswer FakeProvider::answer(const RawRequest& request) {
    std::function<void()> hook;
    {
        const std::lock_guard lock(mutex_);
        const auto key_field = request.fields.find("x-ibm-client-id");
        if (key_field == request.fields.end() || key_field->second != key)
            return whole_answer(401, R"({"httpCode":"401"})");
        const auto moment = std::chrono::steady_clock::now();
        if (moment < storm_ends_) {
            if (storm_begins_ == std::chrono::steady_clock::time_point{}) storm_begins_ = moment;
            if (moment > storm_begins_ + in_flight) ++impatient_;
            const auto left = std::chrono::ceil<std::chrono::seconds>(storm_ends_ - moment).count();
            auto fields = date_field();
            fields.push_back("Retry-After: " + std::to_string(left));
            return whole_answer(429, R"({"title":"Too Many Requests"})", fields);
        }
        if (request.path == std::string(base) + "/kandidaten/bulk" && request.query.contains("vanaf")) hook = hook_;
    }
    if (hook) hook();
    const std::lock_guard lock(mutex_);
    if (request.path == std::string(base) + "/kandidaten/bulk") return faulty(list(request));
    return faulty(detail(request));
}

RawAnswer FakeProvider::list(const RawRequest& request) {
    for (const auto& [name, value] : request.query) {
        if (name != "van" && name != "tot" && name != "vanaf" && name != "aantal") {
            return whole_answer(400, R"({"title":"Bad Request","detail":"unknown parameter )" + name + "\"}",
                                date_field());
        }
    }
    const auto from =
        parse_instant(request.query.contains("van") ? request.query.at("van") : "1970-01-01T00:00:00Z").value();
    const auto until = request.query.contains("tot") ? parse_instant(request.query.at("tot")).value() : now();
    std::vector<std::pair<Instant, std::string>> found;
    for (const auto& [id, row] : rows_) {
        if (!row.is_listed || row.changed < from || row.changed >= until) continue;
        for (int times = lists_twice_ ? 2 : 1; times > 0; --times) found.emplace_back(row.changed, id);
    }
    std::sort(found.begin(), found.end());
    const auto total = counts_all_ ? found.size() : std::min(found.size(), most_rows_);
    found.resize(std::min(found.size(), most_rows_));
    const auto offset = std::min<std::uint64_t>(number(request, "vanaf", 0), found.size());
    const auto count = std::min<std::uint64_t>(number(request, "aantal", 100), found.size() - offset);
    std::string body = R"({"aantal":)" + std::to_string(total) + R"(,"resultaten":[)";
    for (auto i = offset; i < offset + count; ++i) {
        if (i > offset) body += ',';
        body += R"({"cvId":")" + found[i].second + R"(","status":")" + rows_.at(found[i].second).status +
                R"(","onbekend":[1]})";
    }
    return whole_answer(200, body + R"(],"nieuw":{"x":null}})", date_field());
}

RawAnswer FakeProvider::detail(const RawRequest& request) {
    ++details_;
    const auto id = request.path.substr(request.path.rfind('/') + 1);
    const auto row = rows_.find(id);
    if (broken_.contains(id)) return whole_answer(500, "<html>oops</html>", date_field(), "text/html");
    if (row == rows_.end() || !row->second.is_known) return whole_answer(404, R"({"title":"Not Found"})", date_field());
    if (random_() % 1000 < faults_.other_cv) return whole_answer(200, rows_.begin()->second.json, date_field());
    return whole_answer(200, row->second.json, date_field());
}

RawAnswer FakeProvider::faulty(RawAnswer good) {
    const auto dice = random_() % 1000;
    unsigned edge = 0;
    const auto hits = [&](unsigned share) { return dice >= edge && dice < (edge += share); };
    if (hits(faults_.too_much)) return whole_answer(429, "", date_field());
    if (hits(faults_.server_error)) return whole_answer(500, "oops", date_field(), "text/plain");
    const auto body = good.bytes.find("\r\n\r\n") + 4;
    if (hits(faults_.cut_body)) return {good.bytes.substr(0, body + (good.bytes.size() - body) / 2), true};
    const auto length_at = good.bytes.find("Content-Length: ") + 16;
    const auto length_end = good.bytes.find('\r', length_at);
    const auto size = good.bytes.size() - body;
    if (hits(faults_.length_too_long)) {
        good.bytes.replace(length_at, length_end - length_at, std::to_string(size + 10));
        return {good.bytes, true};
    }
    if (hits(faults_.length_too_short)) {
        good.bytes.replace(length_at, length_end - length_at, std::to_string(size - std::min<std::size_t>(size, 7)));
        return {good.bytes, true};
    }
    return good;
}

}  // namespace cvstroom::test
