#include "base/uuid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cvstroom {
namespace {

TEST(Uuid, IsReadInEitherCaseAndWrittenInLower) {
    const auto id = Uuid::parse("30DBFEF1-59df-4521-a111-964bf0208e68");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->to_string(), "30dbfef1-59df-4521-a111-964bf0208e68");
}

TEST(Uuid, RefusesEveryOtherForm) {
    for (const char* text : {"", "30dbfef1", "30dbfef159df4521a111964bf0208e68", "30dbfef1-59df-4521-a111-964bf0208e6",
                             "30dbfef1-59df-4521-a111-964bf0208e688", "g0dbfef1-59df-4521-a111-964bf0208e68",
                             "{30dbfef1-59df-4521-a111-964bf0208e68}", "30dbfef1x59df-4521-a111-964bf0208e68"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

TEST(Uuid, RandomOnesDifferAndAreOfVersionFour) {
    std::set<Uuid> seen;
    for (int i = 0; i < 1000; ++i) {
        const Uuid id = Uuid::random();
        EXPECT_EQ(id.to_string()[14], '4');
        EXPECT_TRUE(seen.insert(id).second);
    }
}

}  // namespace
}  // namespace cvstroom
