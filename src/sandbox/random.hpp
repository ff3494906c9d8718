// The generator's source of chance: the same (seed, number) gives the same draws on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cvstroom::sandbox {

// One step of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): a bijection.
constexpr std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;

// Small enough to make one for each document. Not for secrets.
class Random {
  public:
    Random(std::uint64_t seed, std::uint64_t number) : state_(mix(mix(seed + golden) ^ (number * golden))) {}

    std::uint64_t next() { return mix(state_ += golden); }

    // Pre: 0 < limit < 2^32. The bias of the multiplication is below 2^-20 for every list in data/.
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(((next() >> 32U) * limit) >> 32U); }
    // Both ends included.
    int between(int least, int most) {
        return least + static_cast<int>(below(static_cast<std::size_t>(most - least + 1)));
    }
    bool chance(std::size_t percent) { return below(100) < percent; }

    template <typename T>
    const T& pick(const std::vector<T>& values) {
        return values[below(values.size())];
    }

  private:
    std::uint64_t state_;
};

}  // namespace cvstroom::sandbox
