#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>

#include "sandbox/random.hpp"

namespace cvstroom::sandbox {
namespace {

using std::chrono::seconds;

constexpr Fault usual(FaultKind kind, std::uint64_t share, seconds pause) {
    return {kind, share, 1, seconds(600), pause};
}

constexpr std::array names{
    FaultName{FaultKind::late_commit, "teLaat", usual(FaultKind::late_commit, 20, seconds(20)), true, true,
              "changes show up late, with an earlier instant than what came before them"},
    FaultName{FaultKind::storm, "teVeel", usual(FaultKind::storm, 10, seconds(2)), true, true,
              "429 with Retry-After, for every request until the pause is over"},
    FaultName{FaultKind::server_error, "fout", usual(FaultKind::server_error, 10, seconds(0)), true, false, "500"},
    FaultName{FaultKind::cut, "afgebroken", usual(FaultKind::cut, 20, seconds(0)), true, false,
              "answers and streams break off in the middle"},
    FaultName{FaultKind::slow, "traag", usual(FaultKind::slow, 50, seconds(2)), true, true, "answers take their time"},
    FaultName{FaultKind::expired, "verlopen", usual(FaultKind::expired, 100, seconds(0)), false, false,
              "410: history has expired, until the client starts over"},
    FaultName{FaultKind::restored, "hersteld", usual(FaultKind::restored, 100, seconds(20)), false, true,
              "a backup of now is put back after the pause: another 'epoche', CVs as they were, older cursors are 410"},
    FaultName{FaultKind::clock_back, "uurwissel", usual(FaultKind::clock_back, 100, seconds(60)), false, true,
              "instants in Belgian local time; after the pause the clock goes back an hour"},
};

}  // namespace

std::span<const FaultName> fault_names() {
    return names;
}

std::optional<FaultKind> fault_kind(std::string_view wire) {
    const auto found = std::ranges::find(names, wire, &FaultName::wire);
    if (found == names.end()) return std::nullopt;
    return found->kind;
}

const FaultName& name_of(FaultKind kind) {
    return *std::ranges::find(names, kind, &FaultName::kind);
}

bool strikes(const Fault& fault, std::uint64_t number) {
    Random random(fault.seed + (static_cast<std::uint64_t>(fault.kind) << 56U), number);
    return random.chance(fault.share);
}

}  // namespace cvstroom::sandbox
