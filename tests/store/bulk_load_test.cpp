#include "store/bulk_load.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

class AnyCode final : public candidate::CodeBook {
  public:
    bool knows(candidate::CodeKind, std::string_view) const override { return true; }
    std::string nearest(candidate::CodeKind, std::string_view) const override { return {}; }
};

std::string document(std::uint32_t n, const std::string& status = "OPEN") {
    return R"({"cvId":")" + test::make_id(n).to_string() + R"(","status":")" + status +
           R"(","wijzigingsDatum":"2026-02-13"})";
}

class BulkLoad : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    const std::shared_ptr<const candidate::CodeBook> codes_ = std::make_shared<AnyCode>();
    std::unique_ptr<SqliteStore> store_ =
        SqliteStore::open(folder_ / "cv.db", SqliteStore::Mode::create_if_missing, clock_).value();
    std::vector<LineOutcome> outcomes_;

    LoadSummary load(const std::string& text) {
        std::istringstream input(text);
        return load_lines(
                   *store_, [this] { return codes_; },
                   [&](std::string& line) { return static_cast<bool>(std::getline(input, line)); },
                   [&](const LineOutcome& outcome) { outcomes_.push_back(outcome); })
            .value();
    }
};

TEST_F(BulkLoad, KeepsGoodLinesAndReportsBadOnesByNumber) {
    const auto summary = load(document(1) + "\n\n{broken\n" + document(2) + "\n{\"cvId\":7}\n" + document(1) + "\n");
    EXPECT_EQ(summary.lines, 5U);
    EXPECT_EQ(summary.created, 2U);
    EXPECT_EQ(summary.unchanged, 1U);
    EXPECT_EQ(summary.refused, 2U);
    ASSERT_EQ(outcomes_.size(), 5U);
    EXPECT_EQ(outcomes_[1].line, 3U);
    EXPECT_EQ(outcomes_[3].line, 5U);
    EXPECT_EQ(outcomes_[3].faults.size(), 3U) << "every fault of the line";
    EXPECT_EQ(store_->head().value().published, 2U);
}

TEST_F(BulkLoad, LoadsManyRoundsInOrder) {
    std::string text;
    constexpr std::uint32_t count = 7000;  // more than three rounds
    for (std::uint32_t n = 0; n < count; ++n) text += document(n) + "\n";
    EXPECT_EQ(load(text).created, count);
    for (std::uint32_t n = 0; n < count; ++n) {
        ASSERT_EQ(outcomes_[n].line, n + 1);
        ASSERT_EQ(outcomes_[n].written->seq, n + 1);
        ASSERT_EQ(outcomes_[n].cv, test::make_id(n));
    }
}

// As a node's lists are: those that the store had when they were read.
class CodesOfRevision final : public candidate::CodeBook {
  public:
    explicit CodesOfRevision(std::uint64_t revision) : revision_(revision) {}
    bool knows(candidate::CodeKind, std::string_view) const override { return revision_ == 0; }
    std::string nearest(candidate::CodeKind, std::string_view) const override { return {}; }
    std::optional<std::uint64_t> revision() const override { return revision_; }

  private:
    std::uint64_t revision_;
};

TEST_F(BulkLoad, ChecksAgainWhatAListChangedUnderIt) {
    constexpr std::uint32_t count = 10'000;
    std::uint32_t n = 0;
    std::uint64_t in_time = 0;
    const auto codes_now = [this]() -> Result<std::shared_ptr<const candidate::CodeBook>> {
        return std::make_shared<CodesOfRevision>(store_->lists_revision().value());
    };
    const auto next = [&](std::string& line) {
        if (n == count) return false;
        if (n == count / 2) {
            EXPECT_TRUE(store_->add_list({"softskills", 0, clock_.now(), "tester", 0, {}, true}, "", [&] {
                in_time = store_->head().value().seq;
                return Result<void>();
            }));
        }
        line = R"({"cvId":")" + test::make_id(n++).to_string() +
               R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","competenties":[{"type":"softSkill","code":"1"}]})";
        return true;
    };
    std::uint64_t refused = 0;
    const auto summary = load_lines(*store_, codes_now, next, [&](const LineOutcome& outcome) {
        if (!outcome.faults.empty()) ++refused;
    });
    ASSERT_TRUE(summary);
    EXPECT_EQ(store_->head().value().seq, in_time) << "none was stored once the code was gone";
    EXPECT_EQ(summary->created, in_time);
    EXPECT_EQ(summary->refused, count - in_time);
    EXPECT_EQ(refused, count - in_time);
}

TEST_F(BulkLoad, ErasesAndWithdrawsByStatus) {
    load(document(1) + "\n" + document(2) + "\n");
    const auto summary =
        load(document(1, "VERWIJDERD") + "\n" + document(2, "GESLOTEN") + "\n" + document(3, "VERWIJDERD"));
    EXPECT_EQ(summary.erased, 1U);
    EXPECT_EQ(summary.changed, 1U);
    EXPECT_EQ(summary.unknown, 1U);
    EXPECT_EQ(store_->head().value().published, 0U);
}

TEST_F(BulkLoad, TakesAnEmptyInput) {
    EXPECT_EQ(load("").lines, 0U);
    EXPECT_EQ(load("\n \r\n").lines, 0U);
}

}  // namespace
}  // namespace cvstroom::store
