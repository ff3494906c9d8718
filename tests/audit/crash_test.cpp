// A recorder that is killed: what was acknowledged is there, and the chain is whole after the next start.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "tests/audit/fixture.hpp"
#include "tests/audit/running_loop.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using testing::IsEmpty;
using testing::Not;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int rounds = 4;
#else
constexpr int rounds = 20;
#endif

class CrashTest : public AuditTest {
  protected:
    // In a process of its own: records without end, and writes the number of each record to `output` once it is
    // acknowledged. From an event loop every second time, as a server does. Never returns.
    [[noreturn]] void record_for_ever(int output, std::uint32_t first) {
        auto recorder = open();
        test::RunningLoop loop;
        for (std::uint32_t n = first;; ++n) {
            const auto record = [&, n](Executor* executor) {
                recorder->record(
                    make_entry(n),
                    [output, n](bool is_recorded) {
                        if (is_recorded && ::write(output, &n, sizeof n) != sizeof n) _exit(1);
                    },
                    executor);
            };
            n % 2 == 0 ? record(nullptr) : loop->post([&, record] { record(&*loop); });
            std::this_thread::sleep_for(std::chrono::microseconds{50});
        }
    }

    std::set<std::uint32_t> read_acknowledged(int input) {
        std::set<std::uint32_t> numbers;
        std::uint32_t n = 0;
        while (::read(input, &n, sizeof n) == sizeof n) numbers.insert(n);
        return numbers;
    }

    void kill_recorders(audit::Durability durability) {
        config_.durability = durability;
        config_.journal.file_bytes = 20'000;
        store_.reset();  // no connection to the database may cross a fork
        std::mt19937 random(7);
        std::set<std::uint32_t> acknowledged;
        for (int round = 0; round < rounds; ++round) {
            int ends[2];
            ASSERT_EQ(pipe(ends), 0);
            const pid_t child = fork();
            if (child == 0) {
                store_ =
                    store::SqliteStore::open(root_ / "cv.db", store::SqliteStore::Mode::open_existing, clock_).value();
                record_for_ever(ends[1], static_cast<std::uint32_t>(round) * 1'000'000);
            }
            close(ends[1]);
            std::uint32_t first = 0;
            ASSERT_EQ(::read(ends[0], &first, sizeof first), static_cast<ssize_t>(sizeof first));
            acknowledged.insert(first);
            std::this_thread::sleep_for(std::chrono::milliseconds{random() % 40});
            kill(child, SIGKILL);
            waitpid(child, nullptr, 0);
            acknowledged.merge(read_acknowledged(ends[0]));
            close(ends[0]);
        }
        store_ = store::SqliteStore::open(root_ / "cv.db", store::SqliteStore::Mode::open_existing, clock_).value();
        open();  // recovers, and closes cleanly
        const auto result = verify();
        EXPECT_THAT(result.faults, IsEmpty()) << result.faults.front().where << ": " << result.faults.front().what;
        EXPECT_EQ(result.unfinished_bytes, 0U);
        std::set<std::string> traces;
        for (const auto& entry : find()) traces.insert(entry.trace);
        for (const auto n : acknowledged) EXPECT_TRUE(traces.contains(make_entry(n).trace)) << n;
        EXPECT_GE(acknowledged.size(), static_cast<std::size_t>(rounds));
    }
};

TEST_F(CrashTest, WhatWasAcknowledgedSurvivesKill9) {
    kill_recorders(audit::Durability::group);
}

TEST_F(CrashTest, SoItDoesWhenTheDiskIsNotWaitedFor) {
    kill_recorders(audit::Durability::async);
}

TEST_F(CrashTest, AGroupThatWasCutOffIsDroppedWhereverItWasCut) {
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(1)));
    }
    const auto whole = read(file(1));
    std::string more;
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(2)));
        more = read(file(1)).substr(whole.size());
        more.erase(more.find('\0'));
    }
    for (std::size_t size = 0; size + 1 < more.size(); ++size) {
        // As a crash may leave it: part of the group, and the zeros that were kept ready.
        write(file(1), whole + more.substr(0, size) + std::string(64, '\0'));
        auto journal = audit::Journal::open(config_.journal, key_, {}).value();
        ASSERT_EQ(journal->head().seal, 1U) << size;
        ASSERT_EQ(read(file(1)), whole) << size;
    }
}

// A power cut may leave some blocks of a group written and others not, in any order.
TEST_F(CrashTest, AGroupOfWhichBlocksAreMissingIsDroppedAndIsNoTampering) {
    constexpr std::size_t block = 4096;
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(1)));
    }
    const auto whole = read(file(1));
    auto journal = audit::Journal::open(config_.journal, key_, store_->anchors().value()).value();
    std::string lines;
    for (std::uint32_t n = 2; n < 80; ++n) audit::append_record(lines, make_entry(n));
    ASSERT_TRUE(journal->append(lines, 78, clock_.now(), true));
    ASSERT_TRUE(journal->finish());
    journal.reset();
    const auto longer = read(file(1));
    const std::size_t blocks = longer.size() / block + 1;
    ASSERT_GE(blocks, 4U);
    for (std::size_t missing = 1; missing + 1 < std::size_t{1} << blocks; ++missing) {
        auto torn = longer;
        for (std::size_t n = 0; n < blocks; ++n) {
            const std::size_t begin = std::max(n * block, whole.size());
            const std::size_t end = std::min((n + 1) * block, torn.size());
            if ((missing >> n & 1U) != 0) std::fill(torn.begin() + begin, torn.begin() + end, '\0');
        }
        write(file(1), torn);
        const auto verified = verify();
        ASSERT_THAT(verified.faults, IsEmpty()) << missing << ": " << verified.faults.front().what;
        audit::Journal::open(config_.journal, key_, store_->anchors().value()).value();
        ASSERT_EQ(read(file(1)), whole) << missing;
    }
}

TEST_F(CrashTest, ZerosInWhatWasAnchoredAreTamperingAndStayAsEvidence) {
    {
        const auto recorder = open();
        for (std::uint32_t n = 1; n < 4; ++n) ASSERT_TRUE(record(*recorder, make_entry(n)));
    }  // anchored
    auto bad = read(file(1));
    bad[bad.rfind("Zilverduin")] = '\0';
    write(file(1), bad);
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(4)));
    }
    EXPECT_EQ(read(file(1)), bad);
    EXPECT_TRUE(std::filesystem::exists(file(2)));
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
}

// As a power cut leaves it right after a file was closed: the next one is begun, and nothing in it is sealed.
TEST_F(CrashTest, AFileThatWasBegunAndTornIsDroppedAndIsNoTampering) {
    config_.journal.file_bytes = 1;
    {
        const auto recorder = open();
        for (std::uint32_t n = 1; n < 3; ++n) ASSERT_TRUE(record(*recorder, make_entry(n)));
    }  // anchored
    const auto anchors = store_->anchors().value();
    std::string line;
    audit::append_record(line, make_entry(3));
    const auto append = [&] {
        auto journal = audit::Journal::open(config_.journal, key_, anchors).value();
        ASSERT_TRUE(journal->append(line, 1, clock_.now(), true));
        ASSERT_TRUE(journal->finish());
    };
    append();
    const auto closed = read(file(2));
    const auto begun = read(file(3));
    const auto header = begun.substr(0, begun.find('\n') + 1);
    const std::string zeros(4096, '\0');
    for (const auto& torn :
         {header, header.substr(0, 20), header + zeros + "}\n{\"seal\":7}\n", zeros + "}\n", std::string()}) {
        write(file(3), torn);
        EXPECT_THAT(verify().faults, IsEmpty()) << torn.size();
        append();
        const auto verified = verify();
        EXPECT_THAT(verified.faults, IsEmpty()) << torn.size();
        EXPECT_EQ(verified.records, 3U) << torn.size();
        EXPECT_EQ(read(file(2)), closed);
    }
}

TEST_F(CrashTest, ALastFileThatCannotBeReadStaysAsEvidence) {
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(1)));
    }  // anchored
    auto bad = read(file(1));
    bad[0] = '\0';
    write(file(1), bad);
    {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(2)));
    }
    EXPECT_EQ(read(file(1)), bad);
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
}

TEST_F(CrashTest, ALastFileThatIsGoneIsMissedForEver) {
    config_.journal.file_bytes = 1;
    {
        const auto recorder = open();
        for (std::uint32_t n = 1; n < 4; ++n) ASSERT_TRUE(record(*recorder, make_entry(n)));
    }  // anchored
    std::filesystem::remove(file(3));
    for (std::uint32_t n = 4; n < 9; ++n) {
        const auto recorder = open();
        ASSERT_TRUE(record(*recorder, make_entry(n)));
    }
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
}

}  // namespace
}  // namespace cvstroom
