#include "search/row_filter.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::container_words;
using index::Row;
using index::RowList;
using index::RowsView;
using index::word_bits;

// Every 64th row or more of a container: a step forward is then found by doubling, not by walking.
constexpr std::uint32_t gallop_ratio = 8;

void collect_list(const RowsView& set, Row first, Row last, std::vector<Row>& rows) {
    const RowList& list = set.list();
    rows.resize(set.size());
    Row* out = rows.data();
    const auto* values = list.values();
    const auto* ranks = set.ranks();
    for (std::uint32_t container = 0; container < list.containers(); ++container) {
        const Row upper = static_cast<Row>(list.key(container)) << 16U;
        const std::uint32_t end = list.end(container);
        if (ranks == nullptr) {
            for (std::uint32_t i = list.begin(container); i < end; ++i) *out++ = upper | values[i];
            continue;
        }
        // The last write may be one past what is kept: `out` is only moved for members that count.
        for (std::uint32_t i = list.begin(container); i < end; ++i) {
            if (ranks[i] >= set.least_rank()) *out++ = upper | values[i];
        }
    }
    rows.resize(static_cast<std::size_t>(out - rows.data()));
    rows.erase(std::lower_bound(rows.begin(), rows.end(), last), rows.end());
    rows.erase(rows.begin(), std::lower_bound(rows.begin(), rows.end(), first));
}

// The union of the sets' members in one container, as bits, with a bit for every word that is not 0.
class ContainerUnion {
  public:
    explicit ContainerUnion(std::vector<std::uint64_t>& words) : words_(words) { words_.resize(container_words, 0); }

    void add(const RowsView& set, std::uint32_t key, Row segment_size) {
        if (set.is_dense()) return add_bits(set, key, segment_size);
        const RowList& list = set.list();
        const auto container = list.find(static_cast<std::uint16_t>(key));
        if (container == list.containers()) return;
        const auto* values = list.values();
        for (std::uint32_t i = list.begin(container); i < list.end(container); ++i) {
            if (set.ranks() == nullptr || set.ranks()[i] >= set.least_rank()) add_bit(values[i]);
        }
    }

    // Appends the members of [first, last) and empties the container.
    void move_to(std::uint32_t key, Row first, Row last, std::vector<Row>& rows) {
        for (std::size_t group = 0; group < used_.size(); ++group) {
            for (std::uint64_t used = used_[group]; used != 0; used &= used - 1) {
                const std::size_t word = group * word_bits + static_cast<std::size_t>(std::countr_zero(used));
                const Row base = key * container_rows + static_cast<Row>(word * word_bits);
                for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
                    const Row row = base + static_cast<Row>(std::countr_zero(bits));
                    if (row >= first && row < last) rows.push_back(row);
                }
                words_[word] = 0;
            }
            used_[group] = 0;
        }
    }

  private:
    void add_bit(std::uint16_t value) {
        words_[value / word_bits] |= std::uint64_t{1} << (value % word_bits);
        used_[value / (word_bits * word_bits)] |= std::uint64_t{1} << (value / word_bits % word_bits);
    }
    void add_bits(const RowsView& set, std::uint32_t key, Row segment_size) {
        const std::size_t begin = key * container_words;
        const std::size_t end = std::min(begin + container_words, index::words_for(segment_size));
        for (std::size_t word = begin; word < end; ++word) {
            if (set.words()[word] == 0) continue;
            words_[word - begin] |= set.words()[word];
            used_[(word - begin) / word_bits] |= std::uint64_t{1} << ((word - begin) % word_bits);
        }
    }

    std::vector<std::uint64_t>& words_;
    std::array<std::uint64_t, container_words / word_bits> used_{};
};

// One container's members against the rows that lie in it, both ascending.
class ContainerMarker {
  public:
    ContainerMarker(const RowsView& set, std::uint32_t container)
        : values_(set.list().values()),
          ranks_(set.ranks()),
          least_(set.least_rank()),
          next_(set.list().begin(container)),
          end_(set.list().end(container)) {}

    void mark(std::span<const Row> rows, std::uint8_t* marks) {
        const bool gallops = end_ - next_ > gallop_ratio * rows.size();
        for (std::size_t i = 0; i < rows.size() && next_ < end_; ++i) {
            const auto value = static_cast<std::uint16_t>(rows[i]);
            if (gallops) {
                gallop(value);
            } else {
                while (next_ < end_ && values_[next_] < value) ++next_;
            }
            if (next_ == end_) return;
            const bool is_member = values_[next_] == value && (ranks_ == nullptr || ranks_[next_] >= least_);
            marks[i] |= static_cast<std::uint8_t>(is_member);
        }
    }

  private:
    void gallop(std::uint16_t value) {
        std::uint32_t step = 1;
        std::uint32_t low = next_;
        while (low + step < end_ && values_[low + step] < value) {
            low += step;
            step *= 2;
        }
        const auto* first = values_ + low;
        const auto* last = values_ + std::min(low + step + 1, end_);
        next_ = static_cast<std::uint32_t>(std::lower_bound(first, last, value) - values_);
    }

    const std::uint16_t* values_;
    const std::uint8_t* ranks_;
    std::uint8_t least_;
    std::uint32_t next_;
    std::uint32_t end_;
};

}  // namespace

void collect_rows(std::span<const RowsView> sets, Row first, Row last, Row segment_size, RowFilterScratch& scratch,
                  std::vector<Row>& rows) {
    if (sets.size() == 1 && !sets.front().is_dense()) return collect_list(sets.front(), first, last, rows);
    rows.clear();
    ContainerUnion united(scratch.container);
    for (std::uint32_t key = first / container_rows; key <= (last - 1) / container_rows; ++key) {
        for (const auto& set : sets) united.add(set, key, segment_size);
        united.move_to(key, first, last, rows);
    }
}

void mark_members(const RowsView& set, std::span<const Row> rows, std::uint8_t* marks) {
    if (set.is_dense()) {
        const std::uint64_t* words = set.words();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            marks[i] |= static_cast<std::uint8_t>((words[rows[i] / word_bits] >> (rows[i] % word_bits)) & 1U);
        }
        return;
    }
    const RowList& list = set.list();
    for (std::size_t i = 0; i < rows.size();) {
        const Row key = rows[i] >> 16U;
        std::size_t end = i + 1;
        while (end < rows.size() && rows[end] >> 16U == key) ++end;
        const auto container = list.find(static_cast<std::uint16_t>(key));
        if (container != list.containers()) {
            ContainerMarker(set, container).mark(rows.subspan(i, end - i), marks + i);
        }
        i = end;
    }
}

// Without a branch: whether a row stays is not to be predicted.
void keep_marked(std::vector<Row>& rows, const std::uint8_t* marks, std::uint8_t mark) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[kept] = rows[i];
        kept += marks[i] == mark ? 1 : 0;
    }
    rows.resize(kept);
}

}  // namespace cvstroom::search
