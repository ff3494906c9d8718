#include "http/message.hpp"

#include "base/text.hpp"

namespace cvstroom::http {

std::string_view Request::field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (equal_ignoring_case(key, name)) return trim(value);
    }
    return {};
}

bool Request::has_field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (equal_ignoring_case(key, name)) return true;
    }
    return false;
}

std::string_view view(const Body& body) {
    if (const auto* owned = std::get_if<std::string>(&body)) return *owned;
    const auto& shared = std::get<std::shared_ptr<const std::string>>(body);
    return shared ? std::string_view(*shared) : std::string_view();
}

Response& Response::set(std::string_view name, std::string value) {
    for (auto& [key, old] : fields) {
        if (!equal_ignoring_case(key, name)) continue;
        old = std::move(value);
        return *this;
    }
    fields.emplace_back(name, std::move(value));
    return *this;
}

std::string_view Response::field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (equal_ignoring_case(key, name)) return value;
    }
    return {};
}

}  // namespace cvstroom::http
