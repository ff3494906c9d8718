// Proves that a copy equals its source, or finds what differs (SPEC 5, controle).
#pragma once

#include <string>
#include <vector>

#include "mirror/control.hpp"
#include "mirror/observer.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

struct Difference {
    enum class Kind { missing, outdated, surplus };
    Uuid cv;
    Kind kind{};
    Version ours = 0;  // 0: not held, or not known
};
std::string_view name(Difference::Kind kind);

struct VerifyReport {
    std::string at;  // the instant that was compared: what the copy covers
    std::uint64_t held = 0;
    std::uint64_t requests = 0;
    std::vector<Difference> differences;
    std::uint64_t repaired = 0;
    std::uint64_t orphans_removed = 0;  // with `repairs`: CVs of which some rows were left without their row in 'cv'
};

// Compares what is held with what the source published at the instant that the copy covers; one request when they are
// equal. A CV that the copy knows newer than that instant is no difference: it is asked for by id. With `repairs` what
// differs is fetched, or removed, in one transaction, and the mirror's position stays as it is (Pre: the sink is
// writable). Errors: `conflict` (a copy of another API, or one that is not complete yet), `gone` (the source's history
// is another one: mirror first), `not_found` (the API has no controle), and those of the calls.
Result<VerifyReport> verify(CvApi& api, Sink& sink, bool repairs);

}  // namespace cvstroom::mirror
