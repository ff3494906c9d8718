// Reads the tab-separated files of data/ (UTF-8, one header row, no quoting).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cvstroom::reference {

// A whole file in memory; cells are views into it. Movable.
class Tsv {
  public:
    // invalid_input names file and line when a row has another number of cells than the header.
    static Result<Tsv> read(const std::filesystem::path& file);
    // The same of a text that is in memory already; `name` stands for the file in errors.
    static Result<Tsv> parse(std::string text, std::string name);

    const std::string& name() const { return name_; }

    std::size_t rows() const { return cells_.size(); }
    // Empty when the file has no such column: optional columns are common in data/.
    std::string_view cell(std::size_t row, std::string_view column) const;
    // The column's position, for reading many rows; -1 when absent.
    int column(std::string_view name) const;
    std::string_view cell(std::size_t row, int column) const;

  private:
    std::string name_;
    std::unique_ptr<std::string> text_;
    std::vector<std::string_view> header_;
    std::vector<std::vector<std::string_view>> cells_;
};

}  // namespace cvstroom::reference
