// Commands that record beside a process that has the audit: it takes their letters in, or they record once it is gone.
#include "audit/letterbox.hpp"

#include <thread>

#include "tests/audit/fixture.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using testing::IsEmpty;
using namespace std::chrono_literals;

class LetterboxTest : public AuditTest {
  protected:
    Result<void> record_beside(std::uint32_t n, std::chrono::milliseconds patience = 60s) {
        const std::vector<audit::Entry> entries{make_entry(n)};
        return audit::record_beside(config_.journal.folder, key_, *store_, clock_, entries, patience);
    }
    std::size_t letters() const {
        std::size_t count = 0;
        for (const auto& each : std::filesystem::directory_iterator(config_.journal.folder)) {
            if (each.path().extension() == ".letter") ++count;
        }
        return count;
    }
    void wait_for_a_letter() const {
        while (letters() == 0) std::this_thread::sleep_for(1ms);
    }
};

TEST_F(LetterboxTest, WithoutAnyoneElseTheCommandRecords) {
    EXPECT_TRUE(record_beside(1));
    EXPECT_EQ(find().size(), 1U);
}

TEST_F(LetterboxTest, WhoHasTheAuditTakesLettersIn) {
    const auto recorder = open();
    auto done = std::async(std::launch::async, [this] { return record_beside(1); });
    wait_for_a_letter();
    EXPECT_TRUE(audit::take_letters(config_.journal.folder, key_, *recorder));
    EXPECT_TRUE(done.get());
    EXPECT_EQ(find().size(), 1U);
    EXPECT_EQ(letters(), 0U);
}

// Two commands at once and no server: the first takes no letters in, and ends.
TEST_F(LetterboxTest, WhoWaitedRecordsOnceTheAuditIsFree) {
    auto recorder = open();
    auto second = std::async(std::launch::async, [this] { return record_beside(1); });
    auto third = std::async(std::launch::async, [this] { return record_beside(2); });
    wait_for_a_letter();
    ASSERT_TRUE(record(*recorder, make_entry(3)));
    recorder.reset();
    EXPECT_TRUE(second.get());
    EXPECT_TRUE(third.get());
    EXPECT_EQ(find().size(), 3U);
    EXPECT_EQ(letters(), 0U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(LetterboxTest, WhoIsNotHeardGivesUpAndLeavesNothing) {
    const auto recorder = open();
    const auto done = record_beside(1, 50ms);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::unavailable);
    EXPECT_EQ(letters(), 0U);
}

}  // namespace
}  // namespace cvstroom
