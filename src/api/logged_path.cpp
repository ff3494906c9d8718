#include "api/logged_path.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/uuid.hpp"
#include "reference/list_source.hpp"

namespace cvstroom::api {
namespace {

// Of both doors and the sandbox; the names of the code lists come on top.
constexpr auto route_words = std::to_array<std::string_view>(
    {"",         "services",   "openservices", "v1",           "v2",      "doc",          "openapi.yaml", "kandidaten",
     "bulk",     "controle",   "ontvangst",    "health",       "metrics", "beheer",       "personen",     "ontvangsten",
     "lijsten",  "partners",   "stappen",      "geschiedenis", "gebruik", "abonnementen", "cv",           "referentie",
     "sleutels", "vervanging", "sandbox",      "storingen"});

bool may_be_logged(std::string_view segment) {
    return std::ranges::find(route_words, segment) != route_words.end() ||
           reference::find_list_source(segment) != nullptr || Uuid::parse(segment);
}

}  // namespace

std::string logged_path(std::string_view path) {
    std::string logged;
    std::string_view between;
    for (const auto segment : split(path, '/')) {
        logged.append(between).append(may_be_logged(segment) ? segment : "*");
        between = "/";
    }
    return logged;
}

}  // namespace cvstroom::api
