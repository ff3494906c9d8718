#include "index/packed_column.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cvstroom::index {
namespace {

// Every width from 0 to 64 bits, with lengths around a block's end.
TEST(PackedColumn, GivesBackWhatWasPacked) {
    std::mt19937_64 random(1);
    for (unsigned width = 0; width <= 64; ++width) {
        for (const std::size_t length : {1U, 127U, 128U, 129U, 1000U}) {
            std::vector<std::uint64_t> values(length);
            for (auto& value : values) value = width == 0 ? 42 : random() >> (64 - width);
            const auto packed = pack(values);
            const PackedColumn column(packed.blocks, packed.words);
            EXPECT_TRUE(column.is_sound(length));
            EXPECT_FALSE(column.is_sound(length + 128));
            for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(column[i], values[i]) << width << " bits, row " << i;
        }
    }
}

TEST(PackedColumn, FindsTheFirstThatIsNotLess) {
    std::mt19937_64 random(2);
    for (const std::size_t length : {1U, 2U, 128U, 129U, 3000U}) {
        std::vector<std::uint64_t> values;
        std::uint64_t value = 1000;
        while (values.size() < length) values.push_back(value += 1 + random() % 5);
        const auto packed = pack(values);
        const PackedColumn column(packed.blocks, packed.words);
        for (std::uint64_t wanted = 990; wanted < value + 5; ++wanted) {
            const auto expected = std::lower_bound(values.begin(), values.end(), wanted) - values.begin();
            ASSERT_EQ(column.lower_bound(wanted, length), static_cast<std::size_t>(expected)) << wanted;
        }
    }
}

TEST(PackedColumn, TellsABlockThatPointsOutside) {
    const std::vector<std::uint64_t> values{1, 2, 3, 1'000'000};
    auto packed = pack(values);
    packed.blocks[0].first_word = 1;
    EXPECT_FALSE(PackedColumn(packed.blocks, packed.words).is_sound(4));
    packed.blocks[0].first_word = 0;
    packed.blocks[0].width = 65;
    EXPECT_FALSE(PackedColumn(packed.blocks, packed.words).is_sound(4));
}

}  // namespace
}  // namespace cvstroom::index
