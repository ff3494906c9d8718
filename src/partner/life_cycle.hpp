// The states that a partner passes through (SPEC 1), and the steps between them.
//
//   apply ──► aangevraagd ──approve──► goedgekeurd ──sign──► contract getekend ──activate──► actief ◄─activate─
//   geschorst
//                                                                                             └──────suspend──────►
//   Any of them ──end──► beeindigd, from where a new application starts over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cvstroom::partner {

enum class State : std::uint8_t { applied, approved, signed_up, active, suspended, ended };

enum class Step : std::uint8_t { apply, approve, sign, activate, suspend, end };

std::string_view wire_name(State state);  // "aangevraagd", "contract getekend", …
std::optional<State> state_from_wire(std::string_view name);
std::string_view wire_name(Step step);     // in the history: "aanvraag", "goedkeuring", …
std::string_view command_name(Step step);  // in messages: "approve", …

// The state after the step. conflict when the step cannot be taken from `state`: the message says which state it needs,
// and how to come there.
Result<State> after(State state, Step step);

}  // namespace cvstroom::partner
