#include "search/row_filter.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "search/bit_kernels.hpp"
#include "search/list_members.hpp"

namespace cvstroom::search {
namespace {

using index::container_rows;
using index::container_words;
using index::Row;
using index::RowList;
using index::RowsView;
using index::word_bits;

// So few bits are cleared one by one; more, with the whole container.
constexpr std::uint32_t few_bits = 256;

// Keeps the rows of [first, last).
void keep_range(Row first, Row last, std::vector<Row>& rows) {
    rows.erase(std::lower_bound(rows.begin(), rows.end(), last), rows.end());
    rows.erase(rows.begin(), std::lower_bound(rows.begin(), rows.end(), first));
}

void collect_list(const RowsView& set, Row first, Row last, std::vector<Row>& rows) {
    const RowList& list = set.list();
    rows.resize(set.size() + 1);  // a member that does not count is written too, and then overwritten
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
        for (std::uint32_t i = list.begin(container); i < end; ++i) {
            *out = upper | values[i];
            out += ranks[i] >= set.least_rank() ? 1 : 0;
        }
    }
    rows.resize(static_cast<std::size_t>(out - rows.data()));
    keep_range(first, last, rows);
}

// So few rows of several lists are united by merging them; more, as bits.
constexpr std::uint64_t most_merged = 4096;

void unite_packed(std::span<const RowSet> sets, std::vector<Row>& rows) {
    rows.clear();
    for (const auto& set : sets) {
        const auto middle = static_cast<std::ptrdiff_t>(rows.size());
        set.packed()->append_to(rows);
        std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end());
    }
    if (sets.size() > 1) rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

// The union of the sets' members in one container, as bits, with a bit for every word that is not 0.
class ContainerUnion {
  public:
    explicit ContainerUnion(std::vector<std::uint64_t>& words) : words_(words) { words_.resize(container_words, 0); }

    void add(const RowSet& set, std::uint32_t key, Row segment_size) {
        if (set.is_dense()) return add_bits(set, key, segment_size);
        const auto add_row = [this](Row row, bool counts) {
            const std::size_t word = row / word_bits;
            words_[word] |= std::uint64_t{counts} << (row % word_bits);
            used_[word / word_bits] |= std::uint64_t{1} << (word % word_bits);
        };
        if (const auto* list = set.list()) {
            visit_members(*list, key, add_row);
        } else if (const auto* packed = set.packed()) {
            packed->each_in(key, [&add_row](Row row) { add_row(row, true); });
        } else if (set.add_to(key, words_.data())) {
            used_.fill(~std::uint64_t{0});  // words of which some may be 0: they move nothing
        }
    }

    // Writes the members from `out` on, empties the container, and returns the end of what was written.
    Row* move_to(std::uint32_t key, Row* out) {
        for (std::size_t group = 0; group < used_.size(); ++group) {
            for (std::uint64_t used = used_[group]; used != 0; used &= used - 1) {
                const std::size_t word = group * word_bits + static_cast<std::size_t>(std::countr_zero(used));
                const Row base = key * container_rows + static_cast<Row>(word * word_bits);
                for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
                    *out++ = base + static_cast<Row>(std::countr_zero(bits));
                }
                words_[word] = 0;
            }
            used_[group] = 0;
        }
        return out;
    }

  private:
    void add_bits(const RowSet& set, std::uint32_t key, Row segment_size) {
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

// With at most so many rows to each of a packed list's blocks they are looked for in the blocks.
constexpr std::size_t most_to_a_block = 4;
// With at most so many rows of a container, to look them up in sparse bits.
constexpr std::size_t most_by_bytes = 32;

// Few rows against many members, both ascending and of one container.
void mark_by_galloping(const RowsView& set, std::uint32_t container, std::span<const Row> rows, std::uint8_t* marks) {
    const auto* values = set.list().values();
    std::uint32_t next = set.list().begin(container);
    const std::uint32_t end = set.list().end(container);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto value = static_cast<std::uint16_t>(rows[i]);
        std::uint32_t step = 1;
        while (next + step < end && values[next + step] < value) {
            next += step;
            step *= 2;
        }
        const auto* last = values + std::min(next + step + 1, end);
        next = static_cast<std::uint32_t>(std::lower_bound(values + next, last, value) - values);
        if (next == end) return;
        const bool counts = set.ranks() == nullptr || set.ranks()[next] >= set.least_rank();
        marks[i] |= static_cast<std::uint8_t>(values[next] == value && counts);
    }
}

// The members of a container as bits, in a scratch that is all 0 before and after: looking rows up in it takes no
// branch that could be mispredicted.
class ContainerBits {
  public:
    ContainerBits(const RowSet& set, std::uint32_t key, RowFilterScratch& scratch)
        : set_(set), key_(key), words_(scratch.container) {
        words_.resize(container_words, 0);
        set.add_to(key, words_.data());
    }
    ~ContainerBits() {
        const auto* list = set_.list();
        if (list != nullptr && list->size() <= few_bits) {
            visit_members(*list, key_, [this](std::uint16_t value, bool) { words_[value / word_bits] = 0; });
        } else {
            std::fill(words_.begin(), words_.end(), 0);
        }
    }
    ContainerBits(const ContainerBits&) = delete;
    ContainerBits& operator=(const ContainerBits&) = delete;

    const std::uint64_t* words() const { return words_.data(); }

  private:
    const RowSet& set_;
    std::uint32_t key_;
    std::vector<std::uint64_t>& words_;
};

constexpr Row within_container = container_rows - 1;

void mark_by_bits(const std::uint64_t* words, Row mask, std::span<const Row> rows, std::uint8_t* marks) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row at = rows[i] & mask;
        marks[i] |= static_cast<std::uint8_t>((words[at / word_bits] >> (at % word_bits)) & 1U);
    }
}

// Calls visit(begin, end, key) for each run of rows of one container.
template <typename Visit>
void each_container(std::span<const Row> rows, const Visit& visit) {
    for (std::size_t begin = 0; begin < rows.size();) {
        const Row key = rows[begin] / container_rows;
        std::size_t end = begin + 1;
        while (end < rows.size() && rows[end] / container_rows == key) ++end;
        visit(begin, end, key);
        begin = end;
    }
}

// Tries few rows of one container one by one, and returns true; false when they are so many, beside what the set has
// there, that its bits are made first. Pre: the set is a list of one form or another, or sparse bits.
bool mark_few(const RowSet& set, Row key, std::span<const Row> rows, std::uint8_t* marks) {
    if (const auto* list = set.list()) {
        const auto container = list->list().find(static_cast<std::uint16_t>(key));
        if (container == list->list().containers()) return true;
        if (list->list().end(container) - list->list().begin(container) <= gallop_ratio * rows.size()) return false;
        mark_by_galloping(*list, container, rows, marks);
        return true;
    }
    if (const auto* packed = set.packed()) {
        if (rows.size() > most_to_a_block * packed->blocks_in(key)) return false;
        packed->mark(rows, marks);
        return true;
    }
    if (rows.size() > most_by_bytes) return false;
    set.sparse()->mark(rows, marks);
    return true;
}

}  // namespace

void collect_rows(std::span<const RowSet> sets, Row first, Row last, Row segment_size, RowFilterScratch& scratch,
                  std::vector<Row>& rows) {
    if (sets.size() == 1 && sets.front().list() != nullptr)
        return collect_list(*sets.front().list(), first, last, rows);
    std::uint64_t most = 0;
    for (const auto& set : sets) most += set.size();
    const bool are_packed =
        std::all_of(sets.begin(), sets.end(), [](const RowSet& set) { return set.packed() != nullptr; });
    if (are_packed && (sets.size() == 1 || most <= most_merged)) {
        unite_packed(sets, rows);
        return keep_range(first, last, rows);
    }
    rows.resize(std::min<std::uint64_t>(most, segment_size));
    Row* out = rows.data();
    ContainerUnion united(scratch.container);
    for (std::uint32_t key = first / container_rows; key <= (last - 1) / container_rows; ++key) {
        for (const auto& set : sets) united.add(set, key, segment_size);
        out = united.move_to(key, out);
    }
    rows.resize(static_cast<std::size_t>(out - rows.data()));
    keep_range(first, last, rows);
}

void mark_members(const RowSet& set, std::span<const Row> rows, RowFilterScratch& scratch, std::uint8_t* marks) {
    if (set.is_dense()) return mark_by_bits(set.words(), ~Row{0}, rows, marks);
    if (const auto* places = set.places()) return places->mark(rows, marks);
    each_container(rows, [&](std::size_t begin, std::size_t end, Row key) {
        const auto some = rows.subspan(begin, end - begin);
        if (mark_few(set, key, some, marks + begin)) return;
        mark_by_bits(ContainerBits(set, key, scratch).words(), within_container, some, marks + begin);
    });
}

void keep_members(const RowSet& set, bool wants_members, RowFilterScratch& scratch, std::vector<Row>& rows) {
    const auto keep = wants_members ? kernels().keep_members : kernels().drop_members;
    if (set.is_dense()) {
        rows.resize(keep(set.words(), ~Row{0}, rows.data(), rows.size(), rows.data()));
        return;
    }
    if (const auto* places = set.places()) return places->keep(wants_members, rows);
    Row* out = rows.data();
    each_container(rows, [&](std::size_t begin, std::size_t end, Row key) {
        const Row* some = rows.data() + begin;
        const std::size_t count = end - begin;
        scratch.marks.assign(count, 0);
        if (!mark_few(set, key, {some, count}, scratch.marks.data())) {
            out += keep(ContainerBits(set, key, scratch).words(), within_container, some, count, out);
            return;
        }
        for (std::size_t i = 0; i < count; ++i) {
            *out = some[i];
            out += (scratch.marks[i] != 0) == wants_members ? 1 : 0;
        }
    });
    rows.resize(static_cast<std::size_t>(out - rows.data()));
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
