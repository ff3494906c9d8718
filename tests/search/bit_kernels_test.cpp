// Every form of the loops against the portable one, and that against the plainest there is.
#include "search/bit_kernels.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace cvstroom::search {
namespace {

using Set = std::vector<std::uint64_t>;

std::vector<Set> random_sets(std::size_t count, std::size_t words, std::mt19937_64& random) {
    std::vector<Set> sets(count, Set(words));
    for (auto& set : sets) {
        for (auto& word : set) word = random() | random();
    }
    return sets;
}

std::vector<const std::uint64_t*> pointers(const std::vector<Set>& sets, std::size_t offset) {
    std::vector<const std::uint64_t*> all;
    for (const auto& set : sets) all.push_back(set.data() + offset);
    return all;
}

std::uint64_t plain_count(const Set& words) {
    std::uint64_t count = 0;
    for (const auto word : words) {
        for (unsigned bit = 0; bit < 64; ++bit) count += (word >> bit) & 1U;
    }
    return count;
}

TEST(BitKernels, AllFormsIntersectAndCountAlike) {
    std::mt19937_64 random(1);
    for (const std::size_t words : {0U, 8U, 16U, 24U, 1016U, 1024U}) {
        for (std::size_t all = 1; all <= 7; ++all) {
            for (std::size_t none = 0; none <= 3; ++none) {
                const auto sets = random_sets(all, words + 1, random);
                const auto without = random_sets(none, words + 1, random);
                Set expected(words);
                for (std::size_t i = 0; i < words; ++i) {  // one word further on: no form may count on alignment
                    expected[i] = ~std::uint64_t{0};
                    for (const auto& set : sets) expected[i] &= set[i + 1];
                    for (const auto& set : without) expected[i] &= ~set[i + 1];
                }
                const auto wanted = pointers(sets, 1);
                const auto unwanted = pointers(without, 1);
                for (const auto* form : available_kernels()) {
                    Set out(words);
                    EXPECT_EQ(form->count({wanted, unwanted}, words), plain_count(expected)) << form->name;
                    EXPECT_EQ(form->intersect({wanted, unwanted}, words, out.data()), plain_count(expected))
                        << form->name;
                    EXPECT_EQ(out, expected) << form->name;
                }
            }
        }
    }
}

TEST(BitKernels, AllFormsKeepAndDropRowsAlikeAlsoInPlace) {
    std::mt19937_64 random(3);
    for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 1000U}) {
        for (const std::uint32_t mask : {~std::uint32_t{0}, std::uint32_t{4095}}) {
            const auto words = random_sets(1, mask == 4095 ? 64 : 1024, random).front();
            std::vector<std::uint32_t> rows(count);
            for (auto& row : rows) row = static_cast<std::uint32_t>(random() % 65536);
            std::vector<std::uint32_t> members;
            std::vector<std::uint32_t> others;
            for (const auto row : rows) {
                const bool is_member = ((words[(row & mask) / 64] >> (row % 64)) & 1U) != 0;
                (is_member ? members : others).push_back(row);
            }
            for (const auto* form : available_kernels()) {
                auto kept = rows;
                kept.resize(form->keep_members(words.data(), mask, kept.data(), count, kept.data()));
                EXPECT_EQ(kept, members) << form->name;
                std::vector<std::uint32_t> dropped(count);
                dropped.resize(form->drop_members(words.data(), mask, rows.data(), count, dropped.data()));
                EXPECT_EQ(dropped, others) << form->name;
            }
        }
    }
}

TEST(BitKernels, AllFormsUniteAlikeAlsoInPlace) {
    std::mt19937_64 random(2);
    for (const std::size_t words : {8U, 64U, 1024U}) {
        for (std::size_t count = 1; count <= 6; ++count) {
            const auto sets = random_sets(count, words, random);
            Set expected(words, 0);
            for (const auto& set : sets) {
                for (std::size_t i = 0; i < words; ++i) expected[i] |= set[i];
            }
            for (const auto* form : available_kernels()) {
                auto first = sets;  // the last set is also where the union goes
                form->unite(pointers(first, 0), words, first.back().data());
                EXPECT_EQ(first.back(), expected) << form->name;
            }
        }
    }
}

TEST(BitKernels, ThePortableFormIsAlwaysThere) {
    ASSERT_FALSE(available_kernels().empty());
    EXPECT_EQ(available_kernels().front(), &portable_kernels);
    EXPECT_EQ(&kernels(), available_kernels().back());
}

TEST(BitKernels, WholeSetsOfAnyLengthAreCombinedInPlace) {
    std::mt19937_64 random(3);
    for (const std::size_t words : {0U, 1U, 7U, 8U, 9U, 100U}) {
        const auto sets = random_sets(2, words, random);
        Set both = sets[0];
        Set without = sets[0];
        Set either = sets[0];
        and_into(both, sets[1]);
        and_not_into(without, sets[1]);
        or_into(either, sets[1]);
        for (std::size_t i = 0; i < words; ++i) {
            EXPECT_EQ(both[i], sets[0][i] & sets[1][i]);
            EXPECT_EQ(without[i], sets[0][i] & ~sets[1][i]);
            EXPECT_EQ(either[i], sets[0][i] | sets[1][i]);
        }
    }
}

}  // namespace
}  // namespace cvstroom::search
