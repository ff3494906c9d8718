// What a partner can subscribe to, and how much of a CV it then sees (SPEC 1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cvstroom::partner {

inline constexpr std::string_view product_cv = "cv";
inline constexpr std::string_view product_reference = "referentie";
// The provider's own side: administrators' keys open it, and nobody subscribes to it.
inline constexpr std::string_view product_administration = "beheer";

inline constexpr std::array subscribable_products{product_cv, product_reference};

enum class Plan : std::uint8_t {
    full,       // volledig: the whole document
    anonymous,  // anoniem: what candidate/masking leaves of it
};

std::string_view wire_name(Plan plan);
std::optional<Plan> plan_from_wire(std::string_view name);

// Requests. What a partner gets that nobody gave other limits.
inline constexpr std::uint64_t usual_per_minute = 2000;  // SPEC 1
inline constexpr std::uint64_t usual_per_day = 1'000'000;
inline constexpr std::uint64_t most_per_minute = 10'000'000;
inline constexpr std::uint64_t most_per_day = 1'000'000'000;

}  // namespace cvstroom::partner
