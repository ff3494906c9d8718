// A thin layer over libpq for this room. Failures are PostgresFault exceptions, which the sink turns into Errors.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::mirror::postgres {

// What the server said; `state` is its SQLSTATE, empty when there is no server to say one.
class PostgresFault : public std::runtime_error {
  public:
    PostgresFault(std::string state, const std::string& message)
        : std::runtime_error(message), state_(std::move(state)) {}
    const std::string& state() const { return state_; }

  private:
    std::string state_;
};

class Rows {
  public:
    explicit Rows(PGresult* result) : result_(result) {}
    int count() const { return PQntuples(result_.get()); }
    bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
    std::string_view text(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    std::int64_t integer(int row, int column) const;
    std::uint64_t unsigned_integer(int row, int column) const {
        return static_cast<std::uint64_t>(integer(row, column));
    }

  private:
    struct Free {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    std::unique_ptr<PGresult, Free> result_;
};

// One connection. Not thread-safe.
class Connection {
  public:
    // "postgresql://…", or what else libpq takes.
    explicit Connection(const std::string& target);

    void execute(const std::string& statements);
    // Parameters as texts: $1, $2, …
    Rows query(const std::string& statement, const std::vector<std::string>& parameters = {});
    // COPY … FROM STDIN in text format: `lines` as append_copy_text and the like make them.
    void copy(const std::string& statement, std::string_view lines);

  private:
    [[noreturn]] void fault(PGresult* result);

    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> connection_;
};

// Rolls back unless committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& connection_;
    bool is_open_ = true;
};

// A text as a COPY field. U+0000, which PostgreSQL's texts cannot hold, becomes U+FFFD.
void append_copy_text(std::string& line, std::string_view text);

}  // namespace cvstroom::mirror::postgres
