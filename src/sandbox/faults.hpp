// What a bad provider does to its partners, on request and by seed. Which request a fault strikes is decided here;
// api/faulty_door.hpp carries it out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cvstroom::sandbox {

enum class FaultKind {
    late_commit,   // a change shows up after later ones, with its earlier instant (pitfalls 1, 2)
    storm,         // 429 with Retry-After, for everything, until it is over
    server_error,  // 500
    cut,           // the answer breaks off in the middle (pitfall 24)
    slow,          // the answer takes its time
    expired,       // 410: history is gone, until the client starts over (pitfalls 16 to 19)
    restored,      // a backup is put back: another `epoche`, cursors of the old one are 410 (pitfall 35)
    clock_back,    // instants in Belgian local time, and the clock goes back an hour (pitfalls 29, 30)
};

// The limits of each parameter; what is left out takes the kind's usual value.
struct Fault {
    static constexpr std::uint64_t most_share = 100;
    static constexpr std::chrono::seconds longest{86'400};
    static constexpr std::chrono::seconds longest_pause{600};

    FaultKind kind{};
    std::uint64_t share = 100;        // percent of requests, or of changes for late_commit; 1 to 100
    std::uint64_t seed = 1;           // the same seed strikes the same requests again
    std::chrono::seconds lasts{600};  // then it is over by itself; 1 s to a day
    std::chrono::seconds pause{0};    // how late, how slow, how long to wait; up to ten minutes
};

struct FaultName {
    FaultKind kind;
    std::string_view wire;  // "teVeel"
    Fault usual;
    bool has_share;  // else it strikes always, or when its time has come
    bool has_pause;
    std::string_view description;  // for --help
};

// All kinds, with what is usual for each.
std::span<const FaultName> fault_names();
std::optional<FaultKind> fault_kind(std::string_view wire);
const FaultName& name_of(FaultKind kind);

// Decides on the `number`-th request (from 0) that a fault could strike. Deterministic.
bool strikes(const Fault& fault, std::uint64_t number);

}  // namespace cvstroom::sandbox
