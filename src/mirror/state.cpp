#include "mirror/state.hpp"

#include "base/text.hpp"

namespace cvstroom::mirror {
namespace {

constexpr Phase phases[] = {Phase::fresh, Phase::listing, Phase::following};

struct TextMember {
    const char* name;
    std::string State::*member;
};
constexpr TextMember text_members[] = {
    {"source", &State::source},
    {"profile", &State::profile},
    {"cursor", &State::cursor},
    {"epoch", &State::epoch},
    {"covered_until", &State::covered_until},
    {"pending_until", &State::pending_until},
    {"reconciled_at", &State::reconciled_at},
    {"succeeded_at", &State::succeeded_at},
};

struct NumberMember {
    const char* name;
    std::uint64_t State::*member;
};
constexpr NumberMember number_members[] = {
    {"generation", &State::generation},
    {"trusted_generation", &State::trusted_generation},
    {"listed", &State::listed},
    {"list_total", &State::list_total},
};

bool read_phase(const std::string& text, State& state) {
    for (const auto phase : phases) {
        if (name(phase) != text) continue;
        state.phase = phase;
        return true;
    }
    return false;
}

bool read_member(const std::string& name, const std::string& value, State& state) {
    if (name == "phase") return read_phase(value, state);
    for (const auto& known : text_members) {
        if (name == known.name) state.*known.member = value;
    }
    for (const auto& known : number_members) {
        if (name != known.name) continue;
        const auto number = parse_unsigned(value);
        if (!number) return false;
        state.*known.member = *number;
    }
    return true;
}

}  // namespace

std::string_view name(Phase phase) {
    switch (phase) {
        case Phase::fresh:
            return "fresh";
        case Phase::listing:
            return "listing";
        case Phase::following:
            return "following";
    }
    return "fresh";
}

std::vector<std::pair<std::string, std::string>> to_members(const State& state) {
    std::vector<std::pair<std::string, std::string>> members;
    members.emplace_back("phase", name(state.phase));
    for (const auto& known : text_members) members.emplace_back(known.name, state.*known.member);
    for (const auto& known : number_members) members.emplace_back(known.name, std::to_string(state.*known.member));
    return members;
}

Result<State> state_from_members(const std::vector<std::pair<std::string, std::string>>& members) {
    State state;
    for (const auto& [name, value] : members) {
        if (!read_member(name, value, state)) {
            return fail(ErrorCode::corrupt, "the copy's state says '" + value + "' for '" + name + "'", "mirror_state");
        }
    }
    return state;
}

}  // namespace cvstroom::mirror
