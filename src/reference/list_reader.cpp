#include "reference/list_reader.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

namespace cvstroom::reference {
namespace {

// The items of one file with the line that each stood on, so that a fault can be named.
class ListReader {
  public:
    ListReader(const ListSource& source, const Tsv& table) : source_(source), table_(table) {}

    Result<CodeList> read() {
        for (const auto needed : {source_.code, source_.label}) {
            if (table_.column(needed) < 0) return fault(1, fmt::format("the header has no column \"{}\"", needed));
        }
        for (const auto check : {&ListReader::take_items, &ListReader::check_codes, &ListReader::check_parents,
                                 &ListReader::check_successors}) {
            if (auto checked = (this->*check)(); !checked) return tl::unexpected(std::move(checked.error()));
        }
        return CodeList(std::string(source_.name), std::move(items_));
    }

  private:
    tl::unexpected<Error> fault(std::size_t line, std::string message) const {
        return fail(ErrorCode::invalid_input, std::move(message), fmt::format("{}:{}", table_.name(), line));
    }

    Result<void> take_items() {
        for (std::size_t row = 0; row < table_.rows(); ++row) {
            if (!source_.context.empty() && table_.cell(row, "context") != source_.context) continue;
            lines_.push_back(row + 2);
            if (auto taken = take_item(row); !taken) return taken;
        }
        if (items_.empty()) return fault(1, "no codes at all");
        return {};
    }

    Result<void> take_item(std::size_t row) {
        const auto text = [&](std::string_view column) { return std::string(table_.cell(row, column)); };
        CodeItem item;
        item.code = text(source_.code);
        item.label_nl = text(source_.label);
        item.label_fr = text(source_.label_fr);
        item.label_en = text("label_en");
        item.parent = text("parent");
        item.description = text("omschrijving");
        item.successor = text("omgezet_naar");
        for (const auto& [column, member] : source_.properties) {
            if (column.empty()) continue;
            if (auto value = text(column); !value.empty()) item.properties.emplace_back(member, std::move(value));
        }
        if (auto taken = take_date(row, "geldig_van", item.valid_from); !taken) return taken;
        if (auto taken = take_date(row, "geldig_tot", item.valid_until); !taken) return taken;
        if (item.valid_from && item.valid_until && *item.valid_until < *item.valid_from) {
            return fault(lines_.back(), "geldig_tot lies before geldig_van");
        }
        items_.push_back(std::move(item));
        return {};
    }

    Result<void> take_date(std::size_t row, std::string_view column, std::optional<Date>& into) const {
        const auto text = table_.cell(row, column);
        if (text.empty()) return {};
        const auto date = parse_date(text);
        if (!date) return fault(lines_.back(), fmt::format("{} \"{}\" is no date such as 2026-09-01", column, text));
        into = *date;
        return {};
    }

    Result<void> check_codes() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].code.empty()) return fault(lines_[i], "an empty code");
            if (items_[i].label_nl.empty()) {
                return fault(lines_[i], fmt::format("code {} has no label ({})", items_[i].code, source_.label));
            }
            const auto [first, is_new] = positions_.emplace(items_[i].code, i);
            if (is_new) continue;
            return fault(lines_[i],
                         fmt::format("code {} stands on line {} too", items_[i].code, lines_[first->second]));
        }
        return {};
    }

    Result<void> check_parents() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            std::size_t at = i;
            for (std::size_t steps = 0; !items_[at].parent.empty(); ++steps) {
                if (steps == items_.size())
                    return fault(lines_[i], fmt::format("the parents of code {} go round in a circle", items_[i].code));
                const auto parent = positions_.find(items_[at].parent);
                if (parent == positions_.end()) {
                    return fault(lines_[at], fmt::format("parent {} of code {} does not exist", items_[at].parent,
                                                         items_[at].code));
                }
                at = parent->second;
            }
        }
        return {};
    }

    Result<void> check_successors() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const auto& successor = items_[i].successor;
            if (successor.empty() || positions_.contains(successor)) continue;
            return fault(lines_[i], fmt::format("code {}, which takes the place of {}, does not exist", successor,
                                                items_[i].code));
        }
        return {};
    }

    const ListSource& source_;
    const Tsv& table_;
    std::vector<CodeItem> items_;
    std::vector<std::size_t> lines_;
    std::unordered_map<std::string_view, std::size_t> positions_;
};

}  // namespace

Result<CodeList> read_list(const ListSource& source, const Tsv& table) {
    return ListReader(source, table).read();
}

}  // namespace cvstroom::reference
