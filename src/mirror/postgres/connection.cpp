#include "mirror/postgres/connection.hpp"

#include <algorithm>
#include <charconv>

namespace cvstroom::mirror::postgres {
namespace {

constexpr std::size_t copy_piece = 1024 * 1024;

std::string trimmed(const char* message) {
    std::string text = message == nullptr ? "" : message;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

}  // namespace

std::int64_t Rows::integer(int row, int column) const {
    const auto digits = text(row, column);
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

Connection::Connection(const std::string& target) : connection_(PQconnectdb(target.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        throw PostgresFault("", trimmed(PQerrorMessage(connection_.get())));
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    execute("SET client_encoding = 'UTF8'; SET application_name = 'cvstroom mirror'");
}

void Connection::fault(PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    throw PostgresFault(state == nullptr ? "" : state,
                        primary != nullptr ? primary : trimmed(PQerrorMessage(connection_.get())));
}

void Connection::execute(const std::string& statements) {
    PGresult* result = PQexec(connection_.get(), statements.c_str());
    const Rows owner(result);
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fault(result);
}

Rows Connection::query(const std::string& statement, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    for (const auto& each : parameters) values.push_back(each.c_str());
    PGresult* result = PQexecParams(connection_.get(), statement.c_str(), static_cast<int>(values.size()), nullptr,
                                    values.data(), nullptr, nullptr, 0);
    Rows rows(result);
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fault(result);
    return rows;
}

void Connection::copy(const std::string& statement, std::string_view lines) {
    if (lines.empty()) return;
    PGresult* begun = PQexec(connection_.get(), statement.c_str());
    const Rows owner(begun);
    if (PQresultStatus(begun) != PGRES_COPY_IN) fault(begun);
    while (!lines.empty()) {
        const auto piece = lines.substr(0, copy_piece);
        if (PQputCopyData(connection_.get(), piece.data(), static_cast<int>(piece.size())) != 1) fault(begun);
        lines.remove_prefix(piece.size());
    }
    if (PQputCopyEnd(connection_.get(), nullptr) != 1) fault(begun);
    PGresult* ended = PQgetResult(connection_.get());
    const Rows end(ended);
    while (PGresult* more = PQgetResult(connection_.get())) PQclear(more);
    if (PQresultStatus(ended) != PGRES_COMMAND_OK) fault(ended);
}

// A connection that is lost has rolled back already.
Transaction::~Transaction() {
    if (!is_open_) return;
    try {
        connection_.execute("ROLLBACK");
    } catch (const PostgresFault&) {
    }
}

void Transaction::commit() {
    connection_.execute("COMMIT");
    is_open_ = false;
}

void append_copy_text(std::string& line, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '\\':
                line += "\\\\";
                break;
            case '\n':
                line += "\\n";
                break;
            case '\r':
                line += "\\r";
                break;
            case '\t':
                line += "\\t";
                break;
            case '\0':
                line += "\xEF\xBF\xBD";
                break;
            default:
                line += c;
        }
    }
}

}  // namespace cvstroom::mirror::postgres
