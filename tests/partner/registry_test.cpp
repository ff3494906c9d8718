#include "partner/registry.hpp"

#include <gtest/gtest.h>

#include <set>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cvstroom::partner {
namespace {

TEST(Key, NamesItselfByItsPrefixAndIsNeverTheSame) {
    std::set<std::string> seen;
    for (int n = 0; n < 1000; ++n) {
        const NewKey key = make_key();
        EXPECT_EQ(key_prefix(key.secret), key.prefix);
        EXPECT_EQ(key.secret.size() - key.prefix.size() - 1, 32U) << "128 bits";
        EXPECT_TRUE(seen.insert(key.secret).second);
    }
}

TEST(Key, IsRecognisedByItsFormOnly) {
    const std::string key = make_key().secret;
    for (const std::string& wrong : {std::string(), key.substr(1), key + "0", "CVS_" + key.substr(4),
                                     key.substr(0, 13) + std::string(32, 'G'), key.substr(0, 12) + "-" + key.substr(13)}) {
        EXPECT_FALSE(key_prefix(wrong)) << wrong;
    }
}

class RegistryTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();

    // A registry of its own each time: what one has read just now, another has not.
    Access access(std::string_view key, std::string_view product) {
        return Registry(*store_, clock_).admit(key, product).value().access;
    }
    NewKey issue(const std::string& product) { return Registry(*store_, clock_).issue("Interim Zilverduin", product).value(); }
};

TEST_F(RegistryTest, AdmitsAGoodKeyToItsProductOnly) {
    const auto key = issue("cv");
    EXPECT_EQ(access(key.secret, product_cv), Access::granted);
    EXPECT_EQ(access(key.secret, product_administration), Access::no_subscription);
    EXPECT_EQ(Registry(*store_, clock_).admit(key.secret, product_cv).value().partner, "Interim Zilverduin");
}

TEST_F(RegistryTest, RefusesNoKeyUnknownOnesAndWrongSecrets) {
    const auto key = issue("cv");
    std::string wrong = key.secret;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    EXPECT_EQ(access("", product_cv), Access::no_key);
    EXPECT_EQ(access("hello", product_cv), Access::unknown_key);
    EXPECT_EQ(access(wrong, product_cv), Access::unknown_key);
    EXPECT_EQ(access(make_key().secret, product_cv), Access::unknown_key);
}

TEST_F(RegistryTest, ARevokedKeyIsAsGoodAsUnknown) {
    const auto key = issue("cv");
    ASSERT_TRUE(Registry(*store_, clock_).revoke(key.prefix));
    EXPECT_EQ(access(key.secret, product_cv), Access::unknown_key);
    EXPECT_EQ(Registry(*store_, clock_).revoke("cvs_00000000").error().code, ErrorCode::not_found);
}

TEST_F(RegistryTest, RefusesProductsAndNamesThatAreNone) {
    Registry registry(*store_, clock_);
    EXPECT_EQ(registry.issue("x", "bananas").error().where, "product");
    EXPECT_EQ(registry.issue("", "cv").error().where, "partner");
}

}  // namespace
}  // namespace cvstroom::partner
