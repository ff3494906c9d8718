// A TextSegment as bytes, and the checks that reading them back needs.
#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "index/text_segment.hpp"

namespace cvstroom::index {
namespace {

// The arrays are written as they stand in memory.
static_assert(std::endian::native == std::endian::little);

// The last byte is the version of the form.
constexpr std::array<char, 8> magic_bytes{'c', 'v', 't', 'e', 'x', 't', 0, 3};

template <typename T>
void append_value(std::string& out, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename Array>
void append_array(std::string& out, const Array& values) {
    append_value(out, std::uint64_t{values.size()});
    out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
}

tl::unexpected<Error> corrupt(const char* what) {
    return fail(ErrorCode::corrupt, std::string("the saved text of a segment is damaged: ") + what);
}

}  // namespace

void TextSegment::append_to(std::string& out) const {
    append_value(out, magic_bytes);
    append_value(out, std::uint64_t{rows_});
    append_value(out, field_lengths_);
    append_array(out, word_text_);
    append_array(out, word_offsets_);
    append_array(out, alphabet_);
    append_array(out, word_rows_);
    append_array(out, bits_);
    append_array(out, skips_);
    append_array(out, row_bytes_);
    append_array(out, stem_keys_);
    append_array(out, stem_words_);
    append_array(out, text_offsets_);
    append_array(out, text_words_);
    append_array(out, pair_texts_);
    append_array(out, word_pair_offsets_);
    append_array(out, word_pairs_);
    append_array(out, row_texts_.bases_);
    append_array(out, row_texts_.offsets_);
    append_array(out, row_texts_.bytes_);
}

// Reads what append_to() wrote, and believes none of it.
class TextSegmentReader {
  public:
    explicit TextSegmentReader(std::string_view bytes) : left_(bytes) {}

    Result<std::shared_ptr<const TextSegment>> read() {
        if (!read_arrays()) return corrupt("it is cut or not of this version");
        if (!check_words()) return corrupt("its words");
        if (!check_word_rows()) return corrupt("the rows of its words");
        if (!check_stems()) return corrupt("its stems");
        if (!check_texts()) return corrupt("its texts");
        if (!check_pairs()) return corrupt("where its texts stand");
        if (!check_rows()) return corrupt("the texts of its rows");
        segment_->count_inflections();
        return std::shared_ptr<const TextSegment>(std::move(segment_));
    }

  private:
    template <typename T>
    bool take(T& value) {
        if (left_.size() < sizeof value) return false;
        std::memcpy(&value, left_.data(), sizeof value);
        left_.remove_prefix(sizeof value);
        return true;
    }

    template <typename Array>
    bool take_array(Array& values) {
        std::uint64_t count = 0;
        if (!take(count) || count > left_.size() / sizeof(values[0])) return false;
        values.resize(count);
        const std::size_t bytes = count * sizeof(values[0]);
        if (bytes > 0) std::memcpy(values.data(), left_.data(), bytes);
        left_.remove_prefix(bytes);
        return true;
    }

    bool read_arrays() {
        auto& s = *segment_;
        std::array<char, 8> found{};
        std::uint64_t rows = 0;
        if (!take(found) || found != magic_bytes || !take(rows) || rows >= dropped || !take(s.field_lengths_))
            return false;
        s.rows_ = static_cast<Row>(rows);
        return take_array(s.word_text_) && take_array(s.word_offsets_) && take_array(s.alphabet_) &&
               take_array(s.word_rows_) && take_array(s.bits_) && take_array(s.skips_) && take_array(s.row_bytes_) &&
               take_array(s.stem_keys_) && take_array(s.stem_words_) && take_array(s.text_offsets_) &&
               take_array(s.text_words_) && take_array(s.pair_texts_) && take_array(s.word_pair_offsets_) &&
               take_array(s.word_pairs_) && take_array(s.row_texts_.bases_) && take_array(s.row_texts_.offsets_) &&
               take_array(s.row_texts_.bytes_) && left_.empty();
    }

    // Offsets ascend from 0 to `end`, each part with something in it.
    static bool are_offsets(const std::vector<std::uint32_t>& offsets, std::size_t end) {
        if (offsets.empty() || offsets.front() != 0 || offsets.back() != end) return false;
        for (std::size_t i = 1; i < offsets.size(); ++i) {
            if (offsets[i] <= offsets[i - 1]) return false;
        }
        return true;
    }

    // A strictly ascending alphabet of as many entries as there are words names each word once.
    bool check_words() const {
        const auto& s = *segment_;
        const std::size_t count = s.word_rows_.size();
        if (!are_offsets(s.word_offsets_, s.word_text_.size()) || s.word_offsets_.size() != count + 1) return false;
        if (s.alphabet_.size() != count) return false;
        for (std::size_t i = 0; i < count; ++i) {
            if (s.alphabet_[i] >= count) return false;
            if (i > 0 && s.word(s.alphabet_[i - 1]) >= s.word(s.alphabet_[i])) return false;
        }
        return true;
    }

    bool check_word_rows() const {
        const auto& s = *segment_;
        if (s.row_bytes_.size() < bytes_read_past) return false;
        for (const auto& word : s.word_rows_) {
            if (word.rows == 0 || word.rows > s.rows_ || !check_rows_of(word)) return false;
        }
        return true;
    }

    bool check_rows_of(const TextSegment::WordRows& word) const {
        switch (segment_->form_of(word)) {
            case TextForm::bits:
                return check_bits(word);
            case TextForm::sparse:
                return check_sparse(word);
            case TextForm::packed:
                return check_packed(word);
        }
        return false;
    }

    // Where the word's bytes begin, and how many there may be; none when they would begin outside.
    std::span<const std::uint8_t> bytes_from(const TextSegment::WordRows& word) const {
        const auto all = std::span(segment_->row_bytes_).first(segment_->row_bytes_.size() - bytes_read_past);
        return word.offset < all.size() ? all.subspan(word.offset) : all.first(0);
    }

    // Whether no bit stands for a row from `rows` on: bitsets are filled up with zeros.
    static bool ends_at(std::span<const std::uint64_t> words, Row rows) {
        const auto last = words.begin() + rows / word_bits;
        if (rows % word_bits != 0 && (*last >> (rows % word_bits)) != 0) return false;
        const auto rest = last + (rows % word_bits != 0 ? 1 : 0);
        return std::all_of(rest, words.end(), [](std::uint64_t word) { return word == 0; });
    }

    bool check_bits(const TextSegment::WordRows& word) const {
        const auto& s = *segment_;
        const std::size_t length = words_for(s.rows_);
        if (word.offset > s.bits_.size() || s.bits_.size() - word.offset < length) return false;
        const auto words = std::span(s.bits_).subspan(word.offset, length);
        Row count = 0;
        for (const auto each : words) count += static_cast<Row>(std::popcount(each));
        return count == word.rows && ends_at(words, s.rows_);
    }

    // Offsets tell how many bits the masks before have; no byte of the data is 0, and no bit is past the rows.
    bool check_sparse(const TextSegment::WordRows& word) const {
        const Row rows = segment_->rows_;
        const auto bytes = bytes_from(word);
        if (bytes.size() < SparseBits::head_bytes(rows)) return false;
        const std::size_t most = bytes.size() - SparseBits::head_bytes(rows);
        const SparseBits sparse(bytes.data(), rows);
        std::size_t data = 0;
        for (std::size_t mask = 0; mask < SparseBits::masks_for(rows); ++mask) {
            if (mask % SparseBits::group_masks == 0 && sparse.offset(mask / SparseBits::group_masks) != data)
                return false;
            data += static_cast<std::size_t>(std::popcount(sparse.mask(mask)));
        }
        if (data > most) return false;
        for (std::size_t i = 0; i < data; ++i) {
            if (sparse.data()[i] == 0) return false;
        }
        Row count = 0;
        bool is_inside = true;
        sparse.each([&](Row row) {
            ++count;
            is_inside &= row < rows;
        });
        return is_inside && count == word.rows;
    }

    bool check_packed(const TextSegment::WordRows& word) const {
        const auto& s = *segment_;
        const std::size_t skips = s.skips_of(word);
        if (word.skips > s.skips_.size() || s.skips_.size() - word.skips < skips) return false;
        const auto bytes = bytes_from(word);
        const auto skip = std::span(s.skips_).subspan(word.skips, skips);
        const PackedRows packed(word.rows, bytes.data(), skip);
        std::size_t at = PackedRows::first_row_bytes;
        std::uint64_t least = 0;
        PackedBlockRows rows;
        for (std::size_t block = 0; block < packed.blocks(); ++block) {
            if (block > 0 && skip[block - 1].offset != at) return false;
            if (at >= bytes.size() || bytes[at] > 32) return false;
            at += 1 + PackedRows::block_bytes(packed.block_size(block), bytes[at]);
            if (at > bytes.size()) return false;
            // A sum that passed the greatest number is less than the one before it, or equal.
            const Row* end = packed.read_block(block, rows);
            for (const Row* row = rows; row != end; ++row) {
                if (*row < least || *row >= s.rows_) return false;
                least = std::uint64_t{*row} + 1;
            }
        }
        return true;
    }

    bool check_stems() const {
        const auto& s = *segment_;
        if (s.stem_keys_.size() != s.stem_words_.size()) return false;
        for (std::size_t i = 0; i < s.stem_keys_.size(); ++i) {
            if (s.stem_words_[i] >= s.words()) return false;
            if (i > 0 && s.stem_keys_[i] < s.stem_keys_[i - 1]) return false;
        }
        return true;
    }

    // At least one number of a word, and nothing but such numbers.
    bool are_words(std::span<const std::uint8_t> bytes) const {
        const std::uint8_t* at = bytes.data();
        const std::uint8_t* end = at + bytes.size();
        while (at != end) {
            const auto id = check_varint(at, end);
            if (!id || *id >= segment_->words()) return false;
        }
        return !bytes.empty();
    }

    bool check_texts() const {
        const auto& s = *segment_;
        if (!are_offsets(s.text_offsets_, s.text_words_.size())) return false;
        for (TextId id = 0; id < s.texts(); ++id) {
            if (!are_words(s.words_of_text(id))) return false;
        }
        return true;
    }

    bool check_pairs() const {
        const auto& s = *segment_;
        for (const auto pair : s.pair_texts_) {
            if (pair / text_fields >= s.texts()) return false;
        }
        if (s.word_pair_offsets_.size() != std::size_t{s.words()} + 1 || s.word_pair_offsets_.front() != 0)
            return false;
        if (s.word_pair_offsets_.back() != s.word_pairs_.size()) return false;
        for (WordId word = 0; word < s.words(); ++word) {
            const auto begin = s.word_pair_offsets_[word];
            const auto end = s.word_pair_offsets_[word + 1];
            if (end < begin || end > s.word_pairs_.size()) return false;
            if (!are_pairs({s.word_pairs_.data() + begin, end - begin})) return false;
        }
        return true;
    }

    // Differences whose sums ascend and name pairs.
    bool are_pairs(std::span<const std::uint8_t> bytes) const {
        const std::uint8_t* at = bytes.data();
        const std::uint8_t* end = at + bytes.size();
        for (std::uint64_t pair = 0; at != end;) {
            const bool is_first = at == bytes.data();
            const auto step = check_varint(at, end);
            if (!step || (*step == 0 && !is_first)) return false;
            pair += *step;
            if (pair >= segment_->pairs()) return false;
        }
        return true;
    }

    bool check_rows() const {
        const auto& rows = segment_->row_texts_;
        if (rows.offsets_.size() != std::size_t{segment_->rows_} + 1) return false;
        if (rows.bases_.size() != (rows.offsets_.size() - 1) / RowTexts::base_rows + 1) return false;
        std::uint64_t at = 0;
        for (Row row = 0; row <= segment_->rows_; ++row) {
            const auto base = rows.bases_[row / RowTexts::base_rows];
            const auto begin = base + rows.offsets_[row];
            if (base > rows.bytes_.size() || begin > rows.bytes_.size() || begin < at) return false;
            if (row == 0 ? begin != 0 : !check_row(rows.bytes_.data() + at, rows.bytes_.data() + begin)) return false;
            at = begin;
        }
        return at == rows.bytes_.size();
    }

    bool check_row(const std::uint8_t* at, const std::uint8_t* end) const {
        if (end - at < 2) return false;
        at += 2;
        const auto shorts = check_varint(at, end);
        const auto longs = shorts ? check_varint(at, end) : std::nullopt;
        if (!longs) return false;
        const std::uint64_t bytes = std::uint64_t{*shorts} * 2 + std::uint64_t{*longs} * 4;
        if (bytes > static_cast<std::size_t>(end - at)) return false;
        const auto pairs = segment_->pairs();
        for (std::uint32_t i = 0; i < *shorts; ++i, at += 2) {
            if (RowTexts::read<std::uint16_t>(at) >= pairs) return false;
        }
        for (std::uint32_t i = 0; i < *longs; ++i, at += 4) {
            if (RowTexts::read<PairId>(at) >= pairs) return false;
        }
        return check_own_texts(at, end);
    }

    bool check_own_texts(const std::uint8_t* at, const std::uint8_t* end) const {
        while (at != end) {
            const auto field = check_varint(at, end);
            if (!field || *field >= text_fields) return false;
            const auto bytes = check_varint(at, end);
            if (!bytes || *bytes > static_cast<std::size_t>(end - at) || !are_words({at, *bytes})) return false;
            at += *bytes;
        }
        return true;
    }

    static constexpr std::uint64_t dropped = ~Row{0};

    std::string_view left_;
    std::shared_ptr<TextSegment> segment_ = std::shared_ptr<TextSegment>(new TextSegment);
};

Result<std::shared_ptr<const TextSegment>> TextSegment::from_bytes(std::string_view bytes) {
    return TextSegmentReader(bytes).read();
}

}  // namespace cvstroom::index
