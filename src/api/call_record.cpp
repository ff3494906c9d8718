#include "api/call_record.hpp"

#include <array>

namespace cvstroom::api {

std::string_view name(Resource resource) {
    static constexpr std::array<std::string_view, resource_count> names{
        "other",     "detail",      "batch",          "search", "bulk",
        "reference", "description", "administration", "person", "operations"};
    return names[static_cast<std::size_t>(resource)];
}

}  // namespace cvstroom::api
