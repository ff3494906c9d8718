// The flat rows of many CVs as tables that SQLite can read: "INSERT INTO competence SELECT * FROM incoming_competence"
// stores a batch's rows in one statement. A statement a row costs several times as much as the row itself: binding,
// starting, ending, and finding from the root the place that the row before has just been put next to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "mirror/flat_cv.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::mirror {

// A CV whose rows are to be stored, under the copy's number for it.
struct IncomingCv {
    std::int64_t key = 0;
    const FlatCv* flat = nullptr;
};

class IncomingRows {
  public:
    // Adds a virtual table for each flat table to the connection, which must be closed before this is destroyed, or
    // never read those tables again. SqliteFault when SQLite refuses.
    explicit IncomingRows(store::sqlite::Connection& connection);
    IncomingRows(const IncomingRows&) = delete;
    IncomingRows& operator=(const IncomingRows&) = delete;

    // Stores the rows of these in all flat tables. Pre: a write transaction is open; keys ascend; none of them has rows
    // yet.
    void insert(const std::vector<IncomingCv>& cvs);

  private:
    struct Source {  // what one virtual table reads
        Table table{};
        const std::vector<IncomingCv>* cvs = nullptr;
    };
    struct Reading;  // SQLite's side

    store::sqlite::Connection& connection_;
    std::array<Source, table_count> sources_;
    std::array<std::string, table_count> statements_;
};

}  // namespace cvstroom::mirror
