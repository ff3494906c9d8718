#include "partner/product.hpp"

namespace cvstroom::partner {
namespace {

constexpr std::string_view full = "volledig";
constexpr std::string_view anonymous = "anoniem";

}  // namespace

std::string_view wire_name(Plan plan) {
    return plan == Plan::anonymous ? anonymous : full;
}

std::optional<Plan> plan_from_wire(std::string_view name) {
    if (name == full) return Plan::full;
    if (name == anonymous) return Plan::anonymous;
    return std::nullopt;
}

}  // namespace cvstroom::partner
