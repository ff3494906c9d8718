#include "index/text_rows.hpp"

#include <algorithm>

namespace cvstroom::index {

void TextRows::append_to(std::vector<Row>& rows) const {
    if (form_ == TextForm::packed) return packed_.append_to(rows);
    const std::size_t before = rows.size();
    rows.resize(before + size_);
    Row* out = rows.data() + before;
    each([&out](Row row) { *out++ = row; });
}

void TextRows::add_to(std::size_t container, std::uint64_t* words) const {
    switch (form_) {
        case TextForm::bits: {
            const std::size_t begin = container * container_words;
            const std::size_t end = std::min(begin + container_words, words_.size());
            for (std::size_t word = begin; word < end; ++word) words[word - begin] |= words_[word];
            return;
        }
        case TextForm::sparse:
            return sparse_.add_to(container, words);
        case TextForm::packed:
            packed_.each_in(container,
                            [words](Row row) { words[row / word_bits] |= std::uint64_t{1} << (row % word_bits); });
    }
}

void TextRows::mark(std::span<const Row> rows, std::uint8_t* marks) const {
    if (form_ == TextForm::sparse) return sparse_.mark(rows, marks);
    if (form_ == TextForm::packed) return packed_.mark(rows, marks);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto bit = (words_[rows[i] / word_bits] >> (rows[i] % word_bits)) & 1U;
        marks[i] = static_cast<std::uint8_t>(marks[i] | bit);
    }
}

}  // namespace cvstroom::index
