#include "api/held_list.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_issues = 20;

class Reader {
  public:
    explicit Reader(std::vector<http::Issue>& issues) : issues_(issues) {}

    HeldList list;

    void read_document(std::string_view body) {
        dom::object object;
        const auto error = parser_.parse(body.data(), body.size()).get(object);
        if (error != simdjson::SUCCESS) return add_unreadable("", error);
        bool has_list = false;
        for (const auto& member : object) {
            if (member.key == "cvs") {
                has_list = true;
                read_list(member.value);
            } else if (member.key == "vervolg") {
                read_text(member.value, "/vervolg", list.cursor);
            } else if (member.key == "tot") {
                read_text(member.value, "/tot", list.until);
            } else {
                add("/" + std::string(member.key), {"onbekend veld", "champ inconnu", "unknown member"});
            }
        }
        if (!has_list) add("/cvs", {"ontbreekt", "manque", "is missing"});
    }

    void read_lines(std::string_view body) {
        std::size_t number = 0;
        while (!body.empty() && issues_.size() < most_issues) {
            const auto end = std::min(body.find('\n'), body.size());
            const auto line = trim(body.substr(0, end));
            body.remove_prefix(std::min(end + 1, body.size()));
            ++number;
            if (line.empty() || line == "\r") continue;
            dom::element value;
            const auto error = parser_.parse(line.data(), line.size()).get(value);
            const auto here = fmt::format("/{}", number);  // the line's number
            if (error != simdjson::SUCCESS) {
                add_unreadable(here, error);
            } else {
                read_one(value, here);
            }
        }
    }

  private:
    void add(std::string pointer, LocalText detail) {
        if (issues_.size() < most_issues) {
            issues_.push_back({"schemaViolation", "body", std::move(pointer), "", std::move(detail)});
        }
    }
    void add_unreadable(std::string pointer, simdjson::error_code error) {
        const std::string_view reason = simdjson::error_message(error);
        add(std::move(pointer), local_text("geen JSON: {}", "pas de JSON: {}", "no JSON: {}", reason));
    }

    void read_text(const dom::element& value, const std::string& here, std::optional<std::string>& into) {
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS) {
            into = std::string(text);
        } else {
            add(here, {"moet een tekst zijn", "doit être un texte", "must be a string"});
        }
    }

    void read_list(const dom::element& value) {
        dom::array array;
        if (value.get(array) != simdjson::SUCCESS) {
            return add("/cvs", {"moet een lijst zijn", "doit être une liste", "must be a list"});
        }
        std::size_t position = 0;
        for (const dom::element entry : array) read_one(entry, fmt::format("/cvs/{}", position++));
    }

    void read_one(const dom::element& value, const std::string& here) {
        std::string_view id;
        std::uint64_t version = 0;
        const bool has_id = value["cvId"].get(id) == simdjson::SUCCESS;
        const auto cv = has_id ? Uuid::parse(id) : std::nullopt;
        if (!cv) return add(here + "/cvId", {"moet een UUID zijn", "doit être un UUID", "must be a UUID"});
        if (value["versie"].get(version) != simdjson::SUCCESS || version > std::numeric_limits<store::Version>::max()) {
            return add(here + "/versie",
                       {"moet een versienummer zijn", "doit être un numéro de version", "must be a version number"});
        }
        list.candidates.push_back({*cv, static_cast<store::Version>(version)});
    }

    std::vector<http::Issue>& issues_;
    dom::parser parser_;
};

}  // namespace

HeldList read_held(std::string_view body, bool is_lines, std::vector<http::Issue>& issues) {
    Reader reader(issues);
    if (is_lines) {
        reader.read_lines(body);
    } else {
        reader.read_document(body);
    }
    return std::move(reader.list);
}

}  // namespace cvstroom::api
