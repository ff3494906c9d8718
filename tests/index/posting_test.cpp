#include "index/posting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "index/segment_builder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::index {
namespace {

std::vector<Row> rows_in(const RowsView& view, Row segment_size) {
    std::vector<Row> rows;
    view.for_each(segment_size, [&rows](Row row) { rows.push_back(row); });
    return rows;
}

std::shared_ptr<const Segment> segment_with(Row size, CodeNumber code, std::span<const RankedRow> rows) {
    SegmentWriter writer;
    for (Row row = 0; row < size; ++row) writer.add_row({test::make_id(row), row + 1, {}, 1}, 0);
    writer.add_code(code, rows);
    return writer.finish(nullptr);
}

// Sparse, at the border, and dense; sizes that are no multiple of a word, and rows on both sides of a container's end.
TEST(Posting, HoldsItsRowsInEitherForm) {
    std::mt19937 random(1);
    for (const Row size : {1U, 63U, 64U, 65U, 1000U, 65'536U, 70'000U, 140'000U}) {
        for (const Row one_in : {1U, 2U, 63U, 64U, 65U, 5000U}) {
            std::vector<RankedRow> members;
            std::vector<Row> rows;
            for (Row row = 0; row < size; ++row) {
                if (random() % one_in != 0 && row + 1 != size) continue;
                members.push_back({row, 0});
                rows.push_back(row);
            }
            const auto segment = segment_with(size, 5, members);
            const auto* code = segment->find_code(5);
            ASSERT_NE(code, nullptr);
            EXPECT_EQ(segment->find_code(4), nullptr);
            EXPECT_EQ(segment->find_code(6), nullptr);
            const RowsView view = segment->rows_of(*code);
            EXPECT_EQ(view.size(), rows.size());
            EXPECT_EQ(view.is_dense(), rows.size() * dense_ratio > size);
            ASSERT_EQ(rows_in(view, size), rows);
            for (Row row = 0; row < size; row += 7) {
                ASSERT_EQ(view.contains(row), std::binary_search(rows.begin(), rows.end(), row));
            }
        }
    }
}

// Few ranks and many, in rare and in frequent codes: all forms that a code's rows have.
TEST(Posting, AnswersAtLeastEveryRank) {
    std::mt19937 random(2);
    for (const std::uint32_t ranks : {1U, 2U, 5U, 9U, 60U, 400U}) {
        for (const Row one_in : {2U, 200U}) {
            constexpr Row size = 100'000;
            std::vector<RankedRow> members;
            for (Row row = 0; row < size; ++row) {
                if (random() % one_in == 0) members.push_back({row, static_cast<std::uint16_t>(7 + random() % ranks)});
            }
            const auto segment = segment_with(size, 3, members);
            const auto& code = *segment->find_code(3);
            for (std::uint32_t least = 0; least < ranks + 10; least += 1 + ranks / 30) {
                std::vector<Row> expected;
                for (const auto& [row, rank] : members) {
                    if (rank >= least) expected.push_back(row);
                }
                std::vector<RowsView> views;
                segment->add_at_least(code, static_cast<std::uint16_t>(least), views);
                std::vector<Row> rows;
                std::uint64_t sizes = 0;
                for (const auto& view : views) {
                    sizes += view.size();
                    for (const Row row : rows_in(view, size)) rows.push_back(row);
                }
                std::sort(rows.begin(), rows.end());
                ASSERT_EQ(rows, expected) << ranks << " ranks, at least " << least;
                EXPECT_EQ(sizes, expected.size()) << "the sets are not disjoint, or their sizes not exact";
                EXPECT_EQ(segment->count_at_least(code, static_cast<std::uint16_t>(least)), expected.size());
            }
            std::vector<RankedRow> collected;
            segment->collect(code, collected);
            ASSERT_EQ(collected.size(), members.size());
            for (std::size_t i = 0; i < members.size(); ++i) {
                ASSERT_EQ(collected[i].row, members[i].row);
                ASSERT_EQ(collected[i].rank, members[i].rank);
            }
        }
    }
}

TEST(Posting, TellsAWrongListFromAGoodOne) {
    const std::vector<Row> rows{1, 5, 65'535, 65'536, 200'000};
    std::vector<std::uint16_t> units;
    RowList::write(rows, units);
    EXPECT_TRUE(RowList::is_sound(units, 5, 200'001));
    EXPECT_FALSE(RowList::is_sound(units, 5, 200'000)) << "a row outside of the segment";
    EXPECT_FALSE(RowList::is_sound(units, 4, 200'001)) << "more rows than are said";
    for (std::size_t length = 0; length < units.size(); ++length) {
        EXPECT_FALSE(RowList::is_sound(std::span(units).first(length), 5, 200'001)) << "cut at " << length;
    }
    auto disordered = units;
    std::swap(disordered[disordered.size() - 4], disordered[disordered.size() - 5]);
    EXPECT_FALSE(RowList::is_sound(disordered, 5, 200'001));
}

TEST(Posting, MayBeEmpty) {
    const RowsView view;
    EXPECT_EQ(view.size(), 0U);
    EXPECT_FALSE(view.contains(0));
    EXPECT_TRUE(rows_in(view, 100).empty());
}

TEST(DeadRows, GrowWithoutChangingWhatWasThere) {
    std::mt19937 random(3);
    std::vector<bool> expected(5000, false);
    DeadRows dead;
    std::uint32_t count = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<Row> more;
        for (int n = 0; n < 20; ++n) {
            const auto row = static_cast<Row>(random() % 5000);
            if (expected[row]) continue;
            expected[row] = true;
            more.push_back(row);
        }
        const DeadRows before = dead;
        dead = dead.with(more, 5000);
        EXPECT_EQ(before.size(), count);
        count += static_cast<std::uint32_t>(more.size());
        ASSERT_EQ(dead.size(), count);
        for (Row row = 0; row < 5000; ++row) ASSERT_EQ(dead.contains(row), expected[row]);
        for (const Row row : more) EXPECT_FALSE(before.contains(row));
    }
}

}  // namespace
}  // namespace cvstroom::index
