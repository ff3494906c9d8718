// How a segment stands in memory and, byte for byte, in its file (docs/index-format.md): one block, of which the first
// bytes say where each section is. Little-endian; every section begins at a multiple of 64 bytes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace cvstroom::index {

static_assert(std::endian::native == std::endian::little, "segments are read in place: see docs/index-format.md");

enum class Section : std::uint32_t {
    ids,               // 16 bytes a row
    directory_starts,  // u32 a bucket and one more: where the bucket's rows begin in directory_rows
    directory_rows,    // u32 a row, by bucket, ascending within one
    seq_blocks,        // PackedBlock; the rows' sequence numbers
    seq_words,         // u64
    instant_blocks,    // microseconds since 1970, as an unsigned number
    instant_words,
    version_blocks,
    version_words,
    postcodes,    // u16 a row
    codes,        // CodeRecord, ascending by code
    sets,         // SetRecord
    ranks,        // RankRecord
    entry_ranks,  // u8: the position of a member's rank among its code's ranks
    lists,        // u16: see RowList
    words,        // u64: bitsets
    count,
};
inline constexpr std::size_t section_count = static_cast<std::size_t>(Section::count);

struct SectionPlace {
    std::uint64_t offset;  // from the block's begin
    std::uint64_t bytes;
};

// The block's first bytes.
struct SegmentHeader {
    std::uint32_t rows;
    std::uint32_t buckets;  // of the directory
    std::array<SectionPlace, section_count> sections;
};
static_assert(sizeof(SegmentHeader) == 8 + 16 * section_count);

// All rows that have a code, each with the greatest rank that it has with it.
//
// A code with one rank has one set. Otherwise either the one set is a list whose members' ranks stand in entry_ranks;
// or there are several sets, in order of rank: `at_least` sets (the first holds all rows), and `exactly` sets for the
// ranks that have no at_least set of their own. So "at least rank r" is one set and, rarely, some small ones beside it.
struct CodeRecord {
    std::uint32_t code;
    std::uint32_t rows;
    std::uint32_t first_set;
    std::uint32_t set_count;
    std::uint32_t first_rank;
    std::uint32_t rank_count;        // different ranks, ascending; at least 1
    std::uint64_t first_entry_rank;  // no_entry_ranks: none
};
static_assert(sizeof(CodeRecord) == 32);
inline constexpr std::uint64_t no_entry_ranks = ~std::uint64_t{0};

struct RankRecord {
    std::uint32_t rows_at_least;  // with this rank or a greater one
    std::uint32_t rank;
};

enum class SetForm : std::uint8_t { list = 0, bits = 1 };
enum class SetMeaning : std::uint8_t { at_least = 0, exactly = 1 };

struct SetRecord {
    std::uint64_t offset;  // in the section `lists` or `words`, in its units
    std::uint32_t rows;
    std::uint16_t rank;
    SetForm form;
    SetMeaning meaning;
};
static_assert(sizeof(SetRecord) == 16);

}  // namespace cvstroom::index
