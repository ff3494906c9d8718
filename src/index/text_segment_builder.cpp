#include "index/text_segment_builder.hpp"

#include <algorithm>
#include <cassert>
#include <future>
#include <numeric>

#include "index/word_rows_writer.hpp"

namespace cvstroom::index {
namespace {

constexpr std::uint32_t unknown = ~std::uint32_t{0};

// The numbers of names that are used at least so often, the most used first, and equals in the order of their names: so
// the same texts get the same numbers, however they came together.
std::vector<std::uint32_t> by_use(std::span<const std::uint64_t> uses, const StringNumbers& names,
                                  std::uint64_t least) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < uses.size(); ++i) {
        if (uses[i] >= least) order.push_back(i);
    }
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return uses[a] != uses[b] ? uses[a] > uses[b] : names[a] < names[b]; });
    return order;
}

}  // namespace

// Turns what was collected into the arrays of a segment.
class TextSegmentBuilder::Encoder {
  public:
    Encoder(const TextSegmentBuilder& from, TextSegment& to) : from_(from), to_(to) {}

    // What merging reads.
    void number() {
        to_.rows_ = from_.size();
        number_words();
        number_texts();
        number_pairs();
    }
    void run_for_merge() {
        number();
        write_rows();
    }
    void run() {
        number();
        sort_alphabet();
        write_pairs_of_words();
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
        const auto order = by_use(uses, from_.words_, 0);
        word_id_.resize(order.size());
        to_.word_offsets_.reserve(order.size() + 1);
        to_.word_offsets_.push_back(0);
        for (WordId id = 0; id < order.size(); ++id) {
            word_id_[order[id]] = id;
            to_.word_text_ += from_.words_[order[id]];
            to_.word_offsets_.push_back(static_cast<std::uint32_t>(to_.word_text_.size()));
        }
        to_.word_text_.shrink_to_fit();
        to_.word_rows_.resize(order.size());
    }

    void sort_alphabet() {
        to_.alphabet_.resize(to_.words());
        std::iota(to_.alphabet_.begin(), to_.alphabet_.end(), 0U);
        std::sort(to_.alphabet_.begin(), to_.alphabet_.end(),
                  [this](WordId a, WordId b) { return to_.word(a) < to_.word(b); });
    }

    void number_texts() {
        const std::vector<std::uint64_t> uses(from_.text_uses_.begin(), from_.text_uses_.end());
        const auto order = by_use(uses, from_.texts_, 2);
        text_id_.assign(uses.size(), unknown);
        to_.text_offsets_.reserve(order.size() + 1);
        to_.text_offsets_.push_back(0);
        for (TextId id = 0; id < order.size(); ++id) {
            text_id_[order[id]] = id;
            for (const auto word : from_.words_of(order[id])) append_varint(to_.text_words_, word_id_[word]);
            to_.text_offsets_.push_back(static_cast<std::uint32_t>(to_.text_words_.size()));
        }
        to_.text_words_.shrink_to_fit();
    }

    void number_pairs() {
        std::vector<std::uint32_t> uses(to_.texts() * std::size_t{text_fields}, 0);
        for (const auto entry : from_.entries_) {
            const auto text = text_id_[entry / text_fields];
            if (text != unknown) ++uses[text * text_fields + entry % text_fields];
        }
        for (std::uint32_t pair = 0; pair < uses.size(); ++pair) {
            if (uses[pair] > 0) to_.pair_texts_.push_back(pair);
        }
        std::stable_sort(to_.pair_texts_.begin(), to_.pair_texts_.end(),
                         [&uses](auto a, auto b) { return uses[a] > uses[b]; });
        to_.pair_texts_.shrink_to_fit();
        pair_id_.resize(uses.size());
        for (PairId id = 0; id < to_.pairs(); ++id) pair_id_[to_.pair_texts_[id]] = id;
    }

    void write_pairs_of_words() {
        std::vector<std::pair<WordId, PairId>> found;
        for (PairId id = 0; id < to_.pairs(); ++id) {
            each_word(to_.words_of_pair(id), [&](WordId word) { found.emplace_back(word, id); });
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        to_.word_pair_offsets_.reserve(to_.words() + 1);
        auto at = found.begin();
        for (WordId word = 0; word < to_.words(); ++word) {
            to_.word_pair_offsets_.push_back(static_cast<std::uint32_t>(to_.word_pairs_.size()));
            for (PairId last = 0; at != found.end() && at->first == word; ++at) {
                append_varint(to_.word_pairs_, at->second - last);
                last = at->second;
            }
        }
        to_.word_pair_offsets_.push_back(static_cast<std::uint32_t>(to_.word_pairs_.size()));
        to_.word_pairs_.shrink_to_fit();
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
        RowTextsWriter writer(to_.rows_);
        for (Row row = 0; row < to_.rows_; ++row) {
            std::uint64_t length = 0;
            for (const auto entry : entries_of(row)) {
                const std::uint32_t field = entry % text_fields;
                const auto words = from_.words_of(entry / text_fields);
                to_.field_lengths_[field] += words.size();
                length += words.size() * field_weights[field];
                write_entry(entry, writer);
            }
            writer.end_row(length);
        }
        to_.row_texts_ = writer.finish();
    }

    void write_entry(std::uint32_t entry, RowTextsWriter& writer) const {
        const std::uint32_t number = entry / text_fields;
        const std::uint32_t field = entry % text_fields;
        if (const auto text = text_id_[number]; text != unknown) {
            return writer.add_shared(pair_id_[text * text_fields + field]);
        }
        std::vector<std::uint8_t> words;
        for (const auto word : from_.words_of(number)) append_varint(words, word_id_[word]);
        writer.add_own(static_cast<TextField>(field), std::move(words));
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
    std::vector<TextId> text_id_;  // by the builder's number; unknown: it stands in one place only
    std::vector<PairId> pair_id_;  // by text * text_fields + field
};

TextSegmentBuilder::TextSegmentBuilder() : text_begins_{0}, row_begins_{0} {}

std::uint32_t TextSegmentBuilder::number_of_text(std::string_view text) {
    const auto [number, is_new] = texts_.add(text);
    if (!is_new) return number;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        words_of_texts_.push_back(words_.add(text.substr(begin, end - begin)).first);
        begin = end + 1;
    }
    end_text();
    return number;
}

void TextSegmentBuilder::end_text() {
    text_uses_.push_back(0);
    text_begins_.push_back(static_cast<std::uint32_t>(words_of_texts_.size()));
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
    std::vector<std::uint32_t> word_numbers(source.words(), unknown);
    std::string joined;
    const auto number_of = [&](std::span<const std::uint8_t> words) {
        joined.clear();
        each_word(words, [&](WordId id) {
            if (!joined.empty()) joined.push_back(' ');
            joined += source.word(id);
        });
        const auto [number, is_new] = texts_.add(joined);
        if (!is_new) return number;
        each_word(words, [&](WordId id) {
            if (word_numbers[id] == unknown) word_numbers[id] = words_.add(source.word(id)).first;
            words_of_texts_.push_back(word_numbers[id]);
        });
        end_text();
        return number;
    };
    for (Row row = 0; row < source.size(); ++row) {
        if (moved[row] == dropped_row) continue;
        assert(moved[row] == size());
        source.row_texts().each(
            row,
            [&](PairId pair) {
                auto& number = numbers[source.text_of_pair(pair)];
                if (number == unknown) number = number_of(source.words_of_pair(pair));
                add_entry(source.field_of_pair(pair), number);
            },
            [&](const OwnText& text) { add_entry(text.field, number_of(text.words)); });
        end_row();
    }
}

std::shared_ptr<const TextSegment> TextSegmentBuilder::build() {
    auto segment = std::shared_ptr<TextSegment>(new TextSegment);
    Encoder(*this, *segment).run();
    *this = TextSegmentBuilder();
    return segment;
}

std::shared_ptr<const TextSegment> TextSegmentBuilder::build_for_merge() {
    auto segment = std::shared_ptr<TextSegment>(new TextSegment);
    Encoder(*this, *segment).run_for_merge();
    *this = TextSegmentBuilder();
    return segment;
}

}  // namespace cvstroom::index
