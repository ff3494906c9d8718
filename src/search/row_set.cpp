#include "search/row_set.hpp"

#include "search/list_members.hpp"

namespace cvstroom::search {

using index::word_bits;

RowSet::RowSet(const index::TextRows& rows) : size_(rows.size()) {
    switch (rows.form()) {
        case index::TextForm::bits:
            rows_ = index::RowsView::of_bits(rows.words().data(), rows.size());
            break;
        case index::TextForm::sparse:
            rows_ = rows.sparse();
            break;
        case index::TextForm::packed:
            rows_ = rows.packed();
    }
}

std::string_view RowSet::form() const {
    if (is_dense()) return "bits";
    if (list() != nullptr) return "list";
    if (places() != nullptr) return "places";
    return sparse() != nullptr ? "sparse bits" : "packed list";
}

bool RowSet::add_to(std::size_t container, std::uint64_t* words) const {
    if (const auto* bits = sparse()) {
        bits->add_to(container, words);
        return true;
    }
    if (const auto* at = places()) return at->add_to(container, words);
    if (const auto* rows = packed()) {
        return rows->each_in(
            container, [words](index::Row row) { words[row / word_bits] |= std::uint64_t{1} << (row % word_bits); });
    }
    return visit_members(*list(), container, [words](std::uint16_t value, bool counts) {
        words[value / word_bits] |= std::uint64_t{counts} << (value % word_bits);
    });
}

}  // namespace cvstroom::search
