#include "api/body_members.hpp"

#include <simdjson.h>

#include <algorithm>

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;

std::string pointer_of(std::string_view name) {
    std::string pointer = "/" + std::string(name);
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    return pointer;
}

}  // namespace

BodyMembers::BodyMembers(std::string_view body, std::initializer_list<std::string_view> known) : known_(known) {
    if (!body.empty()) take(body, "");
}

void BodyMembers::add_issue(std::string_view name, std::string_view value, LocalText detail) {
    issues_.push_back({"schemaViolation", "body", pointer_of(name), std::string(value), std::move(detail)});
}

void BodyMembers::take(std::string_view json, std::string_view prefix) {
    dom::parser parser;
    dom::object object;
    if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) {
        return add_issue(prefix, "", {"moet een JSON-object zijn", "doit être un objet JSON", "must be a JSON object"});
    }
    std::vector<std::string_view> seen;
    for (const auto& member : object) {
        const auto name =
            prefix.empty() ? std::string(member.key) : std::string(prefix) + "." + std::string(member.key);
        const bool is_known = std::any_of(known_.begin(), known_.end(), [&](std::string_view each) {
            return each == name || (prefix.empty() && each.starts_with(name + "."));
        });
        if (!is_known) {
            add_issue(name, "", {"onbekend veld", "champ inconnu", "unknown member"});
            continue;
        }
        if (std::find(seen.begin(), seen.end(), member.key) != seen.end()) {
            add_issue(name, "", {"staat er tweemaal", "figure deux fois", "stands twice"});
            continue;
        }
        seen.push_back(member.key);
        std::string_view text;
        std::uint64_t number = 0;
        if (member.value.get(text) == simdjson::SUCCESS) {
            texts_.emplace(name, text);
        } else if (member.value.get(number) == simdjson::SUCCESS) {
            numbers_.emplace(name, number);
        } else if (prefix.empty() && member.value.is_object()) {
            take(simdjson::minify(member.value), name);
        } else {
            add_issue(name, "",
                      {"moet een tekst of een geheel getal zijn", "doit être un texte ou un entier",
                       "must be a text or a whole number"});
        }
    }
}

std::string BodyMembers::text(std::string_view name) {
    const auto found = texts_.find(name);
    if (found != texts_.end()) return found->second;
    if (numbers_.contains(name)) {
        add_issue(name, "", {"moet een tekst zijn", "doit être un texte", "must be a text"});
    } else {
        add_issue(name, "", {"ontbreekt", "manque", "is missing"});
    }
    return {};
}

std::string BodyMembers::text_or(std::string_view name, std::string otherwise) {
    return has(name) ? text(name) : std::move(otherwise);
}

std::optional<std::uint64_t> BodyMembers::number(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    if (texts_.contains(name))
        add_issue(name, "", {"moet een geheel getal zijn", "doit être un entier", "must be a whole number"});
    return std::nullopt;
}

std::uint64_t BodyMembers::number_or(std::string_view name, std::uint64_t otherwise) {
    return number(name).value_or(otherwise);
}

}  // namespace cvstroom::api
