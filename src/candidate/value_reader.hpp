// Reads the values that every part of a document is made of, and notes what is wrong with them where it stands.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candidate/candidate.hpp"
#include "candidate/code_book.hpp"
#include "candidate/document_path.hpp"
#include "candidate/fault_list.hpp"
#include "candidate/parse.hpp"
#include "candidate/raw_text.hpp"
#include "candidate/text_rules.hpp"

namespace cvstroom::candidate {

inline constexpr std::size_t most_list_entries = 1000;
inline constexpr std::size_t most_name_bytes = 1000;  // of a member: names stand in the pointers of faults

// For one document, read from front to back: each value once, in the order of the text.
// A value that is not as it must be becomes a fault and is returned as absent; reading goes on.
class ValueReader {
  public:
    // Pre: `json` is the valid text that the elements given later were parsed from. Both outlive the reader.
    ValueReader(const CodeBook& codes, const ParseLimits& limits, std::string_view json)
        : codes_(codes), limits_(limits), faults_(limits.faults), raw_(json) {}

    std::optional<std::string> text(simdjson::dom::element value, TextRule rule = any_text_rule);
    std::optional<std::string> code(simdjson::dom::element value, CodeKind kind);
    std::optional<Date> date(simdjson::dom::element value);
    std::optional<std::int64_t> integer(simdjson::dom::element value, std::int64_t least, std::int64_t most);
    std::optional<bool> boolean(simdjson::dom::element value);
    std::optional<Uuid> uuid(simdjson::dom::element value);
    std::optional<Status> status(simdjson::dom::element value);
    // One of `types`, "" when it is not.
    std::string type(simdjson::dom::element value, std::span<const std::string_view> types);
    OptionalList<std::string> codes(simdjson::dom::element value, CodeKind kind);

    // Calls read(name, value) for every member; where `read` stands is its path. False when it is no object.
    template <typename Read>
    bool object(simdjson::dom::element value, const Read& read);
    // Calls read(entry) for every entry and gathers what it returns.
    template <typename Entry, typename Read>
    OptionalList<Entry> list(simdjson::dom::element value, const Read& read);

    // Keeps the member that is being read, byte for byte.
    void keep(simdjson::dom::element value, Extras& extras);

    // A fault at the value that is being read, at a member of it, or one for a member that is not there.
    void fault(std::string message);
    void fault_at(std::string_view member, std::string message);
    void require(simdjson::dom::element object, std::string_view member);

    FaultList& faults() { return faults_; }

  private:
    std::optional<std::string_view> text_view(simdjson::dom::element value);
    void wrong_type(simdjson::dom::element value, std::string_view wanted);
    void unknown_code(std::string_view code, CodeKind kind);
    void check_unknown(simdjson::dom::element value);
    template <typename Read>
    void each_entry(simdjson::dom::array entries, const Read& read);
    static bool is_too_long(std::string_view name) { return name.size() > most_name_bytes; }
    void check_names(simdjson::dom::object object);
    void report_equal_names();
    void check_length(simdjson::dom::array entries);

    const CodeBook& codes_;
    const ParseLimits& limits_;
    FaultList faults_;
    RawText raw_;
    DocumentPath path_;
    std::vector<std::string_view> names_;  // of the object whose names are being checked
};

template <typename Read>
bool ValueReader::object(simdjson::dom::element value, const Read& read) {
    simdjson::dom::object members;
    if (value.get(members) != simdjson::SUCCESS) {
        wrong_type(value, "an object");
        return false;
    }
    check_names(members);
    std::size_t ordinal = 0;
    for (const auto& [name, member] : members) {
        const std::size_t place = ordinal++;
        if (is_too_long(name)) continue;  // check_names() has refused it
        path_.enter_member(name, place);
        read(name, member);
        path_.leave();
    }
    return true;
}

template <typename Entry, typename Read>
OptionalList<Entry> ValueReader::list(simdjson::dom::element value, const Read& read) {
    simdjson::dom::array entries;
    if (value.get(entries) != simdjson::SUCCESS) {
        wrong_type(value, "an array");
        return std::nullopt;
    }
    check_length(entries);
    std::vector<Entry> values;
    values.reserve(std::min(entries.size(), most_list_entries));
    each_entry(entries, [&](simdjson::dom::element entry) { values.push_back(read(entry)); });
    return values;
}

template <typename Read>
void ValueReader::each_entry(simdjson::dom::array entries, const Read& read) {
    std::size_t index = 0;
    for (const simdjson::dom::element entry : entries) {
        path_.enter_entry(index++);
        read(entry);
        path_.leave();
    }
}

}  // namespace cvstroom::candidate
