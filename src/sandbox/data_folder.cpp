#include "sandbox/data_folder.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "reference/list_source.hpp"

namespace cvstroom::sandbox {

reference::Tsv DataFolder::read(const std::string& file, std::initializer_list<std::string_view> columns) {
    if (error_) return {};
    auto table = read_table(file);
    if (!table) {
        error_ = std::move(table.error());
        return {};
    }
    need(table->rows() > 0, file, "a row below the header");
    for (const auto column : columns) need(table->column(column) >= 0, file, fmt::format("a column \"{}\"", column));
    return error_ ? reference::Tsv{} : std::move(*table);
}

Result<reference::Tsv> DataFolder::read_table(const std::string& file) const {
    for (const auto& source : reference::list_sources()) {
        const auto found = source.file == file ? replaced_.find(source.name) : replaced_.end();
        if (found != replaced_.end()) return reference::Tsv::parse(found->second, "list " + found->first);
    }
    return reference::Tsv::read(folder_ / file);
}

std::uint64_t DataFolder::whole_number(const std::string& file, std::string_view cell) {
    const auto value = parse_unsigned(cell);
    need(value.has_value(), file, fmt::format("a number where it says \"{}\"", cell));
    return value.value_or(0);
}

double DataFolder::decimal_number(const std::string& file, std::string_view cell) {
    double value = 0;
    const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    need(fault == std::errc{} && end == cell.data() + cell.size(), file,
         fmt::format("a number where it says \"{}\"", cell));
    return value;
}

void DataFolder::need(bool is_fulfilled, const std::string& file, std::string_view what) {
    if (is_fulfilled || error_) return;
    error_ = Error{ErrorCode::invalid_input, fmt::format("the generator needs {}", what), (folder_ / file).string()};
}

}  // namespace cvstroom::sandbox
