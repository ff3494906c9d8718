#include "candidate/value_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_echoed_bytes = 16;   // a code of any list is shorter
constexpr std::size_t most_nearest_bytes = 40;  // a longer text resembles no code
constexpr std::size_t few_names = 16;           // compared pair by pair; more of them are sorted

std::string_view type_name(dom::element value) {
    switch (value.type()) {
        case dom::element_type::ARRAY:
            return "an array";
        case dom::element_type::OBJECT:
            return "an object";
        case dom::element_type::STRING:
            return "a string";
        case dom::element_type::BOOL:
            return "a boolean";
        case dom::element_type::NULL_VALUE:
            return "null: leave out a member that has no value";
        case dom::element_type::INT64:
        case dom::element_type::UINT64:
        case dom::element_type::DOUBLE:
            return "a number";
    }
    return "something else";
}

std::string_view kind_name(CodeKind kind) {
    switch (kind) {
        case CodeKind::diploma:
            return "diploma";
        case CodeKind::region:
            return "region";
        case CodeKind::profession:
            return "profession";
        case CodeKind::competence:
            return "competence";
        case CodeKind::competence_score:
            return "competence score";
        case CodeKind::soft_skill:
            return "soft skill";
        case CodeKind::language:
            return "language";
        case CodeKind::language_level:
            return "language level";
        case CodeKind::driving_licence:
            return "driving licence";
        case CodeKind::certificate:
            return "certificate";
        case CodeKind::work_regime:
            return "work regime";
        case CodeKind::work_system:
            return "work system";
        case CodeKind::experience_level:
            return "experience level";
    }
    return "reference";
}

// Somebody may have put a name or a phone number where a code belongs: only what looks like a code is repeated.
bool may_be_echoed(std::string_view code) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (code.empty() || code.size() > most_echoed_bytes || code.find_first_not_of(allowed) != code.npos) return false;
    constexpr std::size_t most_digits = 8;
    return code.find_first_of(letters) != code.npos || code.size() <= most_digits;
}

bool has_equal_pair(const std::vector<std::string_view>& names) {
    for (std::size_t i = 1; i < names.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (names[i] == names[j]) return true;
        }
    }
    return false;
}

}  // namespace

std::optional<std::string_view> ValueReader::text_view(dom::element value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) return text;
    wrong_type(value, "a string");
    return std::nullopt;
}

std::optional<std::string> ValueReader::text(dom::element value, TextRule rule) {
    const auto text = text_view(value);
    if (!text) return std::nullopt;
    const auto right = rule(*text);
    if (right.empty()) return std::string(*text);
    fault(fmt::format("must be {}", right));
    return std::nullopt;
}

std::optional<std::string> ValueReader::code(dom::element value, CodeKind kind) {
    const auto code = text_view(value);
    if (!code) return std::nullopt;
    if (codes_.knows(kind, *code)) return std::string(*code);
    unknown_code(*code, kind);
    return std::nullopt;
}

std::optional<Date> ValueReader::date(dom::element value) {
    const auto text = text_view(value);
    if (!text) return std::nullopt;
    if (const auto date = parse_date(*text)) return *date;
    fault("must be a date that exists, written as 2022-07-27");
    return std::nullopt;
}

std::optional<std::int64_t> ValueReader::integer(dom::element value, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    if (value.is_int64() && value.get(number) == simdjson::SUCCESS && number >= least && number <= most) return number;
    const auto range = fmt::format("an integer from {} to {}", least, most);
    if (value.is_number()) {
        fault(fmt::format("must be {}, without fraction or exponent", range));
    } else {
        wrong_type(value, range);
    }
    return std::nullopt;
}

std::optional<bool> ValueReader::boolean(dom::element value) {
    bool is_true = false;
    if (value.get(is_true) == simdjson::SUCCESS) return is_true;
    wrong_type(value, "true or false");
    return std::nullopt;
}

std::optional<Uuid> ValueReader::uuid(dom::element value) {
    const auto text = text_view(value);
    if (!text) return std::nullopt;
    if (const auto id = Uuid::parse(*text)) return id;
    fault("must be a UUID such as cb60cf85-1380-4a5a-adae-0b7bc6160661");
    return std::nullopt;
}

std::optional<Status> ValueReader::status(dom::element value) {
    const auto text = text_view(value);
    if (!text) return std::nullopt;
    if (const auto status = status_from_wire(*text)) return status;
    fault("must be OPEN, GESLOTEN or VERWIJDERD");
    return std::nullopt;
}

std::string ValueReader::type(dom::element value, std::span<const std::string_view> types) {
    const auto text = text_view(value);
    if (!text) return {};
    if (std::find(types.begin(), types.end(), *text) != types.end()) return std::string(*text);
    fault(fmt::format("must be one of {}", fmt::join(types, ", ")));
    return {};
}

OptionalList<std::string> ValueReader::codes(dom::element value, CodeKind kind) {
    return list<std::string>(value, [&](dom::element entry) { return code(entry, kind).value_or(std::string()); });
}

void ValueReader::keep(dom::element value, Extras& extras) {
    const auto name = path_.last().name;
    check_unknown(value);
    if (faults_.empty()) extras.push_back({std::string(name), std::string(raw_.find(path_.steps()))});
}

void ValueReader::fault(std::string message) {
    if (faults_.is_full()) return faults_.count_one_more();
    faults_.add(path_.pointer(), std::move(message));
}

void ValueReader::fault_at(std::string_view member, std::string message) {
    if (faults_.is_full()) return faults_.count_one_more();
    faults_.add(path_.pointer_to_member(member), std::move(message));
}

void ValueReader::require(dom::element object, std::string_view member) {
    if (object.at_key(member).error() == simdjson::NO_SUCH_FIELD) fault_at(member, "is required and not there");
}

void ValueReader::wrong_type(dom::element value, std::string_view wanted) {
    fault(fmt::format("must be {}, and is {}", wanted, type_name(value)));
    check_unknown(value);
}

void ValueReader::unknown_code(std::string_view code, CodeKind kind) {
    if (faults_.is_full()) return faults_.count_one_more();
    std::string message = may_be_echoed(code) ? fmt::format("'{}' is no known {} code", code, kind_name(kind))
                                              : fmt::format("must be a known {} code", kind_name(kind));
    const auto nearest = code.size() <= most_nearest_bytes ? codes_.nearest(kind, code) : std::string();
    message += nearest.empty() ? "; take one from the reference data" : fmt::format("; did you mean {}?", nearest);
    fault(std::move(message));
}

// What nothing is known of must still be a document that every reader understands the same way.
void ValueReader::check_unknown(dom::element value) {
    const bool is_object = value.is_object();
    if (!is_object && !value.is_array()) return;
    // The parser lets an empty container through one level deeper than others.
    if (path_.steps().size() >= limits_.depth) {
        return fault(fmt::format("is deeper than {} objects and arrays within each other", limits_.depth));
    }
    if (is_object) {
        object(value, [this](std::string_view, dom::element member) { check_unknown(member); });
    } else {
        each_entry(value.get_array(), [this](dom::element entry) { check_unknown(entry); });
    }
}

void ValueReader::check_names(dom::object object) {
    names_.clear();
    bool has_long_name = false;
    for (const auto& member : object) {
        names_.push_back(member.key);
        has_long_name |= is_too_long(member.key);
    }
    if (has_long_name) fault(fmt::format("has a member with a name of more than {} bytes", most_name_bytes));
    if (names_.size() > few_names || has_equal_pair(names_)) report_equal_names();
}

void ValueReader::report_equal_names() {
    std::sort(names_.begin(), names_.end());
    for (auto name = std::adjacent_find(names_.begin(), names_.end()); name != names_.end();
         name = std::adjacent_find(name, names_.end())) {
        if (!is_too_long(*name)) fault_at(*name, "stands more than once in its object; leave one");
        name = std::upper_bound(name, names_.end(), *name);
    }
}

void ValueReader::check_length(dom::array entries) {
    if (entries.size() <= most_list_entries) return;
    fault(fmt::format("has {} entries; at most {} are allowed", entries.size(), most_list_entries));
}

}  // namespace cvstroom::candidate
