// A sandbox that lives, as a partner sees it over real TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "reference/reference.hpp"
#include "sandbox/history.hpp"
#include "store/intake.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/wire/running_sandbox.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t cvs = 60;
constexpr store::Seq loaded = cvs + 8;  // and those of the API's description

std::vector<store::Change> log_of(const test::RunningSandbox& sandbox) {
    const SystemClock clock;
    const auto store =
        store::SqliteStore::open(sandbox.database(), store::SqliteStore::Mode::open_existing, clock).value();
    return store->changes_after(loaded, 1'000'000).value();
}

void wait_for_changes(const test::RunningSandbox& sandbox, std::size_t count) {
    for (int tries = 0; tries < 600; ++tries) {
        if (log_of(sandbox).size() >= count) return;
        std::this_thread::sleep_for(50ms);
    }
    FAIL() << "the sandbox does not change: " << sandbox.log();
}

// The log of a sandbox is the history of its seed, but for the edits that change nothing.
void expect_history(const std::vector<store::Change>& log, std::uint64_t seed) {
    const std::filesystem::path data = CVSTROOM_SOURCE_DIR "/data";
    const auto generator = sandbox::Generator::load(data, seed).value();
    const auto lists = reference::ReferenceData::load(data).value();
    sandbox::History history(*generator, cvs, seed);
    store::Intake intake(*lists);
    std::map<Uuid, Sha256> digests;
    std::string first;
    for (std::uint64_t number = 0; number < cvs; ++number) {
        first.clear();
        generator->append(number, first);
        digests[generator->id(number)] = intake.prepare(first).value().digest;
    }
    for (const auto& change : log) {
        store::Write write;
        do {
            write = intake.prepare(history.next().document).value();
        } while (write.status != candidate::Status::erased && digests[write.cv] == write.digest);
        digests[write.cv] = write.digest;
        ASSERT_EQ(change.cv, write.cv) << "at " << change.seq;
        ASSERT_EQ(change.status, write.status) << "at " << change.seq;
    }
}

TEST(SandboxLife, ChangesByTheHistoryOfItsSeedAndGoesOnAfterARestart) {
    test::RunningSandbox sandbox({"--cvs", "60", "--seed", "5", "--rate", "6000"});
    EXPECT_THAT(sandbox.log(), HasSubstr("6000 times a minute"));
    ASSERT_NO_FATAL_FAILURE(wait_for_changes(sandbox, 60));
    EXPECT_THAT(sandbox.get("/kandidaten?studies=MAE5AHH&gewensteRegios=BE231A").body, HasSubstr("{\"aantal\":7,"));
    ASSERT_EQ(sandbox.stop(), 0) << sandbox.log();
    const auto before = log_of(sandbox).size();
    sandbox.start();
    ASSERT_NO_FATAL_FAILURE(wait_for_changes(sandbox, before + 60));
    EXPECT_EQ(sandbox.stop(), 0) << sandbox.log();
    expect_history(log_of(sandbox), 5);
}

TEST(SandboxLife, LeavesErasedWhatTheProviderErased) {
    test::RunningSandbox sandbox({"--cvs", "60", "--seed", "5", "--rate", "6000"});
    const auto id = sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 5).value()->id(0);
    const auto erased = test::ask(sandbox.administration_port(), sandbox.administration_key(),
                                  {"DELETE", "/beheer/v1/kandidaten/" + id.to_string(), {}, ""});
    ASSERT_EQ(erased.status, 200U) << erased.body;
    const auto at = log_of(sandbox).size();
    ASSERT_NO_FATAL_FAILURE(wait_for_changes(sandbox, at + 300));
    // Unless the history erased it too, it must not have come back; a return after its own erasure is the story's.
    std::size_t erasures = 0;
    std::size_t others = 0;
    for (const auto& change : log_of(sandbox)) {
        if (change.cv != id) continue;
        if (change.status == candidate::Status::erased) ++erasures;
        if (erasures == 1 && change.status != candidate::Status::erased) ++others;
    }
    EXPECT_EQ(erasures, 1U);
    EXPECT_EQ(others, 0U);
}

TEST(SandboxLife, StandsStillWhenAsked) {
    test::RunningSandbox sandbox({"--cvs", "60", "--rate", "0"});
    EXPECT_THAT(sandbox.log(), HasSubstr("stay as they are"));
    std::this_thread::sleep_for(300ms);
    EXPECT_TRUE(log_of(sandbox).empty());
}

}  // namespace
}  // namespace cvstroom
