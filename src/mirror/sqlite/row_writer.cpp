#include "mirror/sqlite/row_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "mirror/sqlite/sqlite_schema.hpp"

namespace cvstroom::mirror {
namespace {

using store::sqlite::Query;

// CVs whose flat rows are stored together: so few that they are still in the processor's cache, since each table is a
// pass over them.
constexpr std::size_t most_waiting = 128;

void bind_text_or_null(Query& query, int parameter, std::string_view text) {
    if (text.empty()) {
        query.bind_null(parameter);
    } else {
        query.bind_text(parameter, text);
    }
}

// The columns that put() sets, from `changed_at` on.
int bind_cv_columns(Query& query, int parameter, const Put& put, const State& state) {
    query.bind(parameter++, put.version);
    bind_text_or_null(query, parameter++, put.changed_at);
    bind_text_or_null(query, parameter++, put.flat.document_date);
    if (put.flat.ikl_id) {
        query.bind(parameter++, *put.flat.ikl_id);
    } else {
        query.bind_null(parameter++);
    }
    query.bind(parameter++, state.generation);
    if (put.digest) {
        query.bind_blob(parameter++, put.digest->data(), put.digest->size());
    } else {
        query.bind_null(parameter++);
    }
    return parameter;
}

std::optional<DocumentDigest> digest_in(const Query& query, int column) {
    const auto bytes = query.blob(column);
    DocumentDigest digest;
    if (bytes.size() != digest.size()) return std::nullopt;
    std::memcpy(digest.data(), bytes.data(), digest.size());
    return digest;
}

}  // namespace

RowWriter::RowWriter(store::sqlite::Connection& connection)
    : connection_(connection),
      find_by_id_(prepare("SELECT cv, version, generation, digest FROM cv WHERE cv_id = ?")),
      find_by_key_(prepare("SELECT cv, version, generation, digest FROM cv WHERE cv = ?")),
      insert_cv_(prepare("INSERT INTO cv(cv, cv_id, version, changed_at, document_date, ikl_id, generation, digest) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?, ?)")),
      insert_document_(prepare("INSERT OR REPLACE INTO document VALUES(?, ?)")),
      mark_(prepare("UPDATE cv SET generation = ? WHERE cv = ?")),
      distrust_(prepare("UPDATE cv SET generation = ?, version = ? WHERE cv = ?")),
      incoming_(connection) {
    for (const auto table : all_tables()) {
        const auto i = static_cast<std::size_t>(table);
        insert_row_[i] = prepare(insert_statement(shape_of(table)));
        delete_row_[i] = prepare(fmt::format("DELETE FROM {} WHERE cv = ?", shape_of(table).name));
    }
    next_key_ = greatest_key() + 1;
    note_indexes();
}

// Of all tables: somebody may have deleted from 'cv' by hand, and what is left of that CV still has its key.
std::int64_t RowWriter::greatest_key() {
    std::int64_t greatest = 0;
    const auto look_at = [&](std::string_view table) {
        auto query = connection_.query(fmt::format("SELECT coalesce(max(cv), 0) FROM {}", table));
        query.step();
        greatest = std::max(greatest, query.integer(0));
    };
    look_at("cv");
    look_at("document");
    for (const auto table : all_tables()) look_at(shape_of(table).name);
    return greatest;
}

std::uint64_t RowWriter::remove_orphans() {
    std::set<std::int64_t> keys;
    const auto look_at = [&](std::string_view table) {
        auto query = connection_.query(
            fmt::format("SELECT DISTINCT cv FROM {0} WHERE NOT EXISTS(SELECT 1 FROM cv WHERE cv.cv = {0}.cv)", table));
        while (query.step()) keys.insert(query.integer(0));
    };
    look_at("document");
    for (const auto table : all_tables()) look_at(shape_of(table).name);
    for (const auto key : keys) erase(key);
    return keys.size();
}

void RowWriter::note_indexes() {
    if (has_id_index(connection_)) {
        keys_.reset();
    } else if (!keys_) {
        load_keys();
    }
}

void RowWriter::load_keys() {
    keys_.emplace();
    auto query = connection_.query("SELECT cv, cv_id FROM cv");
    while (query.step()) {
        if (const auto cv = Uuid::parse(query.text(1))) keys_->emplace(*cv, query.integer(0));
    }
}

std::optional<RowWriter::Row> RowWriter::find(const Uuid& cv) {
    auto& query = keys_ ? *find_by_key_ : *find_by_id_;
    std::string id;
    if (keys_) {
        const auto found = keys_->find(cv);
        if (found == keys_->end()) return std::nullopt;
        query.bind(1, found->second);
    } else {
        cv.append_to(id);
        query.bind_text(1, id);
    }
    std::optional<Row> row;
    if (query.step()) {
        row = Row{query.integer(0), {cv, query.unsigned_integer(1), query.unsigned_integer(2), digest_in(query, 3)}};
    }
    query.reset();
    return row;
}

std::optional<Held> RowWriter::held(const Uuid& cv) {
    const auto row = find(cv);
    return row ? std::optional(row->held) : std::nullopt;
}

void RowWriter::put(const Put& put, const State& state, Applied& applied) {
    const auto row = find(put.cv);
    if (!row) {
        insert(put, state);
        ++applied.created;
        return;
    }
    const bool is_trusted = row->held.generation >= state.trusted_generation && !put.is_repair;
    if (is_trusted && row->held.version >= put.version) {
        if (row->held.generation != state.generation) set_generation(row->key, state.generation);
        return;
    }
    update(put, row->key, state);
    ++applied.updated;
}

void RowWriter::insert(const Put& put, const State& state) {
    // A rolled back transaction leaves a gap, which is harmless.
    const auto key = next_key_++;
    const auto id = put.cv.to_string();
    insert_cv_->bind(1, key).bind_text(2, id);
    bind_cv_columns(*insert_cv_, 3, put, state);
    insert_cv_->run();
    insert_cv_->reset();
    insert_document_->bind(1, key).bind_text(2, put.json).run();
    insert_document_->reset();
    if (keys_) keys_->insert_or_assign(put.cv, key);
    waiting_.push_back({key, &put.flat});
    if (waiting_.size() >= most_waiting) flush();
}

void RowWriter::flush() {
    if (!waiting_.empty()) incoming_.insert(waiting_);
    waiting_.clear();
}

void RowWriter::update(const Put& put, std::int64_t key, const State& state) {
    auto query = connection_.query(
        "UPDATE cv SET version = ?, changed_at = ?, document_date = ?, ikl_id = ?, generation = ?, digest = ? WHERE cv "
        "= ?");
    const int next = bind_cv_columns(query, 1, put, state);
    query.bind(next, key).run();
    delete_rows(key);
    insert_document_->bind(1, key).bind_text(2, put.json).run();
    insert_document_->reset();
    insert_rows(put.flat, key);
}

void RowWriter::insert_rows(const FlatCv& flat, std::int64_t key) {
    for (const auto& row : flat.rows) {
        const auto& shape = shape_of(row.table);
        auto& query = *insert_row_[static_cast<std::size_t>(row.table)];
        int parameter = 1;
        query.bind(parameter++, key);
        if (shape.has_position) query.bind(parameter++, std::int64_t{row.position});
        for (std::size_t i = 0; i < shape.columns.size(); ++i) {
            const auto& cell = flat.cells[row.first_cell + i];
            if (cell.kind == Cell::Kind::text) {
                query.bind_text(parameter++, flat.text(cell));
            } else if (cell.kind == Cell::Kind::integer) {
                query.bind(parameter++, cell.value);
            } else {
                query.bind_null(parameter++);
            }
        }
        query.run();
        query.reset();
    }
}

void RowWriter::delete_rows(std::int64_t key) {
    for (auto& statement : delete_row_) {
        statement->bind(1, key).run();
        statement->reset();
    }
}

void RowWriter::erase(std::int64_t key) {
    delete_rows(key);
    connection_.query("DELETE FROM document WHERE cv = ?").bind(1, key).run();
    connection_.query("DELETE FROM cv WHERE cv = ?").bind(1, key).run();
}

void RowWriter::remove(const Removal& removal, const State& state, Applied& applied) {
    const auto row = find(removal.cv);
    if (!row) return;
    const bool is_trusted = row->held.generation >= state.trusted_generation;
    if (is_trusted && row->held.version > removal.version) return;  // an old removal of what has come back since
    erase(row->key);
    ++applied.removed;
}

void RowWriter::mark(const Uuid& cv, const State& state) {
    const auto row = find(cv);
    if (!row || row->held.generation == state.generation) return;
    if (row->held.generation >= state.trusted_generation) return set_generation(row->key, state.generation);
    distrust_->bind(1, state.generation).bind(2, unknown_version).bind(3, row->key).run();
    distrust_->reset();
}

void RowWriter::set_generation(std::int64_t key, std::uint64_t generation) {
    mark_->bind(1, generation).bind(2, key).run();
    mark_->reset();
}

void RowWriter::reset() {
    for (const auto* statement : {&find_by_id_, &find_by_key_, &insert_cv_, &insert_document_, &mark_, &distrust_}) {
        (*statement)->reset();
    }
    for (auto& statement : insert_row_) statement->reset();
    for (auto& statement : delete_row_) statement->reset();
    waiting_.clear();
}

void RowWriter::sweep(std::uint64_t generation, Applied& applied) {
    std::vector<std::int64_t> keys;
    {
        auto query = connection_.query("SELECT cv FROM cv WHERE generation < ?");
        query.bind(1, generation);
        while (query.step()) keys.push_back(query.integer(0));
    }
    for (const auto key : keys) erase(key);
    applied.removed += keys.size();
}

}  // namespace cvstroom::mirror
