#include "mirror/postgres/postgres_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "mirror/postgres/copy_lines.hpp"
#include "mirror/postgres/postgres_schema.hpp"

namespace cvstroom::mirror {
namespace {

using postgres::Connection;
using postgres::PostgresFault;
using postgres::Rows;
using postgres::Transaction;

constexpr const char* held_columns = "SELECT cv_id, version, generation, encode(digest, 'hex') FROM cv_mirror.cv";

Error to_error(const PostgresFault& fault) {
    const std::string& state = fault.state();
    if (state == "schema") return {ErrorCode::conflict, fault.what(), "PostgreSQL"};
    if (state == "42501" || state == "25006") {
        return {ErrorCode::refused,
                fmt::format("the role lacks the rights ({}); it must be able to create the schema cv_mirror, or own it",
                            fault.what()),
                "PostgreSQL"};
    }
    if (state == "53100")
        return {ErrorCode::io, "the disk is full; make room and start again, it goes on from there", "PostgreSQL"};
    return {ErrorCode::io, fault.what(), "PostgreSQL"};
}

template <typename Range, typename Text>
std::string array_of(const Range& range, const Text& text) {
    std::string array = "{";
    for (const auto& each : range) {
        if (array.size() > 1) array += ',';
        array += text(each);
    }
    return array + "}";
}
const auto as_id = [](const Uuid& cv) { return cv.to_string(); };
const auto as_number = [](std::int64_t key) { return std::to_string(key); };

std::uint8_t hex_digit(char c) {
    return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

Held read_held(const Rows& rows, int row) {
    Held held{Uuid::parse(rows.text(row, 0)).value_or(Uuid{}), rows.unsigned_integer(row, 1),
              rows.unsigned_integer(row, 2), std::nullopt};
    const auto hex = rows.text(row, 3);
    if (hex.size() != 32) return held;
    auto& digest = held.digest.emplace();
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    }
    return held;
}

class PostgresSink final : public Sink {
  public:
    PostgresSink(const std::string& target, Access access) : connection_(target) {
        if (access == Access::read_only) {
            check_and_read();
            return;
        }
        if (connection_.query("SELECT pg_try_advisory_lock(hashtext('cvstroom mirror'))").text(0, 0) != "t") {
            throw PostgresFault("", "another mirror is writing to this database; one at a time");
        }
        prepare_schema(connection_);
        next_key_ = greatest_key() + 1;
    }

    Result<State> state() override {
        return guarded([this]() -> Result<State> {
            const auto rows = connection_.query("SELECT name, value FROM cv_mirror.mirror_state");
            std::vector<std::pair<std::string, std::string>> members;
            for (int i = 0; i < rows.count(); ++i) members.emplace_back(rows.text(i, 0), rows.text(i, 1));
            return state_from_members(members);
        });
    }

    Result<Applied> apply(const Batch& batch) override {
        return guarded([&]() -> Result<Applied> {
            Transaction transaction(connection_);
            Applied applied;
            write(batch, applied);
            write_unresolved(batch);
            if (batch.is_end_of_listing) sweep(batch.state.generation, applied);
            write_state(batch.state);
            transaction.commit();
            return applied;
        });
    }

    Result<std::vector<Held>> held(std::span<const Uuid> cvs) override {
        return guarded([&]() -> Result<std::vector<Held>> {
            std::vector<Held> found;
            const auto rows =
                connection_.query(std::string(held_columns) + " WHERE cv_id = ANY($1::uuid[])", {array_of(cvs, as_id)});
            for (int i = 0; i < rows.count(); ++i) found.push_back(read_held(rows, i));
            return found;
        });
    }

    Result<void> visit(const std::function<void(const Held&)>& visitor) override {
        return guarded([&]() -> Result<void> {
            std::string after = Uuid{}.to_string();
            for (bool is_first = true;; is_first = false) {
                const auto rows = connection_.query(fmt::format("{} WHERE cv_id {} $1::uuid ORDER BY cv_id LIMIT 50000",
                                                                held_columns, is_first ? ">=" : ">"),
                                                    {after});
                for (int i = 0; i < rows.count(); ++i) visitor(read_held(rows, i));
                if (rows.count() == 0) return {};
                after = rows.text(rows.count() - 1, 0);
            }
        });
    }

    Result<std::optional<std::string>> document(const Uuid& cv) override {
        return guarded([&]() -> Result<std::optional<std::string>> {
            const auto rows = connection_.query(
                "SELECT json FROM cv_mirror.document JOIN cv_mirror.cv USING(cv) WHERE cv_id = $1::uuid",
                {cv.to_string()});
            if (rows.count() == 0) return std::optional<std::string>();
            return std::optional<std::string>(rows.text(0, 0));
        });
    }

    Result<std::vector<Unresolved>> unresolved() override {
        return guarded([&]() -> Result<std::vector<Unresolved>> {
            std::vector<Unresolved> list;
            const auto rows = connection_.query("SELECT cv_id, reason FROM cv_mirror.mirror_unresolved ORDER BY cv_id");
            for (int i = 0; i < rows.count(); ++i)
                list.push_back({Uuid::parse(rows.text(i, 0)).value_or(Uuid{}), std::string(rows.text(i, 1))});
            return list;
        });
    }

    Result<std::uint64_t> count() override {
        return guarded([this]() -> Result<std::uint64_t> {
            return connection_.query("SELECT count(*) FROM cv_mirror.cv").unsigned_integer(0, 0);
        });
    }

    Result<void> begin_bulk_load() override {
        return guarded([this]() -> Result<void> {
            drop_indexes(connection_);
            return {};
        });
    }
    Result<void> end_bulk_load() override {
        return guarded([this]() -> Result<void> {
            create_indexes(connection_);
            return {};
        });
    }

    Result<std::uint64_t> remove_orphans() override {
        return guarded([this]() -> Result<std::uint64_t> {
            Transaction transaction(connection_);
            std::set<std::int64_t> keys;
            for (const auto& table : tables_beside_cv()) {
                const auto rows =
                    connection_.query(fmt::format("SELECT DISTINCT cv FROM cv_mirror.{} AS t WHERE NOT EXISTS(SELECT 1 "
                                                  "FROM cv_mirror.cv WHERE cv.cv = "
                                                  "t.cv)",
                                                  table));
                for (int i = 0; i < rows.count(); ++i) keys.insert(rows.integer(i, 0));
            }
            erase({keys.begin(), keys.end()});
            transaction.commit();
            return keys.size();
        });
    }

  private:
    struct Row {
        std::int64_t key;
        Version version;
        std::uint64_t generation;
    };
    using RowMap = std::unordered_map<Uuid, Row, UuidHash>;

    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        try {
            return work();
        } catch (const PostgresFault& fault) {
            return tl::unexpected(to_error(fault));
        }
    }

    static std::vector<std::string_view> tables_beside_cv() {
        std::vector<std::string_view> names{"document"};
        for (const auto table : all_tables()) names.push_back(shape_of(table).name);
        return names;
    }

    // Of all tables: somebody may have deleted from 'cv' by hand, and what is left of that CV still has its key.
    std::int64_t greatest_key() {
        std::int64_t greatest = 0;
        auto names = tables_beside_cv();
        names.push_back("cv");
        for (const auto& table : names) {
            const auto rows = connection_.query(fmt::format("SELECT coalesce(max(cv), 0) FROM cv_mirror.{}", table));
            greatest = std::max(greatest, rows.integer(0, 0));
        }
        return greatest;
    }

    void check_and_read() {
        check_schema(connection_);
        connection_.execute("SET default_transaction_read_only = on");
    }

    RowMap find(const Batch& batch) {
        std::vector<Uuid> cvs;
        for (const auto& put : batch.puts) cvs.push_back(put.cv);
        for (const auto& removal : batch.removals) cvs.push_back(removal.cv);
        RowMap found;
        if (cvs.empty()) return found;
        const auto rows =
            connection_.query("SELECT cv_id, cv, version, generation FROM cv_mirror.cv WHERE cv_id = ANY($1::uuid[])",
                              {array_of(cvs, as_id)});
        for (int i = 0; i < rows.count(); ++i) {
            found.emplace(Uuid::parse(rows.text(i, 0)).value_or(Uuid{}),
                          Row{rows.integer(i, 1), rows.unsigned_integer(i, 2), rows.unsigned_integer(i, 3)});
        }
        return found;
    }

    void write(const Batch& batch, Applied& applied) {
        const auto found = find(batch);
        std::vector<std::int64_t> replaced;
        std::vector<Uuid> marks = batch.marks;
        CopyLines lines;
        for (const auto& put : batch.puts) {
            const auto row = found.find(put.cv);
            if (row == found.end()) {
                lines.add(put, next_key_++, batch.state.generation);
                ++applied.created;
            } else if (row->second.generation >= batch.state.trusted_generation && row->second.version >= put.version &&
                       !put.is_repair) {
                marks.push_back(put.cv);
            } else {
                replaced.push_back(row->second.key);
                lines.add(put, row->second.key, batch.state.generation);
                ++applied.updated;
            }
        }
        for (const auto& removal : batch.removals) {
            const auto row = found.find(removal.cv);
            if (row == found.end()) continue;
            if (row->second.generation >= batch.state.trusted_generation && row->second.version > removal.version)
                continue;
            replaced.push_back(row->second.key);
            ++applied.removed;
        }
        erase(replaced);
        copy(lines);
        if (!marks.empty()) {
            connection_.query(
                "UPDATE cv_mirror.cv SET generation = $1::bigint, version = CASE WHEN generation < $3::bigint THEN "
                "$4::bigint ELSE version END WHERE cv_id = ANY($2::uuid[]) AND generation <> $1::bigint",
                {std::to_string(batch.state.generation), array_of(marks, as_id),
                 std::to_string(batch.state.trusted_generation), std::to_string(unknown_version)});
        }
    }

    void erase(const std::vector<std::int64_t>& keys) {
        if (keys.empty()) return;
        const auto array = array_of(keys, as_number);
        for (const auto table : all_tables()) {
            connection_.query(
                fmt::format("DELETE FROM cv_mirror.{} WHERE cv = ANY($1::bigint[])", shape_of(table).name), {array});
        }
        connection_.query("DELETE FROM cv_mirror.document WHERE cv = ANY($1::bigint[])", {array});
        connection_.query("DELETE FROM cv_mirror.cv WHERE cv = ANY($1::bigint[])", {array});
    }

    void copy(const CopyLines& lines) {
        connection_.copy("COPY cv_mirror.cv FROM STDIN", lines.cv());
        connection_.copy("COPY cv_mirror.document FROM STDIN", lines.document());
        for (const auto table : all_tables()) {
            connection_.copy(fmt::format("COPY cv_mirror.{} FROM STDIN", shape_of(table).name), lines.table(table));
        }
    }

    void write_unresolved(const Batch& batch) {
        for (const auto& each : batch.unresolved) {
            connection_.query(
                "INSERT INTO cv_mirror.mirror_unresolved VALUES($1::uuid, $2) ON CONFLICT(cv_id) DO UPDATE SET reason "
                "= excluded.reason",
                {each.cv.to_string(), each.reason});
        }
        if (!batch.resolved.empty()) {
            connection_.query("DELETE FROM cv_mirror.mirror_unresolved WHERE cv_id = ANY($1::uuid[])",
                              {array_of(batch.resolved, as_id)});
        }
    }

    void sweep(std::uint64_t generation, Applied& applied) {
        const auto rows = connection_.query("SELECT cv FROM cv_mirror.cv WHERE generation < $1::bigint",
                                            {std::to_string(generation)});
        std::vector<std::int64_t> keys;
        for (int i = 0; i < rows.count(); ++i) keys.push_back(rows.integer(i, 0));
        erase(keys);
        applied.removed += keys.size();
    }

    void write_state(const State& state) {
        for (const auto& [name, value] : to_members(state)) {
            connection_.query(
                "INSERT INTO cv_mirror.mirror_state VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = "
                "excluded.value",
                {name, value});
        }
    }

    Connection connection_;
    std::int64_t next_key_ = 1;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_postgres_sink(const std::string& target, Access access) {
    try {
        return std::make_unique<PostgresSink>(target, access);
    } catch (const PostgresFault& fault) {
        return tl::unexpected(to_error(fault));
    }
}

}  // namespace cvstroom::mirror
