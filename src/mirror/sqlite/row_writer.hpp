// Puts and removals as rows of an SQLite copy. Failures are SqliteFault exceptions.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "mirror/sink.hpp"
#include "store/sqlite/connection.hpp"

namespace cvstroom::mirror {

// Pre for all calls: a write transaction is open.
class RowWriter {
  public:
    // Pre: the tables are there. `connection` must outlive it.
    explicit RowWriter(store::sqlite::Connection& connection);

    void put(const Put& put, const State& state, Applied& applied);
    void remove(const Removal& removal, const State& state, Applied& applied);
    void mark(const Uuid& cv, std::uint64_t generation);
    // After a SqliteFault: the statements can be used again.
    void reset();
    // Removes what no listing since `generation` has seen.
    void sweep(std::uint64_t generation, Applied& applied);

  private:
    struct Row {
        std::int64_t key = 0;
        Version version = 0;
        std::uint64_t generation = 0;
    };
    std::optional<Row> find(std::string_view id);
    void insert(const Put& put, std::string_view id, const State& state);
    void update(const Put& put, std::int64_t key, const State& state);
    void insert_rows(const FlatCv& flat, std::int64_t key);
    void delete_rows(std::int64_t key);
    void erase(std::int64_t key);

    using Statement = std::unique_ptr<store::sqlite::Query>;
    Statement prepare(const std::string& sql) { return Statement(new store::sqlite::Query(connection_.query(sql))); }

    store::sqlite::Connection& connection_;
    // Prepared once and kept: sixty rows a CV make looking a statement up by its text a cost that counts.
    Statement find_;
    Statement insert_cv_;
    Statement insert_document_;
    Statement mark_;
    std::array<Statement, table_count> insert_row_;
    std::array<Statement, table_count> delete_row_;
    std::int64_t next_key_ = 1;
};

}  // namespace cvstroom::mirror
