// Reads the files of data/ one after the other and remembers the first thing that was wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "reference/reference.hpp"
#include "reference/tsv.hpp"

namespace cvstroom::sandbox {

// After an error every further answer is empty: a loader reads all it needs and asks error() once, before it uses
// anything. Not thread-safe.
class DataFolder {
  public:
    // A list that is replaced is read from its new text instead of the folder.
    explicit DataFolder(std::filesystem::path folder, reference::ReplacedLists replaced = {})
        : folder_(std::move(folder)), replaced_(std::move(replaced)) {}

    // The table has at least one row and the columns, or there is an error.
    reference::Tsv read(const std::string& file, std::initializer_list<std::string_view> columns);

    // The whole of `cell` as a number, or an error that names `file`; 0 then.
    std::uint64_t whole_number(const std::string& file, std::string_view cell);
    double decimal_number(const std::string& file, std::string_view cell);

    void need(bool is_fulfilled, const std::string& file, std::string_view what);
    const std::optional<Error>& error() const { return error_; }

  private:
    Result<reference::Tsv> read_table(const std::string& file) const;

    std::filesystem::path folder_;
    reference::ReplacedLists replaced_;
    std::optional<Error> error_;
};

}  // namespace cvstroom::sandbox
