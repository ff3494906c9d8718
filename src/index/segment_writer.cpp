#include "index/segment_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace cvstroom::index {
namespace {

// Rows of a bucket of the directory of ids, on average.
constexpr Row bucket_rows = 3;

// A code with more ranks than this does not get a set "at least" for each of them: years, mostly.
constexpr std::size_t most_levels = 8;
constexpr std::size_t most_entry_ranks = 256;

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
    return std::as_bytes(std::span<const T>(values));
}

MemoryBlock assemble(SegmentHeader header, std::span<const std::span<const std::byte>> sections) {
    const auto aligned = [](std::size_t size) {
        return (size + MemoryBlock::alignment - 1) / MemoryBlock::alignment * MemoryBlock::alignment;
    };
    std::size_t offset = aligned(sizeof header);
    for (std::size_t i = 0; i < sections.size(); ++i) {
        header.sections[i] = {offset, sections[i].size()};
        offset = aligned(offset + sections[i].size());
    }
    MemoryBlock block(offset);
    std::memcpy(block.bytes().data(), &header, sizeof header);
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (sections[i].empty()) continue;
        std::memcpy(block.bytes().data() + header.sections[i].offset, sections[i].data(), sections[i].size());
    }
    return block;
}

}  // namespace

void SegmentWriter::add_row(const RowData& row, Postcode postcode) {
    ids_.push_back(row.cv);
    seqs_.push_back(row.seq);
    instants_.push_back(static_cast<std::uint64_t>(row.instant.time_since_epoch().count()));
    versions_.push_back(row.version);
    postcodes_.push_back(postcode);
}

void SegmentWriter::add_set(std::span<const Row> rows, std::uint16_t rank, SetMeaning meaning) {
    const auto count = static_cast<std::uint32_t>(rows.size());
    if (rows.size() * dense_ratio > size()) {
        sets_.push_back({words_.size(), count, rank, SetForm::bits, meaning});
        words_.resize(words_.size() + words_for(size()), 0);
        std::uint64_t* words = words_.data() + sets_.back().offset;
        for (const Row row : rows) words[row / word_bits] |= std::uint64_t{1} << (row % word_bits);
    } else {
        sets_.push_back({lists_.size(), count, rank, SetForm::list, meaning});
        RowList::write(rows, lists_);
    }
}

void SegmentWriter::add_ranks(std::span<const RankedRow> rows, CodeRecord& record) {
    std::vector<std::uint32_t> counts;  // by rank
    for (const auto& [row, rank] : rows) {
        if (rank >= counts.size()) counts.resize(rank + std::size_t{1}, 0);
        ++counts[rank];
    }
    record.first_rank = static_cast<std::uint32_t>(ranks_.size());
    auto at_least = static_cast<std::uint32_t>(rows.size());
    for (std::uint32_t rank = 0; rank < counts.size(); ++rank) {
        if (counts[rank] == 0) continue;
        ranks_.push_back({at_least, rank});
        at_least -= counts[rank];
    }
    record.rank_count = static_cast<std::uint32_t>(ranks_.size()) - record.first_rank;
}

void SegmentWriter::add_entry_ranks(std::span<const RankedRow> rows, const CodeRecord& record) {
    std::vector<std::uint8_t> position(ranks_.back().rank + std::size_t{1}, 0);
    for (std::uint32_t i = 0; i < record.rank_count; ++i) {
        position[ranks_[record.first_rank + i].rank] = static_cast<std::uint8_t>(i);
    }
    for (const auto& [row, rank] : rows) entry_ranks_.push_back(position[rank]);
}

// A set "at least" for each rank when there are few. Otherwise one whenever an eighth of the rows has lower ranks than
// it since the last, and one for the second rank (for a study: obtained at all); the others get a set "exactly".
void SegmentWriter::add_levels(std::span<const RankedRow> rows, const CodeRecord& record) {
    std::uint32_t last_level = record.rows;
    for (std::uint32_t i = 1; i < record.rank_count; ++i) {
        const RankRecord rank = ranks_[record.first_rank + i];
        const bool is_level = record.rank_count <= most_levels || i == 1 ||
                              (last_level - rank.rows_at_least) * std::uint64_t{most_levels} >= record.rows;
        members_.clear();
        for (const auto& each : rows) {
            if (is_level ? each.rank >= rank.rank : each.rank == rank.rank) members_.push_back(each.row);
        }
        if (is_level) last_level = rank.rows_at_least;
        add_set(members_, static_cast<std::uint16_t>(rank.rank), is_level ? SetMeaning::at_least : SetMeaning::exactly);
    }
}

void SegmentWriter::add_code(CodeNumber code, std::span<const RankedRow> rows) {
    if (rows.empty()) return;
    assert(codes_.empty() || codes_.back().code < code);
    CodeRecord record{};
    record.code = code;
    record.rows = static_cast<std::uint32_t>(rows.size());
    record.first_set = static_cast<std::uint32_t>(sets_.size());
    record.first_entry_rank = no_entry_ranks;
    add_ranks(rows, record);
    members_.clear();
    for (const auto& each : rows) members_.push_back(each.row);
    add_set(members_, static_cast<std::uint16_t>(ranks_[record.first_rank].rank), SetMeaning::at_least);
    if (record.rank_count > 1) {
        if (sets_.back().form == SetForm::list && record.rank_count <= most_entry_ranks) {
            record.first_entry_rank = entry_ranks_.size();
            add_entry_ranks(rows, record);
        } else {
            add_levels(rows, record);
        }
    }
    record.set_count = static_cast<std::uint32_t>(sets_.size()) - record.first_set;
    codes_.push_back(record);
}

// A counting sort by bucket: rows ascend within one, so that the last of a CV is the newest.
void SegmentWriter::make_directory() {
    const std::uint32_t buckets = size() / bucket_rows + 1;
    directory_starts_.assign(buckets + std::size_t{1}, 0);
    directory_rows_.resize(size());
    for (const auto& id : ids_) ++directory_starts_[directory_bucket(id, buckets) + std::size_t{1}];
    for (std::size_t i = 1; i < directory_starts_.size(); ++i) directory_starts_[i] += directory_starts_[i - 1];
    std::vector<Row> next(directory_starts_.begin(), directory_starts_.end() - 1);
    for (Row row = 0; row < size(); ++row) directory_rows_[next[directory_bucket(ids_[row], buckets)]++] = row;
}

std::shared_ptr<const Segment> SegmentWriter::finish(std::shared_ptr<const Extension> extension) {
    assert(size() > 0);
    make_directory();
    const auto seqs = pack(seqs_);
    const auto instants = pack(instants_);
    const auto versions = pack(versions_);
    SegmentHeader header{};
    header.rows = size();
    header.buckets = static_cast<std::uint32_t>(directory_starts_.size() - 1);
    const std::array<std::span<const std::byte>, section_count> sections{
        bytes_of(ids_),           bytes_of(directory_starts_), bytes_of(directory_rows_), bytes_of(seqs.blocks),
        bytes_of(seqs.words),     bytes_of(instants.blocks),   bytes_of(instants.words),  bytes_of(versions.blocks),
        bytes_of(versions.words), bytes_of(postcodes_),        bytes_of(codes_),          bytes_of(sets_),
        bytes_of(ranks_),         bytes_of(entry_ranks_),      bytes_of(lists_),          bytes_of(words_)};
    auto segment = Segment::open(assemble(header, sections), std::move(extension));
    *this = SegmentWriter();
    assert(segment);
    return std::move(*segment);
}

}  // namespace cvstroom::index
