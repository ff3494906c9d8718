// Sums of what is published, receipts, and the forgetting of old history.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

using namespace std::chrono_literals;
using candidate::Status;

// An id that begins anywhere: tests of prefixes need more than small numbers.
Uuid scattered_id(std::uint32_t n) {
    return test::make_id(n * 2'654'435'761U);
}

class ControlTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<SqliteStore> store_ = open();

    std::unique_ptr<SqliteStore> open() {
        return SqliteStore::open(folder_ / "cv.db", SqliteStore::Mode::create_if_missing, clock_).value();
    }
    void write(const store::Write& write) {
        clock_.advance(1s);
        ASSERT_TRUE(store_->append(std::span(&write, 1)));
    }
    void put(std::uint32_t n, const std::string& json, Status status = Status::open) {
        write(test::make_write(scattered_id(n), json, status));
    }
    void erase(std::uint32_t n) { write(test::make_erasure(scattered_id(n))); }
    Seq last() { return store_->head().value().seq; }

    // The slow and obvious way.
    ControlBucket count(Seq until, const IdPrefix& prefix) {
        ControlBucket bucket;
        const auto changes = store_->read_range({0, until, true}, 0, 1'000'000).value();
        for (const auto& change : changes) {
            if (change.cv >= prefix.first() && change.cv <= prefix.last()) bucket.add(change.cv, change.version);
        }
        return bucket;
    }
    void check(Seq until, const IdPrefix& prefix) {
        const auto control = store_->control(until, prefix, 20).value();
        const auto expected = count(until, prefix);
        EXPECT_EQ(control.whole.count, expected.count) << prefix.to_string() << " at " << until;
        EXPECT_EQ(control.whole.sum, expected.sum) << prefix.to_string() << " at " << until;
        for (unsigned digit = 0; digit < 16; ++digit) {
            if (prefix.digits == IdPrefix::most_digits) break;
            EXPECT_EQ(control.children[digit].sum, count(until, prefix.child(digit)).sum);
        }
        ASSERT_EQ(control.members.has_value(), expected.count <= 20 || prefix.digits == IdPrefix::most_digits);
        if (!control.members) return;
        ControlBucket listed;
        for (const auto& [cv, version] : *control.members) listed.add(cv, version);
        EXPECT_EQ(listed.sum, expected.sum);
        EXPECT_EQ(listed.count, expected.count);
    }
};

// The value of the contract, worked out by hand with sha256sum over 16 bytes of the id and 8 of the version.
TEST(ControlDigest, IsTheBeginningOfASha256) {
    EXPECT_EQ(ControlSum{}.to_hex(), "00000000000000000000000000000000");
    const auto id = Uuid::parse("30dbfef1-59df-4521-a111-964bf0208e68").value();
    EXPECT_EQ(control_digest(id, 7).to_hex(), "a245b455fa629627a82236464b083da1");
}

TEST(ControlDigest, SumsWrapAndComeBack) {
    ControlSum sum{~0ULL, ~0ULL};
    sum += {0, 1};
    EXPECT_EQ(sum, ControlSum{});
    sum -= {0, 1};
    EXPECT_EQ(sum, (ControlSum{~0ULL, ~0ULL}));
}

TEST(IdPrefixTest, ReadsHexadecimalDigitsOnly) {
    EXPECT_EQ(IdPrefix::parse("0aF")->to_string(), "0af");
    EXPECT_EQ(IdPrefix::parse("")->to_string(), "");
    EXPECT_FALSE(IdPrefix::parse("g"));
    EXPECT_FALSE(IdPrefix::parse("-"));
    EXPECT_FALSE(IdPrefix::parse("123456789"));
    EXPECT_EQ(IdPrefix::parse("30d")->first().to_string(), "30d00000-0000-0000-0000-000000000000");
    EXPECT_EQ(IdPrefix::parse("30d")->last().to_string(), "30dfffff-ffff-ffff-ffff-ffffffffffff");
}

TEST_F(ControlTest, AgreesWithTheLogNowAndAtAnyInstant) {
    std::mt19937 random(11);
    const auto pick = [&](std::uint32_t n) { return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(random); };
    for (int step = 0; step < 400; ++step) {
        const auto n = pick(150);
        if (pick(10) == 0) {
            erase(n);
        } else {
            put(n, std::to_string(pick(1000)), pick(8) == 0 ? Status::closed : Status::open);
        }
    }
    for (const Seq until : {last(), last() - 1, last() / 2, Seq{1}, Seq{0}}) {
        check(until, {});
        for (const char* digits : {"0", "7", "f", "3a", "9e3", "9e3779b1"}) check(until, *IdPrefix::parse(digits));
    }
    store_.reset();
    store_ = open();
    check(last(), {});
}

TEST_F(ControlTest, IsMadeForADatabaseThatHasNoSumsYet) {
    for (std::uint32_t n = 0; n < 50; ++n) put(n, "x");
    store_.reset();
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "cv.db").c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, "DELETE FROM control", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    store_ = open();
    check(last(), {});
}

TEST_F(ControlTest, ReceiptsAreDurableAndTellWhatIsOpen) {
    put(1, "one");
    put(2, "two");
    const Seq applied = last();
    EXPECT_TRUE(store_->receipts(10).value().empty());
    ASSERT_TRUE(store_->confirm({"Interim Zilverduin", applied, clock_.now(), clock_.now()}));
    erase(1);
    put(2, "two", Status::closed);
    store_.reset();
    store_ = open();
    const auto receipts = store_->receipts(1).value();
    ASSERT_EQ(receipts.size(), 1U);
    EXPECT_EQ(receipts[0].last->applied, applied);
    EXPECT_EQ(receipts[0].open_count, 2U);
    ASSERT_EQ(receipts[0].open.size(), 1U);
    EXPECT_EQ(receipts[0].open[0].cv, scattered_id(1));
    ASSERT_TRUE(store_->confirm({"Interim Zilverduin", last(), clock_.now(), clock_.now()}));
    EXPECT_EQ(store_->receipts(1).value()[0].open_count, 0U);
}

TEST_F(ControlTest, CodesOfSupersededVersionsAreKeptUntilTheCvIsErased) {
    put(1, R"({"gewensteJob":{"regios":["BE231A"]},"natuurlijkPersoon":{"achternaam":"Onvindbaar"}})");
    const Seq first = last();
    const std::vector<Seq> asked{first};
    EXPECT_FALSE(store_->traces(asked).value()[0]) << "the version is current";
    put(1, R"({"gewensteJob":{"regios":["BE10"]}})");
    const auto codes = store_->traces(asked).value()[0];
    ASSERT_TRUE(codes);
    EXPECT_EQ(*codes, "rBE231A\n") << "codes, and nothing of the person";
    EXPECT_EQ(store_->state_before(last(), first).value()->seq, first);
    EXPECT_FALSE(store_->state_before(last(), 0).value());
    erase(1);
    EXPECT_FALSE(store_->traces(asked).value()[0]);
}

TEST_F(ControlTest, Pitfall15_ForgetsOnlyWhatNobodyCanAskForAnyMore) {
    put(1, "one");
    put(2, "two");
    put(1, "one again");
    erase(2);
    put(3, "three");
    clock_.advance(24h * 100);
    put(3, "three again");
    const Instant oldest = clock_.now() - 24h * 90;
    const Instant answered = store_->advance_horizon().value().horizon;
    const auto before = count(last(), {});
    EXPECT_EQ(store_->forget_before(oldest, clock_.now() - 24h * 365, 1).value(), 1U) << "small transactions";
    std::size_t forgotten = 1;
    while (const auto count = store_->forget_before(oldest, clock_.now() - 24h * 365, 10).value()) forgotten += count;
    EXPECT_EQ(forgotten, 2U) << "the first versions of 1 and 2; that of 3 was superseded within history";
    EXPECT_EQ(store_->oldest_available().value(), oldest);
    EXPECT_FALSE(store_->oldest_available(answered).value()) << "an answered window says what it said";
    EXPECT_EQ(count(last(), {}).sum, before.sum) << "the initial load is as it was";
    check(last(), {});
    EXPECT_EQ(store_->current(scattered_id(2)).value()->status, Status::erased) << "tombstones stay a year";

    clock_.advance(24h * 300);
    while (store_->forget_before(clock_.now() - 24h * 90, clock_.now() - 24h * 365, 10).value() > 0) {
    }
    EXPECT_FALSE(store_->current(scattered_id(2)).value());
    put(2, "two is back");
    EXPECT_EQ(store_->current(scattered_id(2)).value()->version, 3U) << "and goes on counting";
    check(last(), {});
}

}  // namespace
}  // namespace cvstroom::store
