#include "api/client_check.hpp"

#include <unordered_map>
#include <utility>

namespace cvstroom::api {
namespace {

using candidate::Status;

constexpr std::size_t batch = 5000;

struct Expected {
    store::Version version = 0;
    Status status{};
    bool is_held = false;
};
using States = std::unordered_map<Uuid, Expected, UuidHash>;

Result<States> states_at(store::Store& store, store::Seq until) {
    States states;
    store::Seq after = 0;
    for (;;) {
        const auto changes = store.read_range({0, until, false}, after, batch);
        if (!changes) return tl::unexpected(changes.error());
        for (const auto& change : *changes) states[change.cv] = {change.version, change.status, false};
        if (changes->size() < batch) return states;
        after = changes->back().seq;
    }
}

class Judge {
  public:
    Judge(store::Store& store, SandboxPartner& partner, States states, Findings& findings)
        : store_(store), partner_(partner), states_(std::move(states)), findings_(findings) {}

    Result<void> judge(const HeldCandidate& held) {
        const auto state = states_.find(held.cv);
        if (state == states_.end() || held.version > state->second.version) return judge_newer(held, state);
        Expected& expected = state->second;
        if (std::exchange(expected.is_held, true)) add(FindingKind::held_twice, held, std::nullopt);
        if (expected.status == Status::erased) {
            add(FindingKind::held_erased, held, std::nullopt);
        } else if (expected.status == Status::closed) {
            add(FindingKind::missed_removal, held, std::nullopt);
        } else if (held.version < expected.version) {
            add(older_kind(held, expected), held, expected.version);
        }
        return {};
    }

    // Returns how many should be held.
    std::uint64_t judge_missing() {
        std::uint64_t count = 0;
        for (const auto& [cv, expected] : states_) {
            if (expected.status != Status::open) continue;
            ++count;
            if (expected.is_held) continue;
            findings_[FindingKind::missed_candidate].add({cv.to_string(), std::nullopt, expected.version});
        }
        return count;
    }

  private:
    void add(FindingKind kind, const HeldCandidate& held, std::optional<store::Version> expected) {
        Example example{held.cv.to_string(), held.version, std::nullopt};
        if (expected) example.expected = *expected;
        findings_[kind].add(std::move(example));
    }

    FindingKind older_kind(const HeldCandidate& held, const Expected& expected) {
        const auto seen = partner_.seen(held.cv);
        if (seen.delivered > held.version) return FindingKind::wrong_order;
        return seen.told >= expected.version ? FindingKind::missed_change : FindingKind::stale;
    }

    // Newer than at the position: fetched meanwhile, if it ever was so.
    Result<void> judge_newer(const HeldCandidate& held, States::iterator state) {
        const auto current = store_.current(held.cv);
        if (!current) return tl::unexpected(current.error());
        if (state != states_.end()) state->second.is_held = true;
        if (!*current) {
            add(FindingKind::unknown_candidate, held, std::nullopt);
        } else if (held.version > (*current)->version) {
            add(FindingKind::unknown_version, held, (*current)->version);
        }
        return {};
    }

    store::Store& store_;
    SandboxPartner& partner_;
    States states_;
    Findings& findings_;
};

}  // namespace

Result<Comparison> compare(store::Store& store, store::Seq until, const std::vector<HeldCandidate>& held,
                           SandboxPartner& partner) {
    auto states = states_at(store, until);
    if (!states) return tl::unexpected(states.error());
    Comparison comparison;
    Judge judge(store, partner, std::move(*states), comparison.findings);
    for (const auto& each : held) {
        if (auto judged = judge.judge(each); !judged) return tl::unexpected(judged.error());
    }
    comparison.expected = judge.judge_missing();
    return comparison;
}

}  // namespace cvstroom::api
