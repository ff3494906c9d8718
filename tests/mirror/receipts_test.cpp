// What the mirror confirms to the provider, and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mirror/receipts.hpp"
#include "tests/mirror/fake_feed.hpp"
#include "tests/mirror/mirror_kit.hpp"

namespace cvstroom {
namespace {

using test::FakeFeed;
using test::FeedFaults;

const mirror::RetryPolicy hasty{mirror::Milliseconds{1}, mirror::Milliseconds{4}, 4};

class ReceiptsTest : public testing::Test {
  protected:
    ReceiptsTest() { state_.phase = mirror::Phase::following; }
    void confirm(const std::string& cursor, bool is_idle = true) {
        state_.cursor = cursor;
        receipts_.confirm(state_, is_idle);
    }
    static std::string body(const std::string& cursor) { return R"({"vervolg":")" + cursor + R"("})"; }

    test::TemporaryFolder folder_;
    FakeFeed feed_;
    test::MirrorKit kit_{feed_.server(), FakeFeed::key, "sqlite:" + (folder_ / "copy.db").string(), hasty};
    mirror::Receipts receipts_{*kit_.api, *kit_.sink, kit_.notes};
    mirror::State state_;
};

TEST_F(ReceiptsTest, SayOnlyWhatIsCompleteAndKnown) {
    state_.phase = mirror::Phase::listing;
    confirm("half");
    EXPECT_EQ(feed_.receipts().size(), 0U);
    state_.phase = mirror::Phase::following;
    mirror::Batch batch;
    batch.state = state_;
    const auto cv = Uuid::random();
    batch.unresolved = {{cv, "500"}};
    ASSERT_TRUE(kit_.sink->apply(batch));
    confirm("one is not known");
    EXPECT_EQ(feed_.receipts().size(), 0U);
    batch.unresolved.clear();
    batch.resolved = {cv};
    ASSERT_TRUE(kit_.sink->apply(batch));
    confirm("a");
    confirm("a");
    EXPECT_EQ(feed_.receipts(), std::vector{body("a")}) << "once is enough";
}

TEST_F(ReceiptsTest, AreFewWhileChangesComeAndNoneIsForgotten) {
    confirm("a", false);
    confirm("b", false);
    confirm("c", false);
    EXPECT_EQ(feed_.receipts(), std::vector{body("a")});
    EXPECT_LT(receipts_.patience(std::chrono::seconds{30}), std::chrono::seconds{30}) << "'c' is still to be told";
    confirm("c");
    EXPECT_EQ(feed_.receipts(), (std::vector{body("a"), body("c")}));
    EXPECT_EQ(receipts_.patience(std::chrono::seconds{30}), std::chrono::seconds{30});
}

TEST_F(ReceiptsTest, AnApiWithoutThemIsAskedOnceAndOneThatIsDownAgain) {
    FeedFaults faults;
    faults.is_down = true;
    feed_.set(faults);
    confirm("a");
    faults.is_down = false;
    faults.takes_receipts = false;
    feed_.set(faults);
    confirm("a");
    confirm("b");
    EXPECT_EQ(feed_.receipts(), std::vector{body("a")});
    EXPECT_TRUE(kit_.notes.notes.empty()) << "nothing that anybody would have to know";
}

}  // namespace
}  // namespace cvstroom
