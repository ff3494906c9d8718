#include "index/posting.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace cvstroom::index {
namespace {

std::vector<Row> rows_of(const Posting& posting) {
    std::vector<Row> rows;
    posting.append_to(rows);
    return rows;
}

// Sparse, at the border, and dense; the last row and sizes that are no multiple of a word among them.
TEST(Posting, HoldsItsRowsInEitherForm) {
    std::mt19937 random(1);
    for (const Row size : {1U, 63U, 64U, 65U, 1000U, 70'000U}) {
        for (const Row one_in : {1U, 2U, 31U, 32U, 33U, 500U}) {
            std::vector<Row> rows;
            for (Row row = 0; row < size; ++row) {
                if (random() % one_in == 0 || row + 1 == size) rows.push_back(row);
            }
            const Posting posting(rows, size);
            EXPECT_EQ(posting.size(), rows.size());
            EXPECT_EQ(rows_of(posting), rows);
            EXPECT_EQ(posting.is_dense(), rows.size() * 32 > size);
            for (Row row = 0; row < size; row += 7) {
                EXPECT_EQ(posting.contains(row), std::binary_search(rows.begin(), rows.end(), row));
            }
        }
    }
}

TEST(Posting, GrowsByRowsInAnyOrder) {
    std::mt19937 random(2);
    std::set<Row> expected;
    Posting posting;
    for (int round = 0; round < 60; ++round) {
        std::vector<Row> more;
        for (int n = 0; n < 20; ++n) more.push_back(static_cast<Row>(random() % 5000));
        expected.insert(more.begin(), more.end());
        posting = posting.with(more, 5000);
        ASSERT_EQ(rows_of(posting), std::vector<Row>(expected.begin(), expected.end()));
    }
    EXPECT_TRUE(posting.is_dense());
}

TEST(Posting, MayBeEmpty) {
    const Posting posting;
    EXPECT_TRUE(posting.is_empty());
    EXPECT_FALSE(posting.is_dense());
    EXPECT_FALSE(posting.contains(0));
    EXPECT_TRUE(rows_of(posting).empty());
}

}  // namespace
}  // namespace cvstroom::index
