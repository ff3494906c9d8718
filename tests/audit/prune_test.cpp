// Old files can go, and what stays is still proved; but nothing can go without a trace.
#include "audit/prune.hpp"

#include "audit/folder.hpp"
#include "tests/audit/fixture.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PruneTest : public AuditTest {
  protected:
    // Five files of a day each, with three records.
    void SetUp() override {
        const auto recorder = open();
        for (std::uint32_t day = 0; day < 5; ++day) {
            opened_.push_back(clock_.now());
            for (std::uint32_t n = 0; n < 3; ++n) {
                ASSERT_TRUE(record(*recorder, make_entry(day * 3 + n)));
                clock_.advance(std::chrono::hours{1});
            }
            clock_.advance(std::chrono::hours{24});
        }
    }
    Result<audit::PruneResult> prune(Instant before, bool is_trial = false) {
        return audit::prune(config_.journal.folder, key_, store_->anchors().value(),
                            {before, clock_.now(), "an@provider", is_trial});
    }
    std::size_t files() const { return audit::list_files(config_.journal.folder)->size(); }

    std::vector<Instant> opened_;
};

TEST_F(PruneTest, RemovesWholeFilesAndTheRestIsStillProved) {
    const auto result = prune(opened_[2] + std::chrono::hours{1});
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->files, 2U);
    EXPECT_GT(result->bytes, 0U);
    EXPECT_EQ(files(), 3U);
    EXPECT_EQ(find().size(), 9U);
    const auto verified = verify();
    EXPECT_THAT(verified.faults, IsEmpty());
    EXPECT_EQ(verified.pruned_files, 2U);
    EXPECT_EQ(verified.records, 9U);
    const auto pruned = audit::read_pruned(config_.journal.folder, key_).value().value();
    EXPECT_EQ(pruned.by, "an@provider");
    EXPECT_EQ(pruned.until, opened_[2]);
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(99)));
    }
    EXPECT_THAT(verify().faults, IsEmpty()) << "the chain goes on";
    const auto again = prune(opened_[3]);
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(again->files, 1U);
    EXPECT_EQ(verify().pruned_files, 3U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(PruneTest, KeepsTheLastFileAndWhatIsNotOlder) {
    EXPECT_EQ(prune(opened_[1] - std::chrono::seconds{1})->files, 0U);
    EXPECT_EQ(files(), 5U);
    EXPECT_EQ(prune(clock_.now() + std::chrono::hours{1000}, true)->files, 4U) << "only said";
    EXPECT_EQ(files(), 5U);
    EXPECT_EQ(prune(clock_.now() + std::chrono::hours{1000})->files, 4U);
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(find().size(), 3U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

// A file may then hold records that are later than the next file's beginning.
TEST_F(PruneTest, KeepsRecordsThatAreLaterBecauseTheClockWentBack) {
    config_.journal.file_bytes = 1250;  // four records
    clock_.advance(std::chrono::hours{4});
    const auto recorder = open();
    const auto before = clock_.now() + std::chrono::hours{1};
    ASSERT_TRUE(record(*recorder, make_entry(70)));
    clock_.advance(std::chrono::hours{2});
    for (const std::uint32_t n : {71U, 72U, 73U}) ASSERT_TRUE(record(*recorder, make_entry(n)));
    clock_.advance(-std::chrono::hours{2});
    ASSERT_TRUE(record(*recorder, make_entry(74)));
    const auto begun = audit::list_files(config_.journal.folder)->size();
    ASSERT_GE(begun, 7U);
    ASSERT_TRUE(prune(before));
    EXPECT_EQ(files(), begun - 5);
    for (const std::uint32_t n : {71U, 72U, 73U}) EXPECT_EQ(find({test::make_id(n), "", {}, {}}).size(), 1U) << n;
    EXPECT_EQ(find({test::make_id(0), "", {}, {}}).size(), 0U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(PruneTest, WorksWhileARecorderWrites) {
    const auto recorder = open();
    ASSERT_TRUE(record(*recorder, make_entry(50)));
    ASSERT_TRUE(prune(opened_[3]));
    ASSERT_TRUE(record(*recorder, make_entry(51)));
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(PruneTest, LeavesAnAuditThatIsNotWholeAsItIs) {
    auto bad = read(file(2));
    bad[bad.find("Zilverduin")] = 'X';
    write(file(2), bad);
    const auto result = prune(clock_.now());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::conflict);
    EXPECT_THAT(to_string(result.error()), HasSubstr("audit-000002.ndjson"));
    EXPECT_EQ(files(), 5U);
}

TEST_F(PruneTest, WhatIsRemovedByHandIsFoundBesideWhatWasPruned) {
    ASSERT_TRUE(prune(opened_[2]));
    const auto statement = read(config_.journal.folder / audit::pruned_name);
    std::filesystem::remove(file(3));
    EXPECT_THAT(verify().faults, Contains(Field(&audit::Fault::what, HasSubstr("missing"))));
    for (std::size_t at = 0; at < statement.size(); ++at) {
        auto bad = statement;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        write(config_.journal.folder / audit::pruned_name, bad);
        ASSERT_THAT(verify().faults, Contains(Field(&audit::Fault::where, "pruned.json"))) << "byte " << at;
    }
}

TEST_F(PruneTest, WithoutItsStatementWhatWasPrunedLooksCut) {
    ASSERT_TRUE(prune(opened_[2]));
    std::filesystem::remove(config_.journal.folder / audit::pruned_name);
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
}

TEST_F(PruneTest, AnInterruptedPruningIsFinishedByTheNext) {
    const auto first = read(file(1));
    const auto second = read(file(2));
    ASSERT_TRUE(prune(opened_[2]));
    write(file(2), second);  // as if the process had ended before it came to it
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(prune(opened_[2])->files, 1U);
    EXPECT_EQ(files(), 3U);
    write(file(1), first + "of another one");
    EXPECT_THAT(verify().faults, IsEmpty()) << "what was given up is not proved any more";
}

}  // namespace
}  // namespace cvstroom
