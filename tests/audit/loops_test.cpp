// Records that come from event loops: each loop gets its own back, nothing is lost between them, and what cannot be
// written is told.
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <latch>

#include "tests/audit/fixture.hpp"
#include "tests/audit/running_loop.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using test::RunningLoop;
using testing::HasSubstr;
using testing::IsEmpty;

class LoopsTest : public AuditTest {
  protected:
    // Waits until the loop has it back.
    static bool record_from(http::EventLoop& loop, audit::Recorder& recorder, audit::Entry entry) {
        std::promise<bool> outcome;
        loop.post([&] {
            recorder.record(
                std::move(entry), [&](bool is_recorded) { outcome.set_value(is_recorded); }, &loop);
        });
        return outcome.get_future().get();
    }
};

// As connections do: the next record of each comes when the one before is back.
class Client {
  public:
    Client(http::EventLoop& loop, audit::Recorder& recorder, std::uint32_t first, int count, std::latch& finished)
        : loop_(loop), recorder_(recorder), next_(first), left_(count), finished_(finished) {}

    void go_on() {
        if (left_-- == 0) return finished_.count_down();
        recorder_.record(
            make_entry(next_++),
            [this](bool is_recorded) {
                recorded_ += is_recorded && loop_.is_current_thread();
                go_on();
            },
            &loop_);
    }
    int recorded() const { return recorded_; }

  private:
    http::EventLoop& loop_;
    audit::Recorder& recorder_;
    std::uint32_t next_;
    int left_;
    int recorded_ = 0;
    std::latch& finished_;
};

TEST_F(LoopsTest, EachLoopGetsItsOwnBackAndAllOfThemStandInOneChain) {
    constexpr int clients_a_loop = 10;
    constexpr int records_a_client = 60;
    constexpr int records = 2 * clients_a_loop * records_a_client;
    std::size_t all = 0;
    for (const auto durability : {audit::Durability::group, audit::Durability::async}) {
        config_.durability = durability;
        config_.journal.file_bytes = 100'000;  // files change while loops write
        const auto recorder = open();
        std::atomic<int> from_no_loop = 0;
        std::latch finished(2 * clients_a_loop);
        std::vector<std::unique_ptr<Client>> clients;
        {
            RunningLoop loops[2];
            for (int i = 0; i < 2 * clients_a_loop; ++i) {
                auto& loop = *loops[i % 2];
                const auto first = static_cast<std::uint32_t>(i * records_a_client);
                clients.push_back(std::make_unique<Client>(loop, *recorder, first, records_a_client, finished));
                loop.post([client = clients.back().get()] { client->go_on(); });
            }
            for (std::uint32_t i = 0; i < 100; ++i) from_no_loop += record(*recorder, make_entry(records + i));
            finished.wait();
        }
        for (const auto& client : clients) EXPECT_EQ(client->recorded(), records_a_client);
        EXPECT_EQ(from_no_loop, 100);
        EXPECT_EQ(recorder->status().records, records + 100U);
        EXPECT_LT(recorder->status().groups, recorder->status().records) << "those that come together share a group";
        EXPECT_THAT(verify().faults, IsEmpty());
        EXPECT_EQ(find().size(), all += records + 100U);
    }
}

// A limit of the kernel's on the size of a file stands for the full disk.
TEST_F(LoopsTest, WhatCannotBeWrittenIsToldAndNothingIsLetThrough) {
    {
        const auto recorder = open();
        RunningLoop loop;
        ASSERT_TRUE(record_from(*loop, *recorder, make_entry(1)));
        ASSERT_TRUE(record_from(*loop, *recorder, make_entry(2)));
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        getrlimit(RLIMIT_FSIZE, &usual);
        rlimit full = usual;
        full.rlim_cur = 100;
        setrlimit(RLIMIT_FSIZE, &full);
        const bool third = record_from(*loop, *recorder, make_entry(3));
        const auto failure = recorder->status().failure;
        setrlimit(RLIMIT_FSIZE, &usual);
        EXPECT_FALSE(third);
        EXPECT_THAT(failure, HasSubstr("audit-000001.ndjson"));
        EXPECT_TRUE(record_from(*loop, *recorder, make_entry(4)));
        EXPECT_EQ(recorder->status().failure, "");
    }
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(find().size(), 3U) << "what failed stands nowhere";
}

// As when a server stops while connections are cut: who waits is told, or dropped, but nothing waits for ever.
TEST_F(LoopsTest, ARecorderEndsWhateverItsLoopsLeftBehind) {
    auto recorder = open();
    std::atomic<int> dropped = 0;
    {
        RunningLoop loop;
        for (std::uint32_t n = 0; n < 200; ++n) {
            const std::shared_ptr<int> held(new int(0), [&](const int* number) { delete number, ++dropped; });
            loop->post([&, n, held] {
                recorder->record(
                    make_entry(n), [held](bool) {}, &*loop);
            });
        }
    }
    recorder.reset();
    EXPECT_EQ(dropped, 200);
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(find().size(), 200U);
}

// What is under way when a loop ends is settled all the same, and who comes after it is not kept waiting.
TEST_F(LoopsTest, ALoopThatEndsWithAWriteUnderWayLeavesTheRecorderFree) {
    const auto recorder = open();
    {
        RunningLoop loop;
        loop->post([&] {
            loop->begin_drain(std::chrono::milliseconds{0});
            recorder->record(
                make_entry(1), [](bool) {}, &*loop);
        });
    }
    EXPECT_TRUE(record(*recorder, make_entry(2)));
}

}  // namespace
}  // namespace cvstroom
