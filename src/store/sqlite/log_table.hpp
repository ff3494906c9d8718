// Reading the log's tables. Functions on a connection; the caller decides about transactions.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace cvstroom::store::sqlite {

Head read_head(Connection& connection);
Seq first_at_or_after(Connection& connection, Instant instant);
std::optional<Change> current_change(Connection& connection, const Uuid& cv);
std::vector<Change> history(Connection& connection, const Uuid& cv);
std::optional<std::string> read_document(Connection& connection, Seq seq);
std::optional<std::string> read_trace(Connection& connection, Seq seq);
std::optional<Change> state_before(Connection& connection, Seq entry, Seq at);
std::vector<Change> changes_after(Connection& connection, Seq after, std::size_t limit);
std::vector<Change> read_range(Connection& connection, const LogRange& range, Seq after, std::size_t limit);
RangeOutline outline(Connection& connection, const LogRange& range, std::uint64_t stride);
void visit_published(Connection& connection, Seq after, Seq until, const Store::Visitor& visit);

inline std::int64_t to_microseconds(Instant instant) {
    return instant.time_since_epoch().count();
}
inline Instant to_instant(std::int64_t microseconds) {
    return Instant{std::chrono::microseconds{microseconds}};
}

}  // namespace cvstroom::store::sqlite
