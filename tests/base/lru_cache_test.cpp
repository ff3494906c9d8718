#include "base/lru_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cvstroom {
namespace {

std::shared_ptr<const std::string> text(const char* value) {
    return std::make_shared<const std::string>(value);
}

TEST(LruCache, ForgetsWhatWasUsedLongestAgo) {
    LruCache<int, std::string> cache(30);
    cache.insert(1, text("one"), 10);
    cache.insert(2, text("two"), 10);
    cache.insert(3, text("three"), 10);
    ASSERT_TRUE(cache.find(1));  // now 2 is the oldest
    cache.insert(4, text("four"), 10);
    EXPECT_FALSE(cache.find(2));
    EXPECT_TRUE(cache.find(1) && cache.find(3) && cache.find(4));
    EXPECT_EQ(cache.weight(), 30U);
}

TEST(LruCache, ReplacesErasesAndRefusesWhatIsTooHeavy) {
    LruCache<int, std::string> cache(30);
    cache.insert(1, text("one"), 10);
    cache.insert(1, text("uno"), 20);
    EXPECT_EQ(*cache.find(1), "uno");
    EXPECT_EQ(cache.weight(), 20U);
    cache.insert(1, text("giant"), 31);
    EXPECT_FALSE(cache.find(1));
    cache.insert(2, text("two"), 5);
    cache.erase(2);
    cache.erase(2);
    EXPECT_EQ(cache.weight(), 0U);
}

}  // namespace
}  // namespace cvstroom
