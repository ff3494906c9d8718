#include "api/receipt_body.hpp"

#include <simdjson.h>

#include <utility>

namespace cvstroom::api {

namespace dom = simdjson::dom;

ReceiptBody::ReceiptBody(std::string_view body) {
    dom::parser parser;
    dom::object object;
    if (const auto error = parser.parse(body.data(), body.size()).get(object); error != simdjson::SUCCESS) {
        const std::string_view reason = simdjson::error_message(error);
        add("", local_text("geen JSON-object: {}", "pas un objet JSON: {}", "no JSON object: {}", reason));
        return;
    }
    std::size_t count = 0;
    for (const auto& member : object) {
        std::string_view text;
        if (member.key != "vervolg") {
            add("/" + std::string(member.key), {"onbekend veld", "champ inconnu", "unknown member"}, "unknownInput");
        } else if (++count > 1) {
            add("/vervolg", {"staat er twee keer", "figure deux fois", "stands twice"});
        } else if (member.value.get(text) != simdjson::SUCCESS) {
            add("/vervolg", {"moet een tekst zijn", "doit être un texte", "must be a string"});
        } else {
            cursor = text;
        }
    }
    if (count == 0) add("/vervolg", {"ontbreekt", "manque", "is missing"});
}

void ReceiptBody::add(std::string pointer, LocalText detail, std::string_view type) {
    issues.push_back({type, "body", std::move(pointer), "", std::move(detail)});
}

}  // namespace cvstroom::api
