#include "tests/mirror/fake_feed.hpp"

#include <simdjson.h>

#include <algorithm>

#include "base/digest.hpp"
#include "mirror/control.hpp"
#include "tests/mirror/mirror_process.hpp"

namespace cvstroom::test {
namespace {

constexpr const char* base = "/services/openservices/v1";

}  // namespace

FakeFeed::FakeFeed() : server_([this](const RawRequest& request) { return answer(request); }) {}

const FakeFeed::Entry* FakeFeed::current(const std::string& id) const {
    const Entry* found = nullptr;
    for (const auto& entry : log_) {
        if (entry.id == id) found = &entry;
    }
    return found;
}

std::uint64_t FakeFeed::version_of(const std::string& id) const {
    const auto* entry = current(id);
    return entry == nullptr ? 0 : entry->version;
}

void FakeFeed::put_locked(int n, const std::string& text) {
    const auto json = small_document(n, text);
    log_.push_back({id_of(json), "OPEN", version_of(id_of(json)) + 1, json});
}

void FakeFeed::put(int n, const std::string& text) {
    const std::lock_guard lock(mutex_);
    put_locked(n, text);
}

void FakeFeed::remove(int n) {
    const std::lock_guard lock(mutex_);
    const auto id = id_of(small_document(n, ""));
    log_.push_back({id, "VERWIJDERD", version_of(id) + 1, ""});
}

void FakeFeed::append(int n, const std::string& status, std::uint64_t version, const std::string& text) {
    const std::lock_guard lock(mutex_);
    log_.push_back({id_of(small_document(n, "")), status, version, status == "OPEN" ? small_document(n, text) : ""});
}

void FakeFeed::restore(std::size_t entries) {
    const std::lock_guard lock(mutex_);
    log_.resize(entries);
    ++epoch_;
}

std::size_t FakeFeed::size() const {
    const std::lock_guard lock(mutex_);
    return log_.size();
}

void FakeFeed::set(const FeedFaults& faults) {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
    lines_sent_ = 0;
}

std::map<std::string, std::string> FakeFeed::published() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> documents;
    for (const auto& entry : log_) {
        if (entry.status == "OPEN") {
            documents[entry.id] = entry.json;
        } else {
            documents.erase(entry.id);
        }
    }
    return documents;
}

std::size_t FakeFeed::lines_sent() const {
    const std::lock_guard lock(mutex_);
    return lines_sent_;
}

std::size_t FakeFeed::documents_asked() const {
    const std::lock_guard lock(mutex_);
    return documents_asked_;
}

void FakeFeed::pin_control(std::size_t entries) {
    const std::lock_guard lock(mutex_);
    control_entries_ = entries;
}

std::vector<std::string> FakeFeed::receipts() const {
    const std::lock_guard lock(mutex_);
    return receipts_;
}

void FakeFeed::change_before_batch(int n, const std::string& text) {
    const std::lock_guard lock(mutex_);
    changing_ = n;
    changing_to_ = text;
}

void FakeFeed::change_during_stream(int n, const std::string& text) {
    const std::lock_guard lock(mutex_);
    superseded_ = n;
    superseded_by_ = text;
}

void FakeFeed::make_unreachable(int n) {
    const std::lock_guard lock(mutex_);
    unreachable_ = n == 0 ? std::string() : id_of(small_document(n, ""));
}

unsigned FakeFeed::streams_sent() const {
    const std::lock_guard lock(mutex_);
    return streams_sent_;
}

RawAnswer FakeFeed::answer(const RawRequest& request) {
    const std::lock_guard lock(mutex_);
    const auto key_field = request.fields.find("x-ibm-client-id");
    if (key_field == request.fields.end() || key_field->second != key)
        return whole_answer(401, R"({"detail":"unknown key"})");
    if (faults_.is_down || (faults_.down_after_lines > 0 && lines_sent_ >= faults_.down_after_lines))
        return whole_answer(500, "down", {}, "text/plain");
    if (request.path == std::string(base) + "/kandidaten/bulk") return bulk(request);
    if (request.path == std::string(base) + "/kandidaten/bulk/controle") return control(request);
    if (request.path == std::string(base) + "/kandidaten/bulk/ontvangst") {
        receipts_.push_back(request.body);
        return faults_.takes_receipts ? whole_answer(204, "") : whole_answer(404, "{}");
    }
    if (request.method == "POST") return batch(request);
    return detail(request.path.substr(request.path.rfind('/') + 1));
}

RawAnswer FakeFeed::bulk(const RawRequest& request) {
    if (request.query.contains("wacht")) return whole_answer(400, R"({"detail":"wacht is unknown here"})");
    Place place{true, log_.size(), 0, 0};
    if (const auto cursor = request.query.find("vervolg"); cursor != request.query.end()) {
        unsigned epoch = 0;
        char kind = 0;
        if (std::sscanf(cursor->second.c_str(), "%c.%u.%zu.%zu.%zu", &kind, &epoch, &place.position, &place.index,
                        &place.until) != 5) {
            return whole_answer(400, R"({"detail":"no cursor"})");
        }
        place.is_listing = kind == 'L';
        if (!place.is_listing && place.until == 0) place.until = log_.size();  // a new window
        if (faults_.gone > 0) --faults_.gone, epoch = 0;
        if (epoch != epoch_)
            return whole_answer(410, R"({"detail":"that history is gone"})", {}, "application/problem+json");
    }
    const auto accept = request.fields.find("accept");
    if (accept != request.fields.end() && accept->second == "application/x-ndjson") {
        return faults_.has_streams ? stream(place) : whole_answer(406, R"({"detail":"no streams here"})");
    }
    return page(place, request.query.contains("aantal") ? std::stoul(request.query.at("aantal")) : faults_.page_size);
}

// Of a listing what is published at its position, else what came after it and before the window's end, which a cursor
// inside of it keeps; each CV once with its last entry.
std::vector<FakeFeed::Entry> FakeFeed::window(const Place& place) const {
    std::map<std::string, std::size_t> last;
    const std::size_t from = place.is_listing ? 0 : place.position;
    const std::size_t until = place.is_listing ? place.position : place.until;
    for (std::size_t i = from; i < until; ++i) last[log_[i].id] = i;
    std::vector<Entry> entries;
    for (std::size_t i = from; i < until; ++i) {
        if (last.at(log_[i].id) == i && (!place.is_listing || log_[i].status == "OPEN")) entries.push_back(log_[i]);
    }
    return entries;
}

std::string FakeFeed::next_cursor(const Place& place, std::size_t entries) const {
    return std::string(place.is_listing ? "L." : "F.") + std::to_string(epoch_) + "." + std::to_string(place.position) +
           "." + std::to_string(place.index + entries) + "." + std::to_string(place.until);
}

std::string FakeFeed::end_cursor(const Place& place) const {
    return "F." + std::to_string(epoch_) + "." + std::to_string(place.is_listing ? place.position : place.until) +
           ".0.0";
}

RawAnswer FakeFeed::stream(const Place& place) {
    const auto entries = window(place);
    const auto goes_on_at = end_cursor(place);
    ++streams_sent_;
    const auto superseded = superseded_ == 0 ? std::string() : id_of(small_document(superseded_, ""));
    if (superseded_ != 0) put_locked(std::exchange(superseded_, 0), superseded_by_);
    if (faults_.restless > 0) put_locked(1, "Onrustig" + std::to_string(--faults_.restless));
    std::string lines;
    std::size_t count = 0;
    for (std::size_t i = place.index; i < entries.size(); ++i) {
        const bool is_cut = faults_.cut_after_lines > 0 && count >= faults_.cut_after_lines;
        const bool is_down = faults_.down_after_lines > 0 && lines_sent_ >= faults_.down_after_lines;
        if (is_cut || is_down) {
            auto cut = whole_answer(200, lines + R"({"cvId":"half)", {}, "application/x-ndjson");
            const auto at = cut.bytes.find("Content-Length: ") + 16;
            cut.bytes.replace(at, cut.bytes.find('\r', at) - at, std::to_string(10'000'000));
            cut.closes = true;
            return cut;
        }
        ++count;
        ++lines_sent_;
        const auto& entry = entries[i];
        lines += R"({"cvId":")" + entry.id + R"(","status":")" + entry.status + R"(","gewijzigdOp":")" + covered() +
                 R"(","versie":)" + std::to_string(entry.version) + R"(,"vervolg":")" + next_cursor(place, count) +
                 "\"";
        if (entry.status == "OPEN" && entry.id != superseded) lines += R"(,"cv":)" + entry.json;
        lines += "}\n";
    }
    auto digest = to_hex(sha256(lines));
    if (faults_.wrong_digests > 0) --faults_.wrong_digests, digest[0] = digest[0] == '0' ? '1' : '0';
    const auto end = R"({"einde":true,"aantal":)" + std::to_string(count) + R"(,"digest":"sha256:)" + digest +
                     R"(","gedektTot":")" + covered() + R"(","gesloten":true,"epoche":"e)" + std::to_string(epoch_) +
                     R"(","vervolg":")" + goes_on_at + "\"}\n";
    return whole_answer(200, lines + end, {}, "application/x-ndjson");
}

RawAnswer FakeFeed::page(const Place& place, std::size_t count) {
    const auto entries = window(place);
    std::string body = R"({"aantal":)" + std::to_string(entries.size()) + R"(,"resultaten":[)";
    std::size_t given = 0;
    for (std::size_t i = place.index; i < entries.size() && given < count; ++i, ++given) {
        if (given > 0) body += ',';
        body += R"({"cvId":")" + entries[i].id + R"(","status":")" + entries[i].status + R"(","gewijzigdOp":")" +
                covered() + R"(","versie":)" + std::to_string(entries[i].version) + "}";
    }
    const bool is_last = place.index + given >= entries.size();
    const auto cursor = faults_.is_stuck ? next_cursor(place, 0)
                        : is_last        ? end_cursor(place)
                                         : next_cursor(place, given);
    return whole_answer(200, body + R"(],"gedektTot":")" + covered() + R"(","epoche":"e)" + std::to_string(epoch_) +
                                 R"(","laatste":)" + (is_last ? "true" : "false") + R"(,"vervolg":")" + cursor + "\"}");
}

// As the wire form says it, with the digests of mirror/control.hpp, which a test of its own holds against worked
// numbers.
RawAnswer FakeFeed::control(const RawRequest& request) const {
    std::vector<mirror::CvVersion> members;
    for (const auto& entry : window({true, std::min(log_.size(), control_entries_), 0}))
        members.push_back({Uuid::parse(entry.id).value(), entry.version});
    std::sort(members.begin(), members.end());
    const auto prefix = request.query.contains("voorvoegsel") ? request.query.at("voorvoegsel") : "";
    const auto bucket = [&](const std::string& of) {
        const auto summary = mirror::summarize(mirror::with_prefix(members, of), of);
        return R"("voorvoegsel":")" + of + R"(","aantal":)" + std::to_string(summary.count) + R"(,"digest":")" +
               summary.digest + "\"";
    };
    std::string body = R"({"op":")" + covered() + R"(","gedektTot":")" + covered() + R"(","epoche":"e)" +
                       std::to_string(epoch_) + "\"," + bucket(prefix);
    const auto inside = mirror::with_prefix(members, prefix);
    body += inside.size() <= 256 ? R"(,"cvs":[)" : R"(,"emmers":[)";
    bool is_first = true;
    const auto add = [&](const std::string& entry) {
        body += (is_first ? "{" : ",{") + entry + "}";
        is_first = false;
    };
    if (inside.size() <= 256) {
        for (const auto& each : inside)
            add(R"("cvId":")" + each.cv.to_string() + R"(","versie":)" + std::to_string(each.version));
    } else {
        for (const char digit : std::string("0123456789abcdef")) add(bucket(prefix + digit));
    }
    return whole_answer(200, body + "]}");
}

RawAnswer FakeFeed::batch(const RawRequest& request) {
    if (!faults_.has_batches) return whole_answer(405, R"({"detail":"no batches here"})");
    if (changing_ != 0) put_locked(std::exchange(changing_, 0), changing_to_);
    simdjson::dom::parser parser;
    std::string body = R"({"resultaten":[)";
    bool is_first = true;
    const simdjson::dom::element whole = parser.parse(request.body);
    for (const auto asked : whole["cvs"].get_array()) {
        ++documents_asked_;
        const std::string id(asked["cvId"].get_string().value());
        if (id == unreachable_) continue;
        const auto* entry = current(id);
        body += (is_first ? "" : ",") + std::string(R"({"cvId":")") + id + R"(","resultaat":)";
        is_first = false;
        if (entry == nullptr) {
            body += R"("ONBEKEND"})";
        } else if (entry->status != "OPEN") {
            body += R"("VERDWENEN","versie":)" + std::to_string(entry->version) + "}";
        } else {
            body += R"("GEVONDEN","versie":)" + std::to_string(entry->version) + R"(,"cv":)" + entry->json + "}";
        }
    }
    return whole_answer(200, body + "]}");
}

RawAnswer FakeFeed::detail(const std::string& id) {
    ++documents_asked_;
    if (id == unreachable_) return whole_answer(500, "sick", {}, "text/plain");
    const auto* entry = current(id);
    if (entry == nullptr) return whole_answer(404, "{}");
    const auto etag = "ETag: \"" + std::to_string(entry->version) + "\"";
    if (entry->status == "OPEN") return whole_answer(200, entry->json, {etag});
    return whole_answer(200, R"({"cvId":")" + id + R"(","status":")" + entry->status + R"("})", {etag});
}

}  // namespace cvstroom::test
