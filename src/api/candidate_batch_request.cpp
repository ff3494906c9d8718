#include "api/candidate_batch_request.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <limits>
#include <set>
#include <string>
#include <utility>

namespace cvstroom::api {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_cvs = 500;

class BodyReader {
  public:
    explicit BodyReader(std::vector<http::Issue>& found) : issues(found) {}

    std::vector<AskedCandidate> asked;
    std::vector<http::Issue>& issues;

    void read(std::string_view body) {
        dom::parser parser;
        dom::object object;
        const auto error = parser.parse(body.data(), body.size()).get(object);
        if (error != simdjson::SUCCESS) {
            const std::string_view reason = simdjson::error_message(error);
            add("", "", local_text("geen JSON-object: {}", "pas un objet JSON: {}", "no JSON object: {}", reason));
            return;
        }
        read_members(object);
    }

  private:
    void add(std::string pointer, std::string_view value, LocalText detail, std::string_view type = "schemaViolation") {
        issues.push_back({type, "body", std::move(pointer), std::string(value), std::move(detail)});
    }

    void read_members(const dom::object& object) {
        std::size_t lists = 0;
        for (const auto& member : object) {
            const auto pointer = "/" + std::string(member.key);
            if (member.key == "cvIds" || member.key == "cvs") {
                ++lists;
                read_list(member.value, pointer, member.key == "cvs");
            } else {
                add(pointer, "", unknown_member(), "unknownInput");
            }
        }
        if (lists != 1) {
            add("", "",
                {"geef precies één lijst: cvIds of cvs", "donnez exactement une liste: cvIds ou cvs",
                 "give exactly one list: cvIds or cvs"});
        }
    }

    void read_list(const dom::element& value, const std::string& pointer, bool has_versions) {
        dom::array list;
        if (value.get(list) != simdjson::SUCCESS) {
            add(pointer, "", {"moet een lijst zijn", "doit être une liste", "must be a list"});
            return;
        }
        if (list.size() == 0 || list.size() > most_cvs) {
            add(pointer, "", local_text("geef 1 tot {} cv's", "donnez de 1 à {} CV", "give 1 to {} CVs", most_cvs));
            return;
        }
        std::size_t position = 0;
        for (const dom::element entry : list) {
            const auto here = fmt::format("{}/{}", pointer, position++);
            if (has_versions) {
                read_version(entry, here);
            } else if (const auto id = read_id(entry, here)) {
                asked.push_back({*id, std::nullopt});
            }
        }
    }

    std::optional<Uuid> read_id(const dom::element& value, const std::string& pointer) {
        std::string_view text;
        if (value.get(text) != simdjson::SUCCESS) {
            add(pointer, "", {"moet een tekst zijn", "doit être un texte", "must be a string"});
            return std::nullopt;
        }
        const auto id = Uuid::parse(text);
        if (!id) add(pointer, text, {"geen UUID", "pas un UUID", "not a UUID"});
        return id;
    }

    void read_version(const dom::element& value, const std::string& pointer) {
        dom::object object;
        if (value.get(object) != simdjson::SUCCESS) {
            add(pointer, "", {"moet een object zijn", "doit être un objet", "must be an object"});
            return;
        }
        std::optional<Uuid> id;
        std::optional<store::Version> version;
        std::set<std::string_view> seen;
        for (const auto& member : object) {
            const auto here = pointer + "/" + std::string(member.key);
            if (!seen.insert(member.key).second) {
                add(here, "", {"staat er twee keer", "figure deux fois", "stands twice"});
            } else if (member.key == "cvId") {
                id = read_id(member.value, here);
            } else if (member.key == "versie") {
                version = read_number(member.value, here);
            } else {
                add(here, "", unknown_member(), "unknownInput");
            }
        }
        if (!seen.contains("cvId")) add(pointer + "/cvId", "", missing());
        if (!seen.contains("versie")) add(pointer + "/versie", "", missing());
        if (id && version) asked.push_back({*id, version});
    }

    std::optional<store::Version> read_number(const dom::element& value, const std::string& pointer) {
        std::uint64_t number = 0;
        if (value.get(number) == simdjson::SUCCESS && number <= std::numeric_limits<store::Version>::max()) {
            return static_cast<store::Version>(number);
        }
        add(pointer, "", {"moet een versienummer zijn", "doit être un numéro de version", "must be a version number"});
        return std::nullopt;
    }

    static LocalText unknown_member() { return {"onbekend veld", "champ inconnu", "unknown member"}; }
    static LocalText missing() { return {"ontbreekt", "manque", "is missing"}; }
};

}  // namespace

std::vector<AskedCandidate> read_batch_request(std::string_view body, std::vector<http::Issue>& issues) {
    BodyReader reader(issues);
    reader.read(body);
    return std::move(reader.asked);
}

}  // namespace cvstroom::api
