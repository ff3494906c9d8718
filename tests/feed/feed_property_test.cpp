// Random histories, read by partners in every way: whatever is written, a partner ends with what the store has.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "feed/feed.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::feed {
namespace {

using candidate::Status;

// What a partner holds: the version of every published CV.
using Copy = std::map<Uuid, store::Version>;

class World {
  public:
    explicit World(std::uint32_t seed) : random_(seed) {}

    std::uint32_t pick(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
    }

    // A batch of random changes, with a clock that runs, stands still or jumps back.
    void change() {
        clock_.advance(std::chrono::microseconds{static_cast<std::int64_t>(pick(2000)) - 700});
        std::vector<store::Write> batch;
        for (std::uint32_t n = pick(8) + 1; n > 0; --n) batch.push_back(random_write());
        const auto results = store_->append(batch).value();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (batch[i].status == Status::open) {
                truth_[batch[i].cv] = results[i].version;
            } else {
                truth_.erase(batch[i].cv);
            }
        }
    }

    Feed& feed() { return feed_; }
    store::Store& store() { return *store_; }
    const Copy& truth() const { return truth_; }
    void let_time_pass() { clock_.advance(std::chrono::seconds{2}); }

  private:
    store::Write random_write() {
        const Uuid id = test::make_id(pick(40));
        const auto kind = pick(10);
        if (kind == 0) return test::make_erasure(id);
        const auto status = kind == 1 ? Status::closed : Status::open;
        return test::make_write(id, std::to_string(pick(5)), status);
    }

    std::mt19937 random_;
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    Feed feed_{*store_, clock_};
    Copy truth_;
};

// A partner that checks what it is told: each CV once a window, versions that rise, positions that rise.
class Partner {
  public:
    void apply(const Page& page, bool is_first_of_window) {
        if (is_first_of_window) seen_.clear();
        for (const auto& change : page.changes) {
            EXPECT_TRUE(seen_.insert({change.cv, 0}).second) << "a CV stands twice in a window";
            EXPECT_GT(change.version, versions_[change.cv]) << "pitfall 32: a version that does not rise";
            versions_[change.cv] = change.version;
            if (change.status == Status::open) {
                copy_[change.cv] = change.version;
            } else {
                copy_.erase(change.cv);
            }
        }
    }
    const Copy& copy() const { return copy_; }

  private:
    Copy copy_;
    std::map<Uuid, store::Version> versions_;
    Copy seen_;
};

class FeedProperty : public testing::TestWithParam<std::uint32_t> {};

TEST_P(FeedProperty, APartnerThatFollowsTheCursorEndsEqual) {
    World world(GetParam());
    Partner partner;
    std::string cursor;
    bool is_first = true;
    for (int step = 0; step < 150; ++step) {
        if (world.pick(2) == 0) world.change();
        const auto position = cursor.empty() ? world.feed().resolve(WindowRequest{}) : world.feed().resolve(cursor);
        const auto page = world.feed().read(position.value(), world.pick(6) + 1).value();
        partner.apply(page, is_first);
        is_first = page.is_last;
        cursor = world.feed().encode(page.next);
    }
    for (int calls = 0; calls < 200; ++calls) {
        const auto page = world.feed().read(world.feed().resolve(cursor).value(), 5).value();
        partner.apply(page, is_first);
        is_first = page.is_last;
        cursor = world.feed().encode(page.next);
        if (page.is_last && page.changes.empty()) break;
    }
    EXPECT_EQ(partner.copy(), world.truth());
}

TEST_P(FeedProperty, APartnerThatChainsWindowsEndsEqual) {
    World world(GetParam());
    Partner partner;
    Instant from{};
    for (int step = 0; step < 60; ++step) {
        world.change();
        const auto window = world.feed().resolve(WindowRequest{from, {}, 0}).value();
        std::uint64_t offset = 0;
        for (bool is_last = false; !is_last;) {
            const auto page =
                world.feed().read(world.feed().resolve(WindowRequest{from, window.until, offset}).value(), 3).value();
            partner.apply(page, offset == 0);
            offset += page.changes.size();
            is_last = page.is_last;
            if (world.pick(3) == 0) world.change();  // pages of a closed window do not move
            if (is_last) {
                EXPECT_EQ(offset, page.total) << "pitfall 28: the total is exact";
            }
        }
        from = window.until;
    }
    world.let_time_pass();
    partner.apply(world.feed().read(world.feed().resolve(WindowRequest{from, {}, 0}).value(), 2000).value(), true);
    EXPECT_EQ(partner.copy(), world.truth());
}

// Pitfall 10: the union of the pages is the one big page; nothing is announced in two ways.
TEST_P(FeedProperty, Pitfall10_PagesOfAnySizeMakeTheSameWindow) {
    World world(GetParam());
    for (int step = 0; step < 40; ++step) world.change();
    world.let_time_pass();
    const auto window = world.feed().resolve(WindowRequest{Instant{}, {}, 0}).value();
    const auto whole = world.feed().read(window, 2000).value();
    for (const std::uint32_t size : {1U, 2U, 3U, 7U, 512U, 513U}) {
        std::vector<store::Seq> seqs;
        for (std::uint64_t offset = 0;; offset += size) {
            const auto page =
                world.feed()
                    .read(world.feed().resolve(WindowRequest{Instant{}, window.until, offset}).value(), size)
                    .value();
            for (const auto& change : page.changes) seqs.push_back(change.seq);
            world.change();
            if (page.is_last) break;
        }
        std::vector<store::Seq> expected;
        for (const auto& change : whole.changes) expected.push_back(change.seq);
        EXPECT_EQ(seqs, expected) << "pages of " << size;
    }
}

INSTANTIATE_TEST_SUITE_P(Histories, FeedProperty, testing::Range(1U, 13U));

}  // namespace
}  // namespace cvstroom::feed
