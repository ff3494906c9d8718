#include "mirror/postgres/copy_lines.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "mirror/postgres/connection.hpp"

namespace cvstroom::mirror {
namespace {

using postgres::append_copy_text;

constexpr std::string_view null = "\\N";

void append_cell(std::string& line, const FlatCv& flat, const Cell& cell, ColumnKind kind) {
    line += '\t';
    if (cell.kind == Cell::Kind::null) {
        line += null;
    } else if (cell.kind == Cell::Kind::text) {
        append_copy_text(line, flat.text(cell));
    } else if (kind == ColumnKind::boolean) {
        line += cell.value != 0 ? 't' : 'f';
    } else {
        line += std::to_string(cell.value);
    }
}

}  // namespace

void CopyLines::add(const Put& put, std::int64_t key, std::uint64_t generation) {
    // What an API of another kind gives for an instant or a date may be neither: then it is nothing here.
    const auto instant = parse_instant(put.changed_at);
    const auto date = parse_date(put.flat.document_date);
    cv_ += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", key, put.cv.to_string(), put.version,
                       instant ? format_instant(*instant) : null, date ? format_date(*date) : null,
                       put.flat.ikl_id ? std::to_string(*put.flat.ikl_id) : null, generation,
                       put.digest ? "\\\\x" + to_hex(*put.digest) : null);
    document_ += std::to_string(key);
    document_ += '\t';
    append_copy_text(document_, put.json);
    document_ += '\n';
    for (const auto& row : put.flat.rows) {
        const auto& shape = shape_of(row.table);
        auto& lines = tables_[static_cast<std::size_t>(row.table)];
        lines += std::to_string(key);
        if (shape.has_position) {
            lines += '\t';
            lines += std::to_string(row.position);
        }
        for (std::size_t i = 0; i < shape.columns.size(); ++i) {
            append_cell(lines, put.flat, put.flat.cells[row.first_cell + i], shape.columns[i].kind);
        }
        lines += '\n';
    }
}

}  // namespace cvstroom::mirror
