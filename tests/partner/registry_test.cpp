#include "partner/registry.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

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
    for (const std::string& wrong :
         {std::string(), key.substr(1), key + "0", "CVS_" + key.substr(4), key.substr(0, 13) + std::string(32, 'G'),
          key.substr(0, 12) + "-" + key.substr(13)}) {
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
    NewKey issue(const std::string& product) {
        return Registry(*store_, clock_).issue("Interim Zilverduin", product).value();
    }
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

TEST_F(RegistryTest, ServesOnlyAnActivePartner) {
    Partners partners(*store_, clock_);
    const std::string name = "Quavelo";
    ASSERT_TRUE(partners.apply(name, "", "An"));
    ASSERT_TRUE(partners.subscribe(name, "cv", Plan::anonymous, {}, "An"));
    const auto key = partners.issue_key(name, "", std::nullopt, "An").value();
    EXPECT_EQ(access(key.secret, product_cv), Access::not_active);
    ASSERT_TRUE(partners.approve(name, "", "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::not_active);
    ASSERT_TRUE(partners.sign(name, {"R-1", Date{std::chrono::floor<std::chrono::days>(clock_.now())}, "Bo"}, "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::not_active);
    ASSERT_TRUE(partners.activate(name, "", "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::granted);
    EXPECT_EQ(Registry(*store_, clock_).admit(key.secret, product_cv).value().plan, Plan::anonymous);
    EXPECT_EQ(access(key.secret, product_reference), Access::no_subscription);
    ASSERT_TRUE(partners.suspend(name, "too many faults", "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::not_active);
    ASSERT_TRUE(partners.activate(name, "", "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::granted);
    ASSERT_TRUE(partners.end(name, "", "An"));
    EXPECT_EQ(access(key.secret, product_cv), Access::unknown_key) << "ending revokes the keys";
}

TEST_F(RegistryTest, RotationLetsBothKeysInUntilTheOldOneExpires) {
    const auto old_key = issue("cv");
    const auto new_key = Partners(*store_, clock_).rotate_key(old_key.prefix, std::chrono::hours{24}, {}, "An").value();
    EXPECT_EQ(access(old_key.secret, product_cv), Access::granted);
    EXPECT_EQ(access(new_key.secret, product_cv), Access::granted);
    EXPECT_EQ(access(new_key.secret, product_reference), Access::no_subscription) << "the same rights, no more";
    clock_.advance(std::chrono::hours{25});
    EXPECT_EQ(access(old_key.secret, product_cv), Access::expired_key);
    EXPECT_EQ(access(new_key.secret, product_cv), Access::granted);
}

TEST_F(RegistryTest, RotationMakesNoKeyLastLongerThanItWasGivenFor) {
    issue("cv");
    Partners partners(*store_, clock_);
    const auto until = clock_.now() + std::chrono::hours{48};
    const auto old_key = partners.issue_key("Interim Zilverduin", "", until, "An").value();
    const auto next = partners.rotate_key(old_key.prefix, std::chrono::hours{1}, {}, "An").value();
    EXPECT_EQ(partners.rotate_key(next.prefix, std::chrono::hours{1}, clock_.now(), "An").error().where, "vervalt");
    EXPECT_EQ(partners.rotate_key(old_key.prefix, std::chrono::hours{1}, {}, "An").error().code, ErrorCode::conflict)
        << "it ends with the overlap, and what takes its place must not";
    const auto longer =
        partners.rotate_key(next.prefix, std::chrono::hours{96}, until + std::chrono::hours{48}, "An").value();
    clock_.advance(std::chrono::hours{49});
    EXPECT_EQ(access(next.secret, product_cv), Access::expired_key) << "as the key that it replaced";
    EXPECT_EQ(access(longer.secret, product_cv), Access::granted) << "unless somebody says so";
    clock_.advance(std::chrono::hours{48});
    EXPECT_EQ(access(longer.secret, product_cv), Access::expired_key);
}

TEST_F(RegistryTest, AClockThatGoesBackBringsNoKeyBack) {
    issue("cv");
    const auto key = Partners(*store_, clock_)
                         .issue_key("Interim Zilverduin", "", clock_.now() + std::chrono::hours{1}, "An")
                         .value();
    Registry registry(*store_, clock_);
    EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::granted);
    clock_.advance(std::chrono::hours{2});
    EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::expired_key);
    ASSERT_TRUE(store_->advance_horizon());
    clock_.advance(-std::chrono::hours{2});
    EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::expired_key);
    EXPECT_EQ(access(key.secret, product_cv), Access::expired_key)
        << "also after a restart: the database has seen later";
}

TEST_F(RegistryTest, CountsRequestsAndKeepsLastUse) {
    Partners partners(*store_, clock_);
    const auto key = issue("cv");
    ASSERT_TRUE(partners.set_limits("Interim Zilverduin", "cv", {3, 100}, "An"));
    Registry registry(*store_, clock_);
    for (int n = 0; n < 3; ++n) EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::granted);
    const auto refused = registry.admit(key.secret, product_cv).value();
    EXPECT_EQ(refused.access, Access::over_limit);
    EXPECT_GE(refused.allowance.retry_after, 1U);
    EXPECT_LE(refused.allowance.retry_after, 20U);
    EXPECT_EQ(*refused.policy, R"("minuut";q=3;w=60, "dag";q=100;w=86400)");
    ASSERT_TRUE(registry.flush_usage());
    ASSERT_TRUE(registry.flush_usage()) << "a second time adds nothing";
    const auto usage = partners.usage("Interim Zilverduin").value();
    ASSERT_EQ(usage.size(), 1U);
    EXPECT_EQ(usage[0].served, 3U);
    EXPECT_EQ(usage[0].refused, 1U);
    EXPECT_TRUE(store_->keys().value()[0].last_used);
}

TEST_F(RegistryTest, ANewLimitOfAnotherProcessLeavesTheOthersBucketsAlone) {
    const auto key = issue("cv");
    const auto other = Registry(*store_, clock_).issue("Quavelo", "cv").value();
    Partners partners(*store_, clock_);
    ASSERT_TRUE(partners.set_limits("Interim Zilverduin", "cv", {1, 100}, "An"));
    Registry registry(*store_, clock_);
    EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::granted);
    ASSERT_TRUE(partners.set_limits("Quavelo", "cv", {1, 100}, "An"));
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
    EXPECT_EQ(registry.admit(other.secret, product_cv).value().access, Access::granted);
    EXPECT_EQ(registry.admit(other.secret, product_cv).value().access, Access::over_limit) << "the new limit counts";
    EXPECT_EQ(registry.admit(key.secret, product_cv).value().access, Access::over_limit)
        << "and this one was not filled again";
}

// Shared by all keys of a partner, and by the states that a change of anything makes.
TEST_F(RegistryTest, TooManyFailingCallsShutAPartnerOutAndNobodyElse) {
    Registry registry(*store_, clock_);
    const auto key = issue(std::string(product_cv));
    const auto other = Registry(*store_, clock_).issue("Uitzend Koperwiek", std::string(product_cv)).value();
    const auto failures = registry.admit(key.secret, product_cv).value().failures;
    ASSERT_NE(failures, nullptr);
    while (failures->take(std::chrono::steady_clock::now() + std::chrono::minutes{1}).is_taken) {
    }
    const auto refused = registry.admit(key.secret, product_cv).value();
    EXPECT_EQ(refused.access, Access::over_failures);
    EXPECT_GT(refused.allowance.retry_after, 50U) << "the bucket was emptied a minute ahead";
    EXPECT_EQ(refused.allowance.broken_limit, failures_per_minute);
    EXPECT_EQ(registry.admit(other.secret, product_cv).value().access, Access::granted);
    const auto second = issue(std::string(product_cv));
    std::this_thread::sleep_for(std::chrono::milliseconds{250});  // until it is noticed
    EXPECT_EQ(registry.admit(second.secret, product_cv).value().access, Access::over_failures);
}

TEST_F(RegistryTest, GivesEachPartnerOneFlow) {
    Registry registry(*store_, clock_);
    const auto one = issue("cv");
    const auto two = issue("referentie");
    const auto other = registry.issue("Quavelo", "cv").value();
    EXPECT_NE(registry.flow_of(one.secret), 0U);
    EXPECT_EQ(registry.flow_of(one.secret), registry.flow_of(two.secret));
    EXPECT_NE(registry.flow_of(one.secret), registry.flow_of(other.secret));
    EXPECT_EQ(registry.flow_of("hello"), 0U);
}

TEST_F(RegistryTest, RefusesProductsAndNamesThatAreNone) {
    Registry registry(*store_, clock_);
    EXPECT_EQ(registry.issue("x", "bananas").error().where, "product");
    EXPECT_TRUE(store_->partners().value().empty()) << "and nothing is left behind";
    EXPECT_EQ(registry.issue("", "cv").error().where, "naam");
}

}  // namespace
}  // namespace cvstroom::partner
