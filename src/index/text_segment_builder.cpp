#include "index/text_segment_builder.hpp"

#include <algorithm>
#include <cassert>
#include <future>
#include <numeric>

#include "index/word_rows_writer.hpp"

namespace cvstroom::index {
namespace {

constexpr std::uint32_t unknown = ~std::uint32_t{0};

// The numbers 0 … count - 1, most used first, and of equals the first first.
std::vector<std::uint32_t> by_use(std::span<const std::uint64_t> uses) {
    std::vector<std::uint32_t> order(uses.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [uses](auto a, auto b) { return uses[a] > uses[b]; });
    return order;
}

}  // namespace

// Turns what was collected into the arrays of a segment.
class TextSegmentBuilder::Encoder {
  public:
    Encoder(const TextSegmentBuilder& from, TextSegment& to) : from_(from), to_(to) {}

    void run() {
        to_.rows_ = from_.size();
        number_words();
        number_texts();
        const auto policy = to_.rows_ >= rows_for_threads ? std::launch::async : std::launch::deferred;
        auto texts = std::async(policy, [this] { write_rows(); });
        write_stems();
        write_word_rows();
        to_.count_inflections();
        texts.get();
    }

  private:
    void number_words() {
        std::vector<std::uint64_t> uses(from_.words_.size(), 0);
        for (std::uint32_t text = 0; text < from_.text_uses_.size(); ++text) {
            for (const auto word : from_.words_of(text)) uses[word] += from_.text_uses_[text];
        }
        const auto order = by_use(uses);
        word_id_.resize(order.size());
        to_.word_offsets_.reserve(order.size() + 1);
        to_.word_offsets_.push_back(0);
        for (WordId id = 0; id < order.size(); ++id) {
            word_id_[order[id]] = id;
            to_.word_text_ += *from_.words_[order[id]];
            to_.word_offsets_.push_back(static_cast<std::uint32_t>(to_.word_text_.size()));
        }
        to_.word_text_.shrink_to_fit();
        to_.word_rows_.resize(order.size());
        to_.alphabet_.resize(order.size());
        std::iota(to_.alphabet_.begin(), to_.alphabet_.end(), 0U);
        std::sort(to_.alphabet_.begin(), to_.alphabet_.end(),
                  [this](WordId a, WordId b) { return to_.word(a) < to_.word(b); });
    }

    void number_texts() {
        std::vector<std::uint64_t> uses(from_.text_uses_.begin(), from_.text_uses_.end());
        const auto order = by_use(uses);
        text_id_.assign(order.size(), no_text);
        to_.text_offsets_.push_back(0);
        for (TextId id = 0; id < order.size() && uses[order[id]] > 1; ++id) {
            text_id_[order[id]] = id;
            for (const auto word : from_.words_of(order[id])) append_varint(to_.text_words_, word_id_[word]);
            to_.text_offsets_.push_back(static_cast<std::uint32_t>(to_.text_words_.size()));
        }
        to_.text_offsets_.shrink_to_fit();
        to_.text_words_.shrink_to_fit();
    }

    void write_stems() {
        Stemmer stemmer;
        std::vector<std::pair<StemKey, WordId>> stems;
        stems.reserve(to_.words() * stem_languages);
        for (WordId id = 0; id < to_.words(); ++id) {
            for (const auto key : stemmer.keys(to_.word(id))) stems.emplace_back(key, id);
        }
        std::sort(stems.begin(), stems.end());
        to_.stem_keys_.reserve(stems.size());
        to_.stem_words_.reserve(stems.size());
        for (const auto& [key, id] : stems) {
            to_.stem_keys_.push_back(key);
            to_.stem_words_.push_back(id);
        }
    }

    std::span<const std::uint32_t> entries_of(Row row) const {
        const auto begin = from_.row_begins_[row];
        return std::span(from_.entries_).subspan(begin, from_.row_begins_[row + 1] - begin);
    }

    void write_rows() {
        std::vector<std::uint8_t> row_texts;
        for (Row row = 0; row < to_.rows_; ++row) {
            if (row % TextSegment::row_block == 0) to_.block_offsets_.push_back(to_.texts_of_rows_.size());
            row_texts.clear();
            for (const auto entry : entries_of(row)) write_entry(entry, row_texts);
            append_varint(to_.texts_of_rows_, static_cast<std::uint32_t>(row_texts.size()));
            to_.texts_of_rows_.insert(to_.texts_of_rows_.end(), row_texts.begin(), row_texts.end());
        }
        to_.block_offsets_.shrink_to_fit();
        to_.texts_of_rows_.shrink_to_fit();
    }

    void write_entry(std::uint32_t entry, std::vector<std::uint8_t>& out) {
        const std::uint32_t text = entry / text_fields;
        const std::uint32_t field = entry % text_fields;
        const auto words = from_.words_of(text);
        to_.field_lengths_[field] += words.size();
        if (text_id_[text] != no_text) {
            append_varint(out, (text_id_[text] + 1) * text_fields + field);
            return;
        }
        std::size_t bytes = 0;
        for (const auto word : words) bytes += varint_size(word_id_[word]);
        append_varint(out, field);
        append_varint(out, static_cast<std::uint32_t>(bytes));
        for (const auto word : words) append_varint(out, word_id_[word]);
    }

    // Calls visit(row, word) once for each word of each row, rows ascending.
    template <typename Visit>
    void each_word_of_rows(const Visit& visit) const {
        std::vector<Row> seen(to_.words(), 0);  // the row that had the word last, plus one
        for (Row row = 0; row < to_.rows_; ++row) {
            for (const auto entry : entries_of(row)) {
                for (const auto number : from_.words_of(entry / text_fields)) {
                    const WordId id = word_id_[number];
                    if (seen[id] == row + 1) continue;
                    seen[id] = row + 1;
                    visit(row, id);
                }
            }
        }
    }

    // Writes the rows of all words in two passes over the texts: the first finds where each word's will stand.
    void write_word_rows() {
        WordRowsPlan plan(to_.words(), to_.rows_);
        each_word_of_rows([&](Row row, WordId id) { plan.add(row, id); });
        plan.finish();
        for (WordId id = 0; id < to_.words(); ++id) {
            auto& word = to_.word_rows_[id];
            const auto& place = plan.place_of(id);
            word = {place.rows, place.offset, place.skips};
        }
        to_.bits_.assign(plan.bit_words(), 0);
        to_.row_bytes_.assign(plan.bytes() + bytes_read_past, 0);
        to_.skips_.resize(plan.skips());
        WordRowsWriter writer(plan, to_.rows_, to_.bits_, to_.row_bytes_, to_.skips_);
        each_word_of_rows([&](Row row, WordId id) { writer.add(row, id); });
        writer.finish();
    }

    const TextSegmentBuilder& from_;
    TextSegment& to_;
    std::vector<WordId> word_id_;  // by the builder's number
    std::vector<TextId> text_id_;  // by the builder's number; no_text: it stands in one place only
};

TextSegmentBuilder::TextSegmentBuilder() : text_begins_{0}, row_begins_{0} {}

std::uint32_t TextSegmentBuilder::number_of_word(std::string_view word) {
    const auto known = word_numbers_.find(word);
    if (known != word_numbers_.end()) return known->second;
    const auto added = word_numbers_.emplace(word, static_cast<std::uint32_t>(words_.size())).first;
    words_.push_back(&added->first);
    return added->second;
}

std::uint32_t TextSegmentBuilder::number_of_text(std::string_view text) {
    const auto known = text_numbers_.find(text);
    if (known != text_numbers_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(text_uses_.size());
    text_numbers_.emplace(text, number);
    text_uses_.push_back(0);
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        words_of_texts_.push_back(number_of_word(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    text_begins_.push_back(static_cast<std::uint32_t>(words_of_texts_.size()));
    return number;
}

void TextSegmentBuilder::add_entry(TextField field, std::uint32_t text) {
    ++text_uses_[text];
    entries_.push_back(text * text_fields + static_cast<std::uint32_t>(field));
}

void TextSegmentBuilder::add(std::span<const FoldedText> texts) {
    for (const auto& each : texts) add_text(each.field, each.text);
    end_row();
}

void TextSegmentBuilder::add_rows(const TextSegment& source, std::span<const Row> moved) {
    assert(moved.size() == source.size());
    std::vector<std::uint32_t> numbers(source.texts(), unknown);
    std::string joined;
    const auto number_of = [&](const RowText& text) {
        joined.clear();
        each_word(text.words, [&](WordId id) {
            if (!joined.empty()) joined.push_back(' ');
            joined += source.word(id);
        });
        return number_of_text(joined);
    };
    for (Row row = 0; row < source.size(); ++row) {
        if (moved[row] == dropped_row) continue;
        assert(moved[row] == size());
        source.each_text(row, [&](const RowText& text) {
            if (text.text == no_text) return add_entry(text.field, number_of(text));
            auto& number = numbers[text.text];
            if (number == unknown) number = number_of(text);
            add_entry(text.field, number);
        });
        end_row();
    }
}

std::shared_ptr<const TextSegment> TextSegmentBuilder::build() {
    auto segment = std::shared_ptr<TextSegment>(new TextSegment);
    Encoder(*this, *segment).run();
    *this = TextSegmentBuilder();
    return segment;
}

}  // namespace cvstroom::index
