#include "index/string_numbers.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace cvstroom::index {
namespace {

constexpr std::size_t least_slots = 1024;
constexpr std::size_t piece_bytes = std::size_t{1} << 20U;

constexpr std::uint32_t upper_half(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

std::pair<std::uint32_t, bool> StringNumbers::add(std::string_view string) {
    if (strings_.size() * 2 >= slots_.size()) grow();
    const std::uint64_t hash = XXH3_64bits(string.data(), string.size());
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].number != 0; at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.hash == upper_half(hash) && strings_[slot.number - 1] == string) return {slot.number - 1, false};
    }
    strings_.push_back(copy(string));
    hashes_.push_back(hash);
    slots_[at] = {upper_half(hash), static_cast<std::uint32_t>(strings_.size())};
    return {static_cast<std::uint32_t>(strings_.size() - 1), true};
}

void StringNumbers::grow() {
    slots_.assign(std::max(least_slots, slots_.size() * 2), Slot{});
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
        std::size_t at = hashes_[number] & mask;
        while (slots_[at].number != 0) at = (at + 1) & mask;
        slots_[at] = {upper_half(hashes_[number]), number + 1};
    }
}

std::string_view StringNumbers::copy(std::string_view string) {
    if (string.size() > left_) {
        left_ = std::max(piece_bytes, string.size());
        pieces_.emplace_back(new char[left_]);
    }
    // A piece is filled from its end on: so its size need not be known.
    left_ -= string.size();
    char* copied = pieces_.back().get() + left_;
    if (!string.empty()) std::memcpy(copied, string.data(), string.size());
    return {copied, string.size()};
}

}  // namespace cvstroom::index
