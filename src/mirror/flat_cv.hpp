// A document as rows of the flat tables (mirror/tables.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "mirror/tables.hpp"

namespace cvstroom::mirror {

// A value of a row: nothing, a number (booleans are 0 and 1), or a text in the CV's own store of texts.
struct Cell {
    enum class Kind : std::uint8_t { null, integer, text };
    Kind kind = Kind::null;
    std::uint32_t length = 0;
    std::int64_t value = 0;  // the number, or where the text begins
};

// One row: `cells` has as many entries as the table has columns. `cv` and the position are not among them.
struct FlatRow {
    Table table{};
    std::uint32_t position = 0;
    std::uint32_t first_cell = 0;
};

// All rows of one CV, in the order of all_tables(). Owns its texts; a plain value that may go to another thread.
struct FlatCv {
    std::string texts;
    std::vector<Cell> cells;
    std::vector<FlatRow> rows;
    std::optional<std::int64_t> ikl_id;
    std::string document_date;  // wijzigingsDatum

    std::string_view text(const Cell& cell) const {
        return std::string_view(texts).substr(static_cast<std::size_t>(cell.value), cell.length);
    }
};

// What an answer says of one CV.
enum class Publication : std::uint8_t {
    open,     // OPEN: the partner may hold it
    removed,  // GESLOTEN, VERWIJDERD, BUITEN_SELECTIE: the partner must not
    unknown,  // a status that this version does not know
};
Publication publication_of(std::string_view wire_status);

struct ReadDocument {
    Uuid cv;
    Publication publication{};
    std::string status;  // as on the wire
    FlatCv flat;         // empty unless open
};

// Not thread-safe: keep one a thread; it reuses its buffers.
class DocumentFlattener {
  public:
    DocumentFlattener();
    ~DocumentFlattener();

    // Reads a document or a tombstone. Only what can be a row is looked at: members that are unknown or of another type
    // stay in the document's text alone. corrupt when it is no JSON object with a cvId and a status.
    Result<ReadDocument> read(std::string_view json);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cvstroom::mirror
