// How many rows have a word or an inflection of it: what a search for one word answers, so it is counted once, when a
// segment is made or loaded. Beside the lists of rows it is small: one number a word.
#include <algorithm>
#include <map>
#include <numeric>

#include "index/text_segment.hpp"

namespace cvstroom::index {
namespace {

// So few rows are put in order rather than in a bitset.
constexpr std::uint64_t few_rows = 4096;

// Counts the union of words' rows. Keeps its memory.
class Union {
  public:
    explicit Union(const TextSegment& segment) : segment_(segment) {}

    Row count(std::span<const WordId> words) {
        std::uint64_t sum = 0;
        for (const auto word : words) sum += segment_.rows_with(word);
        return sum <= few_rows ? count_few(words) : count_many(words);
    }

  private:
    Row count_few(std::span<const WordId> words) {
        rows_.clear();
        for (const auto word : words) segment_.rows_of(word).append_to(rows_);
        std::sort(rows_.begin(), rows_.end());
        return static_cast<Row>(std::unique(rows_.begin(), rows_.end()) - rows_.begin());
    }
    Row count_many(std::span<const WordId> words) {
        std::size_t count = 0;
        for (std::size_t container = 0; container * container_rows < segment_.size(); ++container) {
            bits_.assign(container_words, 0);
            for (const auto word : words) segment_.rows_of(word).add_to(container, bits_.data());
            count += row_kernels().count(bits_.data(), bits_.size());
        }
        return static_cast<Row>(count);
    }

    const TextSegment& segment_;
    std::vector<Row> rows_;
    std::vector<std::uint64_t> bits_;
};

}  // namespace

void TextSegment::count_inflections() {
    // The words that have a stem in common with each word: those of the runs of equal keys that it stands in.
    std::vector<std::uint32_t> run_begins(stem_keys_.size());
    std::vector<std::uint32_t> begins(words() + std::size_t{1}, 0);
    for (std::uint32_t i = 0; i < stem_keys_.size(); ++i) {
        run_begins[i] = i > 0 && stem_keys_[i] == stem_keys_[i - 1] ? run_begins[i - 1] : i;
        ++begins[stem_words_[i] + std::size_t{1}];
    }
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    auto next = begins;
    std::vector<std::uint32_t> entries(stem_keys_.size());
    for (std::uint32_t i = 0; i < stem_keys_.size(); ++i) entries[next[stem_words_[i]]++] = i;

    inflected_rows_.resize(words());
    std::map<std::vector<WordId>, Row> known;
    Union rows(*this);
    std::vector<WordId> group;
    for (WordId word = 0; word < words(); ++word) {
        group.assign(1, word);
        for (auto entry = begins[word]; entry < begins[word + std::size_t{1}]; ++entry) {
            const auto run = run_begins[entries[entry]];
            for (auto i = run; i < stem_keys_.size() && stem_keys_[i] == stem_keys_[run]; ++i) {
                if (stem_words_[i] != word) group.push_back(stem_words_[i]);
            }
        }
        if (group.size() == 1) {
            inflected_rows_[word] = word_rows_[word].rows;
            continue;
        }
        std::sort(group.begin(), group.end());
        group.erase(std::unique(group.begin(), group.end()), group.end());
        const auto [found, is_new] = known.try_emplace(group, 0);
        if (is_new) found->second = rows.count(group);
        inflected_rows_[word] = found->second;
    }
}

}  // namespace cvstroom::index
