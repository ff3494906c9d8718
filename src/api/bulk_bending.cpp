#include "api/bulk_bending.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/json_writer.hpp"

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;

bool is_instant(std::string_view name) {
    constexpr std::array<std::string_view, 5> names = {"gewijzigdOp", "van", "tot", "gedektTot", "oudsteBeschikbaar"};
    return std::ranges::find(names, name) != names.end();
}

std::string_view text_of(const dom::object& object, std::string_view name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) return {};
    return text;
}

std::optional<Instant> instant_of(const dom::object& object, std::string_view name) {
    const auto instant = parse_instant(text_of(object, name));
    if (!instant) return std::nullopt;
    return *instant;
}

std::optional<BulkEntry> read_entry(const dom::object& object) {
    const auto cv = Uuid::parse(text_of(object, "cvId"));
    std::uint64_t version = 0;
    if (!cv || object["versie"].get(version) != simdjson::SUCCESS) return std::nullopt;
    dom::element document;
    return BulkEntry{*cv, static_cast<store::Version>(version), object["cv"].get(document) == simdjson::SUCCESS};
}

// Members that bending does not concern are copied.
void write_member(JsonWriter& json, const dom::key_value_pair& member, const Bending& bending) {
    std::string_view text;
    json.key(member.key);
    const bool is_text = member.value.get(text) == simdjson::SUCCESS;
    if (is_text && bending.clock_goes_back_at && is_instant(member.key)) {
        if (const auto instant = parse_instant(text)) {
            json.string(belgian_instant(*instant, *bending.clock_goes_back_at));
            return;
        }
    }
    json.raw(std::string(simdjson::minify(member.value)));
}

std::string bend_object(const dom::object& object, const Bending& bending) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    for (const auto& member : object) write_member(json, member, bending);
    json.end_object();
    return out;
}

bool is_withheld(const dom::object& object, const Bending& bending) {
    if (!bending.withholds) return false;
    const auto entry = read_entry(object);
    const auto changed = instant_of(object, "gewijzigdOp");
    return entry && changed && bending.withholds(*entry, *changed, std::string(simdjson::minify(object)));
}

// Returns by how much the number of entries grew.
std::int64_t bend_entries(JsonWriter& json, const dom::array& entries, const Bending& bending) {
    std::int64_t growth = 0;
    json.begin_array();
    for (const auto& added : bending.added) {
        json.raw(bend_line(added, Bending{{}, {}, bending.clock_goes_back_at}));
        ++growth;
    }
    for (const dom::element entry : entries) {
        dom::object object;
        if (entry.get(object) != simdjson::SUCCESS) continue;
        if (is_withheld(object, bending)) {
            --growth;
        } else {
            json.raw(bend_object(object, bending));
        }
    }
    json.end_array();
    return growth;
}

}  // namespace

std::string belgian_instant(Instant instant, Instant clock_goes_back_at) {
    const bool is_summer = instant < clock_goes_back_at;
    std::string text = format_instant(instant + std::chrono::hours(is_summer ? 2 : 1));
    text.pop_back();  // the Z
    return text + (is_summer ? "+02:00" : "+01:00");
}

BulkTold read_bulk(std::string_view body) {
    dom::parser parser;
    dom::object object;
    BulkTold told;
    if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS) return told;
    told.cursor = text_of(object, "vervolg");
    told.until = instant_of(object, "tot");
    bool is_last = false;
    told.is_last = (object["laatste"].get(is_last) == simdjson::SUCCESS && is_last) ||
                   (object["einde"].get(is_last) == simdjson::SUCCESS && is_last);
    dom::array entries;
    if (object["resultaten"].get(entries) == simdjson::SUCCESS) {
        for (const dom::element element : entries) {
            dom::object each;
            if (element.get(each) != simdjson::SUCCESS) continue;
            if (const auto entry = read_entry(each)) told.entries.push_back(*entry);
        }
    } else if (const auto entry = read_entry(object)) {
        told.entries.push_back(*entry);
    }
    return told;
}

std::string bend_page(std::string_view body, const Bending& bending) {
    dom::parser parser;
    dom::object object;
    dom::array entries;
    if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS) return std::string(body);
    if (object["resultaten"].get(entries) != simdjson::SUCCESS) return std::string(body);
    std::string list;
    JsonWriter list_json(list);
    const std::int64_t growth = bend_entries(list_json, entries, bending);
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    for (const auto& member : object) {
        std::int64_t count = 0;
        if (member.key == "resultaten") {
            json.key(member.key).raw(list);
        } else if (member.key == "aantal" && member.value.get(count) == simdjson::SUCCESS) {
            json.member("aantal", std::max<std::int64_t>(0, count + growth));
        } else {
            write_member(json, member, bending);
        }
    }
    json.end_object();
    return out;
}

std::string moved_entry(std::string_view entry, const std::optional<std::string>& cursor) {
    dom::parser parser;
    dom::object object;
    if (parser.parse(entry.data(), entry.size()).get(object) != simdjson::SUCCESS) return std::string(entry);
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    for (const auto& member : object) {
        if (member.key == "vervolg" || member.key == "cv") continue;
        json.key(member.key).raw(std::string(simdjson::minify(member.value)));
    }
    if (cursor) json.member("vervolg", *cursor);
    dom::element document;
    if (cursor && object["cv"].get(document) == simdjson::SUCCESS) {
        json.key("cv").raw(std::string(simdjson::minify(document)));
    }
    json.end_object();
    return out;
}

std::string bend_line(std::string_view line, const Bending& bending) {
    dom::parser parser;
    dom::object object;
    if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return std::string(line);
    if (is_withheld(object, bending)) return {};
    // Untouched bytes where nothing is to be changed: a document stays as it was sent.
    if (!bending.clock_goes_back_at) return std::string(line);
    return bend_object(object, bending);
}

}  // namespace cvstroom::api
