// Reads the files of data/ one after the other and remembers the first thing that was wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "reference/tsv.hpp"

namespace cvstroom::sandbox {

// After an error every further answer is empty: a loader reads all it needs and asks error() once, before it uses
// anything. Not thread-safe.
class DataFolder {
  public:
    explicit DataFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // The table has at least one row and the columns, or there is an error.
    reference::Tsv read(const std::string& file, std::initializer_list<std::string_view> columns);

    // The whole of `cell` as a number, or an error that names `file`; 0 then.
    std::uint64_t whole_number(const std::string& file, std::string_view cell);
    double decimal_number(const std::string& file, std::string_view cell);

    void need(bool is_fulfilled, const std::string& file, std::string_view what);
    const std::optional<Error>& error() const { return error_; }

  private:
    std::filesystem::path folder_;
    std::optional<Error> error_;
};

}  // namespace cvstroom::sandbox
