// Puts and removals as rows of an SQLite copy. Failures are SqliteFault exceptions.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mirror/sink.hpp"
#include "mirror/sqlite/incoming_rows.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::mirror {

// Pre for all calls: a write transaction is open.
class RowWriter {
  public:
    // Pre: the tables are there. `connection` must outlive it.
    explicit RowWriter(store::sqlite::Connection& connection);

    // The flat rows of a CV that is new wait for flush(), until when `put` must stay where it is.
    void put(const Put& put, const State& state, Applied& applied);
    // Stores what waits; before anything else than put() is called.
    void flush();
    void remove(const Removal& removal, const State& state, Applied& applied);
    void mark(const Uuid& cv, const State& state);
    // Removes what no listing since `generation` has seen.
    void sweep(std::uint64_t generation, Applied& applied);
    // What belongs to no CV; of how many there was some. O(rows).
    std::uint64_t remove_orphans();
    // Needs no transaction.
    std::optional<Held> held(const Uuid& cv);

    // After a SqliteFault, when the transaction has been rolled back: the statements can be used again.
    void reset();
    // The indexes have been created or dropped: ids are found by the table's index from now on, or without it.
    void note_indexes();

  private:
    struct Row {
        std::int64_t key = 0;
        Held held;
    };
    std::optional<Row> find(const Uuid& cv);
    void load_keys();
    void insert(const Put& put, const State& state);
    void update(const Put& put, std::int64_t key, const State& state);
    void insert_rows(const FlatCv& flat, std::int64_t key);
    void delete_rows(std::int64_t key);
    void erase(std::int64_t key);
    void set_generation(std::int64_t key, std::uint64_t generation);
    std::int64_t greatest_key();

    using Statement = std::unique_ptr<store::sqlite::Query>;
    Statement prepare(const std::string& sql) { return Statement(new store::sqlite::Query(connection_.query(sql))); }

    store::sqlite::Connection& connection_;
    // Prepared once and kept: looking a statement up by its text is a cost that counts here.
    Statement find_by_id_;
    Statement find_by_key_;
    Statement insert_cv_;
    Statement insert_document_;
    Statement mark_;
    Statement distrust_;
    std::array<Statement, table_count> insert_row_;
    std::array<Statement, table_count> delete_row_;
    std::int64_t next_key_ = 1;
    IncomingRows incoming_;
    std::vector<IncomingCv> waiting_;
    // The keys by id while the table has no index for that. A key whose row is gone, or was rolled back, counts as
    // none; it is never given to another, and a CV stands once in a transaction: so a rollback leaves nothing to mend
    // here.
    std::optional<std::unordered_map<Uuid, std::int64_t, UuidHash>> keys_;
};

}  // namespace cvstroom::mirror
