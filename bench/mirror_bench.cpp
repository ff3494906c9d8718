// What bench/mirror holds the mirror against, and what it measures beside it.
//   mirror_bench one-by-one URL KEYFILE CAFILE IDS COUNT PER_TRANSACTION SQLITE   a straightforward client, on a sample
//   mirror_bench lag URL KEYFILE CAFILE IDS COUNT SQLITE                          from an acknowledged write to the
//   copy's commit
//   mirror_bench equal SQLITE SQLITE                                              fails unless both hold the same
//   documents
// IDS: an NDJSON file of documents. `lag` talks to the provider's door, at URL.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "mirror/cv_api.hpp"
#include "mirror/flat_cv.hpp"
#include "store/sqlite/connection.hpp"

namespace {

using namespace cvstroom;
using Clock = std::chrono::steady_clock;

std::vector<std::string> read_lines(const std::string& file, std::size_t count) {
    std::ifstream input(file);
    std::vector<std::string> lines;
    for (std::string line; lines.size() < count && std::getline(input, line);) lines.push_back(line);
    return lines;
}

struct Session {
    std::unique_ptr<mirror::HttpClient> http;
    std::string url;
    std::string key_field;

    Session(char** arguments) : url(arguments[0]) {
        mirror::HttpConfig config;
        config.ca_file = arguments[2];
        config.accepts_compression = false;
        http = mirror::HttpClient::open(config).value();
        key_field = "X-IBM-Client-Id: " + read_lines(arguments[1], 1).at(0);
    }
    mirror::HttpResponse ask(const std::string& method, const std::string& path, const std::string& body = "") const {
        mirror::HttpRequest request;
        request.method = method;
        request.url = url + path;
        request.fields = {key_field, "Content-Type: application/json"};
        request.body = body;
        return http->perform(std::move(request));
    }
};

// The same tables and indexes as the mirror's copy, made as anybody would: SQLite's defaults (rollback journal,
// synchronous=FULL, pages of 4 KiB), indexes from the start, prepared statements, BEGIN and COMMIT.
class PlainCopy {
  public:
    explicit PlainCopy(const std::string& file)
        : connection_(file, store::sqlite::Connection::Access::read_write_create) {
        connection_.execute(
            "CREATE TABLE cv(cv INTEGER PRIMARY KEY, cv_id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,"
            " changed_at TEXT, document_date TEXT, ikl_id INTEGER);"
            "CREATE TABLE document(cv INTEGER PRIMARY KEY, json TEXT NOT NULL)");
        for (const auto table : mirror::all_tables()) create(mirror::shape_of(table));
    }
    void begin() { connection_.execute("BEGIN"); }
    void commit() { connection_.execute("COMMIT"); }

    void insert(const Uuid& cv, const mirror::FlatCv& flat, const std::string& json) {
        ++key_;
        const auto id = cv.to_string();
        auto insert_cv = connection_.query("INSERT INTO cv VALUES(?, ?, 1, NULL, ?, ?)");
        insert_cv.bind(1, key_).bind_text(2, id).bind_text(3, flat.document_date).bind(4, flat.ikl_id.value_or(0));
        insert_cv.run();
        connection_.query("INSERT INTO document VALUES(?, ?)").bind(1, key_).bind_text(2, json).run();
        for (const auto& row : flat.rows) insert_row(flat, row);
    }

  private:
    void create(const mirror::TableShape& shape) {
        const std::string name(shape.name);
        std::string columns =
            shape.has_position ? "cv INTEGER NOT NULL, position INTEGER NOT NULL" : "cv INTEGER PRIMARY KEY";
        std::string places = shape.has_position ? "?, ?" : "?";
        for (const auto& column : shape.columns) {
            columns +=
                fmt::format(", {} {}", column.name, column.kind == mirror::ColumnKind::text ? "TEXT" : "INTEGER");
            places += ", ?";
        }
        if (shape.has_position) columns += ", PRIMARY KEY(cv, position)";
        connection_.execute(fmt::format("CREATE TABLE {}({})", name, columns));
        for (const auto column : shape.indexed) {
            connection_.execute(fmt::format("CREATE INDEX {0}_{1} ON {0}({1})", name, column));
        }
        inserts_.push_back(fmt::format("INSERT INTO {} VALUES({})", name, places));
    }
    void insert_row(const mirror::FlatCv& flat, const mirror::FlatRow& row) {
        const auto& shape = mirror::shape_of(row.table);
        auto query = connection_.query(inserts_[static_cast<std::size_t>(row.table)]);
        int parameter = 1;
        query.bind(parameter++, key_);
        if (shape.has_position) query.bind(parameter++, std::int64_t{row.position});
        for (std::size_t i = 0; i < shape.columns.size(); ++i, ++parameter) {
            const auto& cell = flat.cells[row.first_cell + i];
            if (cell.kind == mirror::Cell::Kind::text) query.bind_text(parameter, flat.text(cell));
            if (cell.kind == mirror::Cell::Kind::integer) query.bind(parameter, cell.value);
        }
        query.run();
    }

    store::sqlite::Connection connection_;
    std::vector<std::string> inserts_;  // by table
    std::int64_t key_ = 0;
};

// One CV after the other on one kept connection: asked, read, stored with all its rows; a transaction each, or every so
// many.
int one_by_one(char** arguments) {
    const Session session(arguments);
    const auto lines = read_lines(arguments[3], std::strtoul(arguments[4], nullptr, 10));
    const auto per_transaction = std::strtoul(arguments[5], nullptr, 10);
    PlainCopy copy(arguments[6]);
    mirror::DocumentFlattener flattener;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto id = lines[i].substr(9, 36);
        const auto response = session.ask("GET", "/services/openservices/v1/kandidaten/" + id);
        if (response.status != 200) return fmt::print(stderr, "{}: {}\n", id, response.status), 1;
        const auto read = flattener.read(response.body).value();
        if (i % per_transaction == 0) copy.begin();
        copy.insert(read.cv, read.flat, response.body);
        if ((i + 1) % per_transaction == 0 || i + 1 == lines.size()) copy.commit();
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fmt::print("{:.1f}\n", static_cast<double>(lines.size()) / seconds);
    return 0;
}

int lag(char** arguments) {
    const Session session(arguments);
    const auto lines = read_lines(arguments[3], std::strtoul(arguments[4], nullptr, 10));
    sqlite3* copy = nullptr;
    sqlite3_stmt* version_of = nullptr;
    if (sqlite3_open_v2(arguments[5], &copy, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(copy, "SELECT version FROM cv WHERE cv_id = ?", -1, &version_of, nullptr) != SQLITE_OK) {
        return fmt::print(stderr, "{}\n", sqlite3_errmsg(copy)), 1;
    }
    const auto held = [&](const std::string& id) {
        sqlite3_bind_text(version_of, 1, id.c_str(), -1, SQLITE_STATIC);
        const auto version = sqlite3_step(version_of) == SQLITE_ROW ? sqlite3_column_int64(version_of, 0) : 0;
        sqlite3_reset(version_of);
        return version;
    };
    std::vector<double> lags;
    for (auto line : lines) {
        const auto id = line.substr(9, 36);
        const auto before = held(id);
        line.insert(line.size() - 1, ",\"meting\":" + std::to_string(getpid()));
        // PUT is not among what a mirror sends; a POST of one line is the provider's load.
        const auto response = session.ask("POST", "/beheer/v1/kandidaten", line + "\n");
        const auto acknowledged = Clock::now();
        if (response.status != 200) return fmt::print(stderr, "{}: {} {}\n", id, response.status, response.body), 1;
        while (held(id) == before) {
            if (Clock::now() - acknowledged > std::chrono::seconds{20})
                return fmt::print(stderr, "{} never came\n", id), 1;
            std::this_thread::sleep_for(std::chrono::microseconds{500});
        }
        lags.push_back(std::chrono::duration<double, std::milli>(Clock::now() - acknowledged).count());
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + std::rand() % 100});
    }
    std::sort(lags.begin(), lags.end());
    fmt::print("median {:.1f} ms, 95% {:.1f} ms, most {:.1f} ms, of {} writes\n", lags[lags.size() / 2],
               lags[lags.size() * 95 / 100], lags.back(), lags.size());
    sqlite3_finalize(version_of);
    sqlite3_close(copy);
    return 0;
}

int equal(char** arguments) {
    store::sqlite::Connection connection(arguments[0], store::sqlite::Connection::Access::read_only);
    connection.query("ATTACH ? AS other").bind_text(1, arguments[1]).run();
    auto query = connection.query(
        "SELECT count(*), (SELECT count(*) FROM other.cv), sum(theirs.json IS ours.json) FROM main.cv AS a"
        " JOIN main.document AS ours ON ours.cv = a.cv LEFT JOIN other.cv AS b ON b.cv_id = a.cv_id"
        " LEFT JOIN other.document AS theirs ON theirs.cv = b.cv");
    query.step();
    fmt::print("documents of both copies: {} and {}, {} of them equal\n", query.integer(0), query.integer(1),
               query.integer(2));
    return query.integer(0) == query.integer(1) && query.integer(0) == query.integer(2) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "one-by-one" && argc == 9) return one_by_one(argv + 2);
    if (mode == "equal" && argc == 4) return equal(argv + 2);
    if (mode == "lag" && argc == 8) return lag(argv + 2);
    fmt::print(stderr, "see the first lines of bench/mirror_bench.cpp\n");
    return 2;
}
