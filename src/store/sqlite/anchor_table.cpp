#include "store/sqlite/anchor_table.hpp"

#include <algorithm>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

template <typename Bytes>
void copy_blob(std::string_view blob, Bytes& into) {
    if (blob.size() != into.size()) throw SqliteFault(SQLITE_CORRUPT, "an anchor of the audit cannot be read");
    std::transform(blob.begin(), blob.end(), into.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
}

}  // namespace

void save_anchor(Connection& connection, const AuditAnchor& anchor) {
    connection
        .query(
            "INSERT INTO audit_anchor(chain, seal, code, at) VALUES(?, ?, ?, ?) ON CONFLICT(chain) DO UPDATE SET"
            " seal = excluded.seal, code = excluded.code, at = excluded.at")
        .bind_blob(1, anchor.chain.bytes.data(), anchor.chain.bytes.size())
        .bind(2, anchor.seal)
        .bind_blob(3, anchor.code.data(), anchor.code.size())
        .bind(4, to_microseconds(anchor.at))
        .run();
}

std::vector<AuditAnchor> read_anchors(Connection& connection) {
    std::vector<AuditAnchor> anchors;
    auto query = connection.query("SELECT chain, seal, code, at FROM audit_anchor ORDER BY at");
    while (query.step()) {
        AuditAnchor anchor;
        copy_blob(query.blob(0), anchor.chain.bytes);
        anchor.seal = query.unsigned_integer(1);
        copy_blob(query.blob(2), anchor.code);
        anchor.at = Instant{std::chrono::microseconds{query.integer(3)}};
        anchors.push_back(anchor);
    }
    return anchors;
}

}  // namespace cvstroom::store::sqlite
