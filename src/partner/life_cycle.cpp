#include "partner/life_cycle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cvstroom::partner {
namespace {

constexpr std::array<std::string_view, 6> state_names{"aangevraagd", "goedgekeurd", "contract getekend",
                                                      "actief",      "geschorst",   "beeindigd"};
constexpr std::array<std::string_view, 6> step_names{"aanvraag",   "goedkeuring", "contract getekend",
                                                     "activering", "schorsing",   "beeindiging"};
constexpr std::array<std::string_view, 6> commands{"apply", "approve", "sign", "activate", "suspend", "end"};

// What would have to be done first, by the state that the partner is in.
std::string_view next_command(State state) {
    switch (state) {
        case State::applied:
            return "approve it first";
        case State::approved:
            return "have the contract signed first";
        case State::signed_up:
            return "activate it first";
        case State::active:
            return "it is active already";
        case State::suspended:
            return "'activate' lifts the suspension";
        case State::ended:
            return "it must apply anew";
    }
    return "";
}

}  // namespace

std::string_view wire_name(State state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<State> state_from_wire(std::string_view name) {
    const auto found = std::ranges::find(state_names, name);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<State>(found - state_names.begin());
}

std::string_view wire_name(Step step) {
    return step_names[static_cast<std::size_t>(step)];
}

std::string_view command_name(Step step) {
    return commands[static_cast<std::size_t>(step)];
}

Result<State> after(State state, Step step) {
    const auto refused = [&] {
        return fail(ErrorCode::conflict, fmt::format("cannot '{}' a partner that is '{}': {}", command_name(step),
                                                     wire_name(state), next_command(state)));
    };
    switch (step) {
        case Step::apply:
            if (state == State::ended) return State::applied;
            return refused();
        case Step::approve:
            if (state == State::applied) return State::approved;
            return refused();
        case Step::sign:
            if (state == State::approved) return State::signed_up;
            return refused();
        case Step::activate:
            if (state == State::signed_up || state == State::suspended) return State::active;
            return refused();
        case Step::suspend:
            if (state == State::active) return State::suspended;
            return refused();
        case Step::end:
            if (state != State::ended) return State::ended;
            return refused();
    }
    return refused();
}

}  // namespace cvstroom::partner
