#include "store/sqlite/receipt_table.hpp"

#include <cstring>

#include "store/sqlite/log_table.hpp"

namespace cvstroom::store::sqlite {
namespace {

void read_open_removals(Connection& connection, std::size_t most, PartnerReceipt& receipt) {
    auto query = connection.query(
        "SELECT cv, instant FROM change WHERE seq > ? AND superseded_by = 0 AND status <> 1 ORDER BY seq");
    query.bind(1, receipt.last ? receipt.last->applied : std::uint64_t{0});
    while (query.step()) {
        if (receipt.open_count++ >= most) continue;
        OpenRemoval removal{{}, to_instant(query.integer(1))};
        const auto cv = query.blob(0);
        if (cv.size() != removal.cv.bytes.size()) throw SqliteFault(SQLITE_CORRUPT, "an id is not 16 bytes long");
        std::memcpy(removal.cv.bytes.data(), cv.data(), cv.size());
        receipt.open.push_back(removal);
    }
}

}  // namespace

void write_receipt(Connection& connection, const Receipt& receipt) {
    connection.query("INSERT OR REPLACE INTO receipt(partner, applied, covered, confirmed) VALUES(?, ?, ?, ?)")
        .bind_text(1, receipt.partner)
        .bind(2, receipt.applied)
        .bind(3, to_microseconds(receipt.covered))
        .bind(4, to_microseconds(receipt.confirmed))
        .run();
}

std::vector<PartnerReceipt> read_receipts(Connection& connection, std::size_t most) {
    std::vector<PartnerReceipt> receipts;
    {
        auto query = connection.query(
            "SELECT p.partner, r.applied, r.covered, r.confirmed FROM"
            " (SELECT partner FROM receipt UNION SELECT partner FROM api_key WHERE product = 'cv' AND revoked IS NULL) "
            "p"
            " LEFT JOIN receipt r ON r.partner = p.partner ORDER BY p.partner");
        while (query.step()) {
            PartnerReceipt receipt;
            receipt.partner = std::string(query.text(0));
            if (!query.is_null(1)) {
                receipt.last = Receipt{receipt.partner, query.unsigned_integer(1), to_instant(query.integer(2)),
                                       to_instant(query.integer(3))};
            }
            receipts.push_back(std::move(receipt));
        }
    }
    for (auto& receipt : receipts) read_open_removals(connection, most, receipt);
    return receipts;
}

}  // namespace cvstroom::store::sqlite
