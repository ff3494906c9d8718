// What another part of the index hangs on each segment: free text. The segment carries it without looking inside.
//
// An extension is built from the same rows in the same order as its segment, is merged with the same mapping of rows,
// and is saved and loaded as one section of the segment's file. So the rest of index/ knows nothing of its form.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "candidate/facts.hpp"

namespace cvstroom::index {

// A row's number within its segment. Rows stand in log order: a later row is a newer version.
using Row = std::uint32_t;

// In a mapping of rows: this row was dead, and is not taken over.
inline constexpr Row dropped_row = ~Row{0};

// A segment of so many rows is made by more than one thread.
inline constexpr Row rows_for_threads = 100'000;

// Immutable after building; shared freely between threads.
class Extension {
  public:
    virtual ~Extension() = default;

    // Memory held, in bytes: for planning (bench/) and metrics.
    virtual std::size_t bytes() const = 0;

    // Appends the saved form to `out`: the same bytes for the same rows. What ExtensionKind::load reads.
    virtual void save(std::string& out) const = 0;
};

// Collects rows in log order. Used by one thread.
class ExtensionBuilder {
  public:
    virtual ~ExtensionBuilder() = default;

    // The next row; `input` is what ExtensionKind::read made of its document.
    virtual void add(std::string_view input) = 0;

    // Rows of an existing segment: row r of `source` becomes row moved[r], or goes when that is dropped_row. The new
    // numbers ascend, and follow those added so far. `source` is of the same kind.
    virtual void add_rows(const Extension& source, std::span<const Row> moved) = 0;

    // The extension of all rows added. Leaves the builder unusable.
    virtual std::shared_ptr<const Extension> build() = 0;

    // The same for a segment that nothing is done with but add_rows(): it may lack what only searches and files need.
    virtual std::shared_ptr<const Extension> build_for_merge() { return build(); }
};

// Makes all of the above. Thread-safe; outlives the index that uses it.
class ExtensionKind {
  public:
    virtual ~ExtensionKind() = default;

    // Names the kind with the version of its form and of its analysis, such as "text/1-0a1b2c3d": a saved file of
    // another name is not loaded, but rebuilt. At most 15 bytes.
    virtual std::string_view name() const = 0;

    // Puts what the builder wants to know of a document in `input`. Called on any thread, many at once.
    virtual void read(const candidate::Facts& facts, std::string& input) const = 0;

    virtual std::unique_ptr<ExtensionBuilder> builder() const = 0;

    // Reads what save() wrote, for a segment of `rows` rows. Bytes are copied, not kept. corrupt for anything that
    // could lead a reader astray: the checksum was right, but nothing is trusted for that.
    virtual Result<std::shared_ptr<const Extension>> load(std::string_view bytes, Row rows) const = 0;
};

}  // namespace cvstroom::index
