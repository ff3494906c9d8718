// How far back the log reaches, and the forgetting of what lies before that. Functions on a connection; the caller
// decides about transactions.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace cvstroom::store::sqlite {

// How much older than the promise an entry must be to go: somebody may be in the midst of reading a window that was
// within history when he began.
inline constexpr std::chrono::hours reading_time{1};

// What was the oldest instant available for who asked when the horizon was at `at`.
std::optional<Instant> oldest_available(Connection& connection, Instant at);

// Says, from a new horizon on, that history reaches back to `oldest` and no further. Windows that were answered before
// keep what they said. No effect when it would reach further back than before.
void promise_history(Connection& connection, Instant oldest, Instant now);

// Entries that nobody can ask for any more: superseded before `superseded_before`, or tombstones of before
// `tombstones_before`. At most `limit`.
std::vector<Seq> forgettable(Connection& connection, Seq superseded_before, Seq tombstones_before, std::size_t limit);

// Removes those of them that are still so. The number of a CV's last version stays, so that versions go on counting.
void forget(Connection& connection, const std::vector<Seq>& entries, Seq superseded_before, Seq tombstones_before);

}  // namespace cvstroom::store::sqlite
