// Records come back as they were given; files change by size and day; a full disk lets nothing through.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "tests/audit/fixture.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using test::make_id;
using testing::HasSubstr;
using testing::IsEmpty;

class RecorderTest : public AuditTest {};

TEST_F(RecorderTest, ARecordComesBackAsItWasGiven) {
    {
        const auto recorder = open();
        auto entry = make_entry(7, "Naam met \"aanhalingstekens\" en é");
        entry.cvs.push_back({make_id(8), 12});
        EXPECT_TRUE(record(*recorder, entry));
        EXPECT_EQ(find().size(), 1U) << "readable while the recorder is open";
    }
    const auto found = find();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].at, clock_.now());
    EXPECT_EQ(found[0].trace, make_entry(7).trace);
    EXPECT_EQ(found[0].partner, "Naam met \"aanhalingstekens\" en é");
    EXPECT_EQ(found[0].key, "cvs_12345678");
    EXPECT_EQ(found[0].resource, "detail");
    EXPECT_EQ(found[0].members, "*");
    ASSERT_EQ(found[0].cvs.size(), 2U);
    EXPECT_EQ(found[0].cvs[1].cv, make_id(8));
    EXPECT_EQ(found[0].cvs[1].version, 12U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(RecorderTest, RecordsAreFoundByCvPartnerAndTime) {
    const auto recorder = open();
    const auto begin = clock_.now();
    for (std::uint32_t n = 0; n < 20; ++n) {
        ASSERT_TRUE(record(*recorder, make_entry(n % 5, n % 2 == 0 ? "Even" : "Oneven")));
        clock_.advance(std::chrono::seconds{1});
    }
    EXPECT_EQ(find({make_id(3), "", {}, {}}).size(), 4U);
    EXPECT_EQ(find({make_id(3), "Even", {}, {}}).size(), 2U);
    EXPECT_EQ(find({{}, "Oneven", {}, {}}).size(), 10U);
    EXPECT_EQ(find({{}, "", begin + std::chrono::seconds{5}, begin + std::chrono::seconds{8}}).size(), 3U);
    EXPECT_EQ(find({make_id(99), "", {}, {}}).size(), 0U);
}

TEST_F(RecorderTest, FilesChangeBySizeAndByDayAndTheChainGoesOnThroughThemAndThroughRestarts) {
    config_.journal.file_bytes = 2000;
    std::uint32_t n = 0;
    for (int start = 0; start < 3; ++start) {
        const auto recorder = open();
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(record(*recorder, make_entry(n++)));
        clock_.advance(std::chrono::hours{25});
        ASSERT_TRUE(record(*recorder, make_entry(n++)));
    }
    EXPECT_GT(audit::list_files(config_.journal.folder)->size(), 5U);
    const auto result = verify();
    EXPECT_THAT(result.faults, IsEmpty()) << result.faults.front().where << ": " << result.faults.front().what;
    EXPECT_EQ(result.records, n);
    EXPECT_EQ(find().size(), n);
    EXPECT_EQ(result.unfinished_bytes, 0U);
}

TEST_F(RecorderTest, ManyThreadsShareGroups) {
    const auto recorder = open();
    constexpr int threads = 8;
    constexpr int each = 200;
    std::atomic<int> recorded = 0;
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
        workers.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                recorder->record(make_entry(static_cast<std::uint32_t>(t * each + i)),
                                 [&](bool done) { recorded += done; });
            }
        });
    }
    for (auto& worker : workers) worker.join();
    ASSERT_TRUE(record(*recorder, make_entry(1'000'000)));  // groups are written in the order in which they came
    EXPECT_EQ(recorded, threads * each);
    EXPECT_EQ(recorder->status().records, 1U + threads * each);
    EXPECT_LT(recorder->status().groups, 1U + threads * each) << "no thread waits for its record, so they must gather";
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(find().size(), 1U + threads * each);
}

// A limit of the kernel's on the size of a file stands for the full disk: writing fails in the same places.
TEST_F(RecorderTest, WhenNothingCanBeWrittenNothingIsLetThroughAndItRecoversByItself) {
    for (const auto durability : {audit::Durability::group, audit::Durability::async}) {
        config_.durability = durability;
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(1)));
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        getrlimit(RLIMIT_FSIZE, &usual);
        rlimit full = usual;
        full.rlim_cur = 100;
        setrlimit(RLIMIT_FSIZE, &full);
        const bool first = record(*recorder, make_entry(2));
        const bool second = record(*recorder, make_entry(3));
        const auto failure = recorder->status().failure;
        setrlimit(RLIMIT_FSIZE, &usual);
        EXPECT_FALSE(first);
        EXPECT_FALSE(second);
        EXPECT_THAT(failure, HasSubstr("audit-000001.ndjson"));
        EXPECT_EQ(recorder->status().failed, 2U);
        EXPECT_TRUE(record(*recorder, make_entry(4)));
        EXPECT_EQ(recorder->status().failure, "");
    }
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(find().size(), 4U) << "what failed stands nowhere";
}

TEST_F(RecorderTest, AFolderTakesOneRecorder) {
    const auto recorder = open();
    const auto other = audit::Recorder::open(config_, key_, *store_, clock_);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::conflict);
    EXPECT_THAT(to_string(other.error()), HasSubstr("--audit"));
}

TEST_F(RecorderTest, AFolderThatCannotBeMadeIsNamed) {
    write(root_ / "file", "");
    config_.journal.folder = root_ / "file" / "audit";
    const auto recorder = audit::Recorder::open(config_, key_, *store_, clock_);
    ASSERT_FALSE(recorder);
    EXPECT_THAT(to_string(recorder.error()), HasSubstr("file/audit"));
}

// Not under UBSan: it looks through a pipe at what a pointer points to, and there is no descriptor for one.
#ifndef __SANITIZE_ADDRESS__
// With one descriptor free a file can be made, and its folder cannot be synced: the next try is not in its own way.
TEST_F(RecorderTest, AFileThatCouldNotBeBegunIsBegunAgain) {
    const auto recorder = open();
    std::vector<int> taken;
    rlimit usual{};
    getrlimit(RLIMIT_NOFILE, &usual);
    rlimit low = usual;
    low.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &low);
    for (int descriptor; (descriptor = ::open("/dev/null", O_RDONLY)) >= 0;) taken.push_back(descriptor);
    ::close(taken.back());
    taken.pop_back();
    EXPECT_FALSE(record(*recorder, make_entry(0)));
    for (const int descriptor : taken) ::close(descriptor);
    setrlimit(RLIMIT_NOFILE, &usual);
    EXPECT_TRUE(record(*recorder, make_entry(1))) << recorder->status().failure;
}
#endif

}  // namespace
}  // namespace cvstroom
