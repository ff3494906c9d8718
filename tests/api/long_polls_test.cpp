#include "api/long_polls.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::api {
namespace {

using namespace std::chrono_literals;

// Who keeps data of persons for a moment (feed/judged_codes.hpp) is told that moments pass, also when there is no quiet
// one.
TEST(LongPollsTest, TellsOfEveryLookWhileChangesGoOn) {
    const test::TemporaryFolder folder;
    test::FakeClock clock;
    const auto store =
        store::SqliteStore::open(folder / "cv.db", store::SqliteStore::Mode::create_if_missing, clock).value();
    std::atomic<int> changes = 0;
    std::atomic<int> quiet = 0;
    {
        const LongPolls polls(*store,
                              [&](LongPolls::Look look) { ++(look == LongPolls::Look::change ? changes : quiet); });
        for (std::uint32_t n = 1; n < 2000 && changes < 5; ++n) {
            const auto write = test::make_write(test::make_id(1), std::to_string(n));
            ASSERT_TRUE(store->append(std::span(&write, 1)));
            std::this_thread::sleep_for(1ms);
        }
        EXPECT_GE(changes, 5);
        quiet = 0;
        while (quiet == 0) std::this_thread::sleep_for(1ms);
    }
}

}  // namespace
}  // namespace cvstroom::api
