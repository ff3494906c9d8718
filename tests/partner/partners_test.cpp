#include "partner/partners.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cvstroom::partner {
namespace {

using testing::HasSubstr;

TEST(LifeCycle, AllowsTheStepsOfTheContractAndNoOthers) {
    const std::vector<State> states{State::applied, State::approved,  State::signed_up,
                                    State::active,  State::suspended, State::ended};
    const std::vector<Step> steps{Step::apply, Step::approve, Step::sign, Step::activate, Step::suspend, Step::end};
    std::vector<std::string> allowed;
    for (const auto state : states) {
        EXPECT_EQ(state_from_wire(wire_name(state)), state);
        for (const auto step : steps) {
            const auto next = after(state, step);
            if (next)
                allowed.push_back(std::string(wire_name(state)) + " " + std::string(command_name(step)) + " " +
                                  std::string(wire_name(*next)));
            if (!next) {
                EXPECT_THAT(next.error().message, HasSubstr(std::string(wire_name(state))));
            }
        }
    }
    EXPECT_THAT(allowed,
                testing::ElementsAre("aangevraagd approve goedgekeurd", "aangevraagd end beeindigd",
                                     "goedgekeurd sign contract getekend", "goedgekeurd end beeindigd",
                                     "contract getekend activate actief", "contract getekend end beeindigd",
                                     "actief suspend geschorst", "actief end beeindigd", "geschorst activate actief",
                                     "geschorst end beeindigd", "beeindigd apply aangevraagd"));
    EXPECT_FALSE(state_from_wire("dood"));
}

class PartnersTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    Partners partners_{*store_, clock_};
    const std::string name_ = "Interim Zilverduin";

    Date today() const { return Date{std::chrono::floor<std::chrono::days>(clock_.now())}; }
};

TEST_F(PartnersTest, RecordsEveryStepWithWhoAndWhen) {
    ASSERT_TRUE(partners_.apply(name_, "api@zilverduin.example", "An"));
    ASSERT_TRUE(partners_.approve(name_, "seen by legal", "Bo"));
    ASSERT_TRUE(partners_.sign(name_, {"C-2026-7", today(), "Cis Zilver"}, "Bo"));
    ASSERT_TRUE(partners_.activate(name_, "", "Bo"));
    ASSERT_TRUE(partners_.subscribe(name_, "cv", Plan::anonymous, {50, 1000}, "An"));
    ASSERT_TRUE(partners_.subscribe(name_, "cv", Plan::anonymous, {50, 1000}, "An")) << "the same again is no step";
    const auto key = partners_.issue_key(name_, "", std::nullopt, "An").value();
    ASSERT_TRUE(partners_.revoke_key(key.secret, "An"));
    ASSERT_TRUE(partners_.unsubscribe(name_, "cv", "An"));
    std::vector<std::string> steps;
    const auto history = partners_.history(name_).value();  // named: it must outlive the loop
    for (const auto& event : history) steps.push_back(event.what + " / " + event.who + " / " + event.detail);
    EXPECT_THAT(steps,
                testing::ElementsAre("aanvraag / An / api@zilverduin.example", "goedkeuring / Bo / seen by legal",
                                     HasSubstr("contract getekend / Bo / C-2026-7, "), "activering / Bo / ",
                                     "abonnement / An / cv anoniem, 50/minuut, 1000/dag",
                                     HasSubstr("sleutel uitgereikt / An / cvs_"),
                                     HasSubstr("sleutel ingetrokken / An / cvs_"), "abonnement beeindigd / An / cv"));
}

TEST_F(PartnersTest, RefusesIllegalStepsAndSaysWhatWouldBeRight) {
    EXPECT_EQ(partners_.approve(name_, "", "An").error().code, ErrorCode::not_found);
    ASSERT_TRUE(partners_.apply(name_, "", "An"));
    const auto twice = partners_.apply("interim zilverduin", "", "An");
    EXPECT_EQ(twice.error().code, ErrorCode::conflict);
    EXPECT_THAT(twice.error().message, HasSubstr("already"));
    const auto early = partners_.activate(name_, "", "An");
    EXPECT_EQ(early.error().code, ErrorCode::conflict);
    EXPECT_THAT(early.error().message,
                HasSubstr("cannot 'activate' a partner that is 'aangevraagd': approve it first"));
    EXPECT_EQ(partners_.sign(name_, {"R", today(), "Bo"}, "An").error().code, ErrorCode::conflict);
    EXPECT_EQ(partners_.find(name_).value().state, "aangevraagd") << "nothing has changed";
    EXPECT_FALSE(partners_.find(name_).value().contract);
    EXPECT_EQ(partners_.history(name_).value().size(), 1U);
}

TEST_F(PartnersTest, RefusesUnknownProductsPlansThatHideNothingAndOddLimits) {
    ASSERT_TRUE(partners_.apply(name_, "", "An"));
    EXPECT_THAT(partners_.subscribe(name_, "bananen", Plan::full, {}, "An").error().message,
                HasSubstr("cv, referentie"));
    EXPECT_EQ(partners_.subscribe(name_, "beheer", Plan::full, {}, "An").error().where, "product");
    EXPECT_EQ(partners_.subscribe(name_, "referentie", Plan::anonymous, {}, "An").error().where, "plan");
    EXPECT_EQ(partners_.subscribe(name_, "cv", Plan::full, {0, 10}, "An").error().where, "perMinuut");
    EXPECT_EQ(partners_.subscribe(name_, "cv", Plan::full, {10, most_per_day + 1}, "An").error().where, "perDag");
    EXPECT_EQ(partners_.set_limits(name_, "cv", {}, "An").error().code, ErrorCode::not_found);
    EXPECT_EQ(partners_.unsubscribe(name_, "cv", "An").error().code, ErrorCode::not_found);
    EXPECT_EQ(partners_.issue_key(name_, "bananen", {}, "An").error().where, "product");
}

TEST_F(PartnersTest, AChangeLeavesWhatItDoesNotNameAsItIs) {
    ASSERT_TRUE(partners_.apply(name_, "", "An"));
    const auto now = [this] { return partners_.find(name_).value().subscriptions.front(); };
    ASSERT_TRUE(partners_.subscribe(name_, "cv", {}, {}, "An"));
    EXPECT_EQ(now(), (store::SubscriptionRecord{"cv", "volledig", usual_per_minute, usual_per_day}));
    ASSERT_TRUE(partners_.subscribe(name_, "cv", Plan::anonymous, {50, 1000}, "An"));
    ASSERT_TRUE(partners_.subscribe(name_, "cv", {}, {60, {}}, "An"));
    EXPECT_EQ(now(), (store::SubscriptionRecord{"cv", "anoniem", 60, 1000})) << "no full subscription by accident";
    ASSERT_TRUE(partners_.set_limits(name_, "cv", {{}, 2000}, "An"));
    EXPECT_EQ(now(), (store::SubscriptionRecord{"cv", "anoniem", 60, 2000}));
    ASSERT_TRUE(partners_.subscribe(name_, "cv", Plan::full, {}, "An"));
    EXPECT_EQ(now(), (store::SubscriptionRecord{"cv", "volledig", 60, 2000}));
}

// Such a key has no partner, and so no history to stand in.
TEST_F(PartnersTest, AnAdministratorsKeyTellsWhoGaveItAndWhoTookItBack) {
    const auto key = partners_.issue_administration_key("Cis Beheer", {}, "An").value();
    const auto next = partners_.rotate_key(key.prefix, std::chrono::hours{1}, {}, "Bo").value();
    ASSERT_TRUE(partners_.revoke_key(key.prefix, "Dirk"));
    const auto both = store_->keys().value();  // named: it must outlive the loop
    for (const auto& each : both) {
        EXPECT_EQ(each.issued_by, each.prefix == key.prefix ? "An" : "Bo");
        EXPECT_EQ(each.revoked_by, each.prefix == key.prefix ? "Dirk" : "");
    }
    ASSERT_TRUE(partners_.take_through(name_, {"cv"}, {}, "An"));
    const auto of_partner = partners_.issue_key(name_, "", {}, "An").value();
    ASSERT_TRUE(partners_.end(name_, "", "Els"));
    const auto keys = store_->keys().value();
    EXPECT_EQ(std::ranges::find(keys, of_partner.prefix, &store::KeyRecord::prefix)->revoked_by, "Els");
    EXPECT_EQ(std::ranges::find(keys, next.prefix, &store::KeyRecord::prefix)->revoked_by, "");
}

TEST_F(PartnersTest, RefusesTextsThatAreNone) {
    for (const std::string& bad :
         {std::string(), std::string(201, 'x'), std::string("a\nb"), std::string("\xFF"), std::string(" a")}) {
        EXPECT_EQ(partners_.apply(bad, "", "An").error().where, "naam");
    }
    EXPECT_EQ(partners_.apply(name_, "", "").error().where, "wie");
    EXPECT_TRUE(store_->partners().value().empty());
}

TEST_F(PartnersTest, AContractOrAKeyIsMeasuredByTheClock) {
    ASSERT_TRUE(partners_.apply(name_, "", "An"));
    ASSERT_TRUE(partners_.approve(name_, "", "An"));
    const Date later{std::chrono::sys_days(today()) + std::chrono::days{3}};
    EXPECT_THAT(partners_.sign(name_, {"R", later, "Bo"}, "An").error().message, HasSubstr("future"));
    EXPECT_EQ(partners_.issue_key(name_, "", clock_.now(), "An").error().where, "vervalt");
    clock_.advance(-std::chrono::hours{5});
    ASSERT_TRUE(partners_.sign(name_, {"R", today(), "Bo"}, "An"));
    const auto history = partners_.history(name_).value();
    EXPECT_GE(history.back().instant, history.front().instant)
        << "a clock that goes back does not turn the history round";
}

TEST_F(PartnersTest, ASandboxPartnerIsTakenThroughAndItsHistorySaysSo) {
    ASSERT_TRUE(partners_.take_through(name_, {"cv", "referentie"}, {9, 9}, "An"));
    EXPECT_EQ(partners_.find(name_).value().state, "actief");
    EXPECT_EQ(partners_.find(name_).value().subscriptions.size(), 2U);
    const auto history = partners_.history(name_).value();
    EXPECT_EQ(history.size(), 6U);
    EXPECT_THAT(history[1].detail, HasSubstr("sandbox"));
    ASSERT_TRUE(partners_.take_through(name_, {"cv"}, {9, 9}, "An"));
    EXPECT_EQ(partners_.history(name_).value().size(), 6U) << "nothing was left to do";
    ASSERT_TRUE(partners_.suspend(name_, "", "An"));
    ASSERT_TRUE(partners_.take_through(name_, {"cv"}, {9, 9}, "An"));
    EXPECT_EQ(partners_.find(name_).value().state, "geschorst") << "a suspension is somebody's decision: it stays";
}

TEST_F(PartnersTest, EndsAndComesBackWithNothingOfBefore) {
    ASSERT_TRUE(partners_.take_through(name_, {"cv"}, {}, "An"));
    const auto key = partners_.issue_key(name_, "", {}, "An").value();
    ASSERT_TRUE(partners_.end(name_, "over", "An"));
    EXPECT_TRUE(store_->keys().value()[0].revoked);
    EXPECT_EQ(partners_.issue_key(name_, "", {}, "An").error().code, ErrorCode::conflict);
    EXPECT_EQ(partners_.subscribe(name_, "referentie", Plan::full, {}, "An").error().code, ErrorCode::conflict);
    EXPECT_EQ(partners_.rotate_key(key.prefix, std::chrono::hours{1}, {}, "An").error().code, ErrorCode::conflict);
    ASSERT_TRUE(partners_.apply(name_, "", "An"));
    EXPECT_TRUE(partners_.find(name_).value().subscriptions.empty());
    EXPECT_FALSE(partners_.find(name_).value().contract);
}

}  // namespace
}  // namespace cvstroom::partner
