// Where receipts are kept. Functions on a connection; the caller decides about transactions.
#pragma once

#include "store/receipt.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::store::sqlite {

// The partner's last word replaces the one before, also when it goes back: a partner that restored a backup says so.
void write_receipt(Connection& connection, const Receipt& receipt);

// Everybody who ever confirmed or holds a key for the feed, by name; each with at most `most` of its open removals.
std::vector<PartnerReceipt> read_receipts(Connection& connection, std::size_t most);

}  // namespace cvstroom::store::sqlite
