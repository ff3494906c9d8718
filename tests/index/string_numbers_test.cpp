#include "index/string_numbers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace cvstroom::index {
namespace {

TEST(StringNumbers, AgreesWithAMapThroughEveryGrowth) {
    std::mt19937 random(1);
    StringNumbers numbers;
    std::map<std::string, std::uint32_t> truth;
    for (int n = 0; n < 50'000; ++n) {
        std::string string(random() % 12, 'x');
        for (auto& each : string) each = static_cast<char>('a' + random() % 3);
        if (n % 1000 == 0)
            string = std::string(1'500'000, static_cast<char>('a' + n / 1000 % 3));  // longer than a piece
        const auto [expected, is_new] = truth.try_emplace(string, static_cast<std::uint32_t>(truth.size()));
        const auto added = numbers.add(string);
        ASSERT_EQ(added.first, expected->second);
        ASSERT_EQ(added.second, is_new);
        ASSERT_EQ(numbers.size(), truth.size());
    }
    for (const auto& [string, number] : truth) ASSERT_TRUE(numbers[number] == string);
}

TEST(StringNumbers, KeepsItsStringsWhenMoved) {
    StringNumbers numbers;
    numbers.add("een");
    numbers.add("");
    StringNumbers moved = std::move(numbers);
    EXPECT_EQ(moved[0], "een");
    EXPECT_EQ(moved[1], "");
    EXPECT_EQ(moved.add("een"), std::make_pair(0U, false));
    EXPECT_EQ(moved.add("twee"), std::make_pair(2U, true));
}

}  // namespace
}  // namespace cvstroom::index
