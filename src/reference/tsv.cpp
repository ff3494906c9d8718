#include "reference/tsv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/text.hpp"

namespace cvstroom::reference {
namespace {

std::string place(const std::string& name, std::size_t line) {
    return fmt::format("{}:{}", name, line);
}

Result<std::string> read_text(const std::filesystem::path& file) {
    std::error_code ignored;  // what goes wrong here goes wrong again, with more to say, at the open
    if (!std::filesystem::exists(file, ignored)) return fail(ErrorCode::not_found, "no such file", file.string());
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad()) return fail(ErrorCode::io, "cannot be read", file.string());
    return text;
}

// Without the line feed that ends the last line. Line feeds inside stay: an empty line is a row of one empty cell, so
// that row n is always line n + 2.
std::vector<std::string_view> lines_of(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return split(text, '\n');
}

Result<void> check_text(const std::string& name, const std::vector<std::string_view>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!is_valid_utf8(lines[i]))
            return fail(ErrorCode::invalid_input, "this line is not UTF-8", place(name, i + 1));
        if (lines[i].find('\r') != std::string_view::npos) {
            return fail(ErrorCode::invalid_input, "carriage return: lines end with a line feed alone",
                        place(name, i + 1));
        }
    }
    return {};
}

}  // namespace

Result<Tsv> Tsv::read(const std::filesystem::path& file) {
    auto text = read_text(file);
    if (!text) return tl::unexpected(std::move(text.error()));
    return parse(std::move(*text), file.string());
}

Result<Tsv> Tsv::parse(std::string text, std::string name) {
    if (text.empty())
        return fail(ErrorCode::invalid_input, "empty: the first line must name the columns", place(name, 1));
    Tsv tsv;
    tsv.text_ = std::make_unique<std::string>(std::move(text));
    const auto lines = lines_of(*tsv.text_);
    if (auto checked = check_text(name, lines); !checked) return tl::unexpected(std::move(checked.error()));
    tsv.header_ = split(lines.front(), '\t');
    tsv.cells_.reserve(lines.size() - 1);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        auto cells = split(lines[i], '\t');
        if (cells.size() != tsv.header_.size()) {
            return fail(ErrorCode::invalid_input,
                        fmt::format("{} cells, but the header has {}", cells.size(), tsv.header_.size()),
                        place(name, i + 1));
        }
        tsv.cells_.push_back(std::move(cells));
    }
    tsv.name_ = std::move(name);
    return tsv;
}

std::string_view Tsv::cell(std::size_t row, std::string_view column) const {
    return cell(row, this->column(column));
}

int Tsv::column(std::string_view name) const {
    const auto found = std::ranges::find(header_, name);
    return found == header_.end() ? -1 : static_cast<int>(found - header_.begin());
}

std::string_view Tsv::cell(std::size_t row, int column) const {
    if (column < 0) return {};
    return cells_[row][static_cast<std::size_t>(column)];
}

}  // namespace cvstroom::reference
