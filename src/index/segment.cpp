#include "index/segment.hpp"

#include <algorithm>
#include <array>

namespace cvstroom::index {
namespace {

std::int64_t as_signed(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

// Below this share of all codes, a table by code costs more memory than it is worth.
constexpr std::uint64_t direct_ratio = 8;

// With fewer rows, looking at each is quicker than keeping them by place.
constexpr Row rows_with_places = 4096;

}  // namespace

template <typename T>
std::span<const T> Segment::section(Section which) const {
    const auto& place = header_->sections[static_cast<std::size_t>(which)];
    return {reinterpret_cast<const T*>(block_.bytes().data() + place.offset), place.bytes / sizeof(T)};
}

Result<std::shared_ptr<const Segment>> Segment::open(MemoryBlock block, std::shared_ptr<const Extension> extension) {
    auto segment = std::shared_ptr<Segment>(new Segment);
    segment->block_ = std::move(block);
    segment->extension_ = std::move(extension);
    if (auto mapped = segment->map(); !mapped) return tl::unexpected(mapped.error());
    return std::shared_ptr<const Segment>(std::move(segment));
}

Result<void> Segment::map() {
    const auto corrupt = [](const char* what) { return fail(ErrorCode::corrupt, what); };
    if (block_.size() < sizeof(SegmentHeader)) return corrupt("a segment that is shorter than its head");
    header_ = reinterpret_cast<const SegmentHeader*>(block_.bytes().data());
    if (!has_sound_sections()) return corrupt("a segment with a section outside of it");
    ids_ = section<Uuid>(Section::ids);
    directory_starts_ = section<Row>(Section::directory_starts);
    directory_rows_ = section<Row>(Section::directory_rows);
    seqs_ = {section<PackedBlock>(Section::seq_blocks), section<std::uint64_t>(Section::seq_words)};
    instants_ = {section<PackedBlock>(Section::instant_blocks), section<std::uint64_t>(Section::instant_words)};
    versions_ = {section<PackedBlock>(Section::version_blocks), section<std::uint64_t>(Section::version_words)};
    postcodes_ = section<Postcode>(Section::postcodes);
    codes_ = section<CodeRecord>(Section::codes);
    sets_ = section<SetRecord>(Section::sets);
    ranks_ = section<RankRecord>(Section::ranks);
    entry_ranks_ = section<std::uint8_t>(Section::entry_ranks);
    lists_ = section<std::uint16_t>(Section::lists);
    words_ = section<std::uint64_t>(Section::words);
    if (size() == 0 || ids_.size() != size() || postcodes_.size() != size() || !seqs_.is_sound(size()) ||
        !instants_.is_sound(size()) || !versions_.is_sound(size())) {
        return corrupt("a segment with columns that are not as long as it has rows");
    }
    for (Row row = 1; row < size(); ++row) {
        if (seqs_[row - 1] >= seqs_[row]) return corrupt("a segment whose rows are not in log order");
    }
    if (!has_sound_directory()) return corrupt("a segment with a wrong directory of ids");
    if (!has_sound_codes()) return corrupt("a segment with wrong sets of rows");
    if (!codes_.empty() && codes_.size() * direct_ratio > codes_.back().code) {
        direct_codes_.resize(codes_.back().code + std::size_t{1}, 0);
        for (std::uint32_t i = 0; i < codes_.size(); ++i) direct_codes_[codes_[i].code] = i + 1;
    }
    if (size() >= rows_with_places) places_ = PlaceRows(postcodes_);
    return {};
}

bool Segment::has_sound_sections() const {
    return std::all_of(header_->sections.begin(), header_->sections.end(), [this](const SectionPlace& place) {
        return place.offset % MemoryBlock::alignment == 0 && place.offset <= block_.size() &&
               place.bytes <= block_.size() - place.offset;
    });
}

bool Segment::has_sound_directory() const {
    const std::uint64_t buckets = header_->buckets;
    if (buckets == 0 || directory_starts_.size() != buckets + 1 || directory_rows_.size() != size()) return false;
    if (directory_starts_.front() != 0 || directory_starts_.back() != size()) return false;
    return std::is_sorted(directory_starts_.begin(), directory_starts_.end()) &&
           std::all_of(directory_rows_.begin(), directory_rows_.end(), [this](Row row) { return row < size(); });
}

bool Segment::has_sound_codes() const {
    for (std::size_t i = 1; i < codes_.size(); ++i) {
        if (codes_[i - 1].code >= codes_[i].code) return false;
    }
    return std::all_of(codes_.begin(), codes_.end(), [this](const CodeRecord& code) { return is_sound(code); });
}

bool Segment::is_sound(const CodeRecord& code) const {
    if (code.set_count == 0 || std::uint64_t{code.first_set} + code.set_count > sets_.size()) return false;
    if (code.rank_count == 0 || std::uint64_t{code.first_rank} + code.rank_count > ranks_.size()) return false;
    const auto ranks = ranks_.subspan(code.first_rank, code.rank_count);
    for (std::size_t i = 1; i < ranks.size(); ++i) {
        if (ranks[i - 1].rank >= ranks[i].rank || ranks[i - 1].rows_at_least < ranks[i].rows_at_least) return false;
    }
    const auto sets = sets_.subspan(code.first_set, code.set_count);
    if (sets.front().rows != code.rows || ranks.front().rows_at_least != code.rows || ranks.back().rank > 0xFFFF)
        return false;
    if (code.first_entry_rank != no_entry_ranks) {
        if (sets.size() != 1 || sets.front().form != SetForm::list) return false;
        if (code.first_entry_rank > entry_ranks_.size() || code.rows > entry_ranks_.size() - code.first_entry_rank)
            return false;
        std::array<std::uint32_t, 256> counts{};
        for (const auto rank : entry_ranks_.subspan(code.first_entry_rank, code.rows)) ++counts[rank];
        std::uint32_t at_least = code.rows;
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            if (i == counts.size() || ranks[i].rows_at_least != at_least) return false;
            at_least -= counts[i];
        }
        if (at_least != 0) return false;
    }
    return std::all_of(sets.begin(), sets.end(), [this](const SetRecord& set) { return is_sound(set); });
}

bool Segment::is_sound(const SetRecord& set) const {
    if (set.form == SetForm::list) {
        return set.offset <= lists_.size() && RowList::is_sound(lists_.subspan(set.offset), set.rows, size());
    }
    const std::size_t length = words_for(size());
    if (set.form != SetForm::bits || set.offset > words_.size() || length > words_.size() - set.offset) return false;
    const auto words = words_.subspan(set.offset, length);
    std::uint64_t count = 0;
    for (const auto word : words) count += static_cast<std::uint64_t>(std::popcount(word));
    if (count != set.rows) return false;
    for (Row row = size(); row < length * word_bits; row = (row / word_bits + 1) * word_bits) {
        if ((words[row / word_bits] >> (row % word_bits)) != 0) return false;
    }
    return true;
}

RowData Segment::row(Row row) const {
    return {ids_[row], seqs_[row], Instant{std::chrono::microseconds{as_signed(instants_[row])}},
            static_cast<store::Version>(versions_[row])};
}

void Segment::append_rows(std::span<const Row> rows, std::vector<RowData>& out) const {
    const std::array columns{&seqs_, &instants_, &versions_};
    for (const Row row : rows) {
        __builtin_prefetch(&ids_[row]);
        for (const auto* column : columns) column->prefetch_block(row);
    }
    for (const Row row : rows) {
        for (const auto* column : columns) column->prefetch_words(row);
    }
    out.reserve(out.size() + rows.size());
    for (const Row each : rows) out.push_back(row(each));
}

std::optional<Row> Segment::find(const Uuid& cv) const {
    const auto bucket = directory_bucket(cv, header_->buckets);
    for (Row i = directory_starts_[bucket + 1]; i-- > directory_starts_[bucket];) {
        if (ids_[directory_rows_[i]] == cv) return directory_rows_[i];
    }
    return std::nullopt;
}

const CodeRecord* Segment::find_code(CodeNumber code) const {
    if (!direct_codes_.empty()) {
        if (code >= direct_codes_.size() || direct_codes_[code] == 0) return nullptr;
        return &codes_[direct_codes_[code] - 1];
    }
    const auto found = std::lower_bound(codes_.begin(), codes_.end(), code,
                                        [](const CodeRecord& each, CodeNumber wanted) { return each.code < wanted; });
    return found == codes_.end() || found->code != code ? nullptr : &*found;
}

RowsView Segment::view(const SetRecord& set) const {
    if (set.form == SetForm::bits) return RowsView::of_bits(words_.data() + set.offset, set.rows);
    return RowsView::of_list(RowList(lists_.data() + set.offset), set.rows);
}

std::uint32_t Segment::count_at_least(const CodeRecord& code, std::uint16_t rank) const {
    const auto ranks = ranks_.subspan(code.first_rank, code.rank_count);
    const auto found = std::lower_bound(ranks.begin(), ranks.end(), rank,
                                        [](const RankRecord& each, std::uint16_t least) { return each.rank < least; });
    return found == ranks.end() ? 0 : found->rows_at_least;
}

void Segment::add_at_least(const CodeRecord& code, std::uint16_t rank, std::vector<RowsView>& sets) const {
    const auto ranks = ranks_.subspan(code.first_rank, code.rank_count);
    const auto found = std::lower_bound(ranks.begin(), ranks.end(), rank,
                                        [](const RankRecord& each, std::uint16_t least) { return each.rank < least; });
    if (found == ranks.end()) return;
    const auto own = sets_.subspan(code.first_set, code.set_count);
    if (found == ranks.begin()) return sets.push_back(view(own.front()));
    if (code.first_entry_rank != no_entry_ranks) {
        const RowList list(lists_.data() + own.front().offset);
        sets.push_back(RowsView::of_list(list, found->rows_at_least, entry_ranks_.data() + code.first_entry_rank,
                                         static_cast<std::uint8_t>(found - ranks.begin())));
        return;
    }
    auto set = std::lower_bound(own.begin(), own.end(), found->rank,
                                [](const SetRecord& each, std::uint32_t least) { return each.rank < least; });
    for (; set != own.end(); ++set) {
        sets.push_back(view(*set));
        if (set->meaning == SetMeaning::at_least) return;
    }
}

// The sets of a code stand in order of rank, so a later one overwrites what an earlier one said of a row.
void Segment::collect(const CodeRecord& code, std::vector<RankedRow>& rows) const {
    const auto ranks = ranks_.subspan(code.first_rank, code.rank_count);
    const auto own = sets_.subspan(code.first_set, code.set_count);
    const auto lowest = static_cast<std::uint16_t>(ranks.front().rank);
    rows.clear();
    rows.reserve(code.rows);
    view(own.front()).for_each(size(), [&](Row row) { rows.push_back({row, lowest}); });
    if (code.first_entry_rank != no_entry_ranks) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].rank = static_cast<std::uint16_t>(ranks[entry_ranks_[code.first_entry_rank + i]].rank);
        }
        return;
    }
    for (const SetRecord& set : own.subspan(1)) {
        auto next = rows.begin();
        view(set).for_each(size(), [&](Row row) {
            while (next != rows.end() && next->row != row) ++next;
            if (next != rows.end()) next->rank = set.rank;
        });
    }
}

std::size_t Segment::row_bytes() const {
    std::size_t bytes = 0;
    for (auto which = Section::ids; which < Section::codes; which = Section{static_cast<std::uint32_t>(which) + 1}) {
        bytes += header_->sections[static_cast<std::size_t>(which)].bytes;
    }
    return bytes;
}

std::size_t Segment::posting_bytes() const {
    return bytes() - row_bytes();
}

}  // namespace cvstroom::index
