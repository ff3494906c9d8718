#include "mirror/sqlite/incoming_rows.hpp"

#include <fmt/format.h>

#include <new>

#include "mirror/sqlite/sqlite_schema.hpp"

namespace cvstroom::mirror {

using store::sqlite::SqliteFault;

// The callbacks of SQLite's virtual tables (https://sqlite.org/vtab.html), for reading from one end to the other.
struct IncomingRows::Reading {
    struct VirtualTable {
        sqlite3_vtab base{};  // first: SQLite knows the object by it
        const Source* source = nullptr;
        std::size_t columns_before = 1;  // cv, and position where the table has it
    };
    struct Cursor {
        sqlite3_vtab_cursor base{};  // first, likewise
        const Source* source = nullptr;
        std::size_t cv = 0;
        std::size_t row = 0;

        bool is_at_end() const { return cv >= source->cvs->size(); }
        const FlatRow& flat_row() const { return (*source->cvs)[cv].flat->rows[row]; }
        // To the next row of this table, from `row` on.
        void seek() {
            for (; !is_at_end(); ++cv, row = 0) {
                const auto& rows = (*source->cvs)[cv].flat->rows;
                while (row < rows.size() && rows[row].table != source->table) ++row;
                if (row < rows.size()) return;
            }
        }
    };

    static Cursor& cursor(sqlite3_vtab_cursor* base) { return *reinterpret_cast<Cursor*>(base); }

    static int connect(sqlite3* database, void* source, int, const char* const*, sqlite3_vtab** table, char**) {
        const auto& shape = shape_of(static_cast<const Source*>(source)->table);
        if (const int code = sqlite3_declare_vtab(database, declaration(shape).c_str()); code != SQLITE_OK) return code;
        auto* made =
            new (std::nothrow) VirtualTable{{}, static_cast<const Source*>(source), shape.has_position ? 2U : 1U};
        if (made == nullptr) return SQLITE_NOMEM;
        *table = &made->base;
        return SQLITE_OK;
    }
    static int disconnect(sqlite3_vtab* table) {
        delete reinterpret_cast<VirtualTable*>(table);
        return SQLITE_OK;
    }
    static int best_index(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
    static int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
        auto* made = new (std::nothrow) Cursor{{}, reinterpret_cast<VirtualTable*>(table)->source, 0, 0};
        if (made == nullptr) return SQLITE_NOMEM;
        *cursor = &made->base;
        return SQLITE_OK;
    }
    static int close(sqlite3_vtab_cursor* base) {
        delete &cursor(base);
        return SQLITE_OK;
    }
    static int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
        cursor(base).cv = cursor(base).row = 0;
        cursor(base).seek();
        return SQLITE_OK;
    }
    static int next(sqlite3_vtab_cursor* base) {
        ++cursor(base).row;
        cursor(base).seek();
        return SQLITE_OK;
    }
    static int eof(sqlite3_vtab_cursor* base) { return cursor(base).is_at_end() ? 1 : 0; }

    static int column(sqlite3_vtab_cursor* base, sqlite3_context* result, int index) {
        const auto& at = cursor(base);
        const auto& cv = (*at.source->cvs)[at.cv];
        const auto& row = at.flat_row();
        const auto before = reinterpret_cast<const VirtualTable*>(base->pVtab)->columns_before;
        const auto place = static_cast<std::size_t>(index);
        if (place == 0) {
            sqlite3_result_int64(result, cv.key);
        } else if (place < before) {
            sqlite3_result_int64(result, row.position);
        } else {
            give(*cv.flat, cv.flat->cells[row.first_cell + place - before], result);
        }
        return SQLITE_OK;
    }
    static void give(const FlatCv& flat, const Cell& cell, sqlite3_context* result) {
        if (cell.kind == Cell::Kind::integer) {
            sqlite3_result_int64(result, cell.value);
        } else if (cell.kind == Cell::Kind::text) {
            const auto text = flat.text(cell);
            sqlite3_result_text64(result, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
    }
    static int row_id(sqlite3_vtab_cursor*, sqlite3_int64* id) {
        *id = 0;  // nothing asks for it
        return SQLITE_OK;
    }

    static std::string declaration(const TableShape& shape) {
        std::string sql = fmt::format("CREATE TABLE x(cv{}", shape.has_position ? ", position" : "");
        for (const auto& column : shape.columns) sql += fmt::format(", {}", column.name);
        return sql + ")";
    }
    static const sqlite3_module& module() {
        static const sqlite3_module callbacks = [] {
            sqlite3_module it{};
            it.xConnect = connect;  // without xCreate: it is there without CREATE VIRTUAL TABLE, and only so
            it.xDisconnect = disconnect;
            it.xBestIndex = best_index;
            it.xOpen = open;
            it.xClose = close;
            it.xFilter = filter;
            it.xNext = next;
            it.xEof = eof;
            it.xColumn = column;
            it.xRowid = row_id;
            return it;
        }();
        return callbacks;
    }
};

IncomingRows::IncomingRows(store::sqlite::Connection& connection) : connection_(connection) {
    for (const auto table : all_tables()) {
        const auto i = static_cast<std::size_t>(table);
        sources_[i].table = table;
        const auto name = fmt::format("incoming_{}", shape_of(table).name);
        statements_[i] = fmt::format("INSERT INTO {} SELECT * FROM {}", shape_of(table).name, name);
        const int code = sqlite3_create_module(connection_.handle(), name.c_str(), &Reading::module(), &sources_[i]);
        if (code != SQLITE_OK) throw SqliteFault(code, sqlite3_errmsg(connection_.handle()));
    }
}

void IncomingRows::insert(const std::vector<IncomingCv>& cvs) {
    for (std::size_t i = 0; i < table_count; ++i) {
        sources_[i].cvs = &cvs;
        connection_.query(statements_[i]).run();
        sources_[i].cvs = nullptr;
    }
}

}  // namespace cvstroom::mirror
