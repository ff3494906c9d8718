// An acknowledged write survives kill -9: a writing process is killed hundreds of times at random moments, and
// after each time every write that was ever acknowledged, and the order of the whole log, is checked.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>
#include <thread>

#include "store/document_codec.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/torture/acknowledgement.hpp"

namespace cvstroom {
namespace {

using test::Acknowledgement;

constexpr int kills = 300;

// Starts the writer, lets it live for a while after its first acknowledgement, kills it, and returns all that it said.
std::vector<Acknowledgement> run_and_kill(const std::string& file, std::uint64_t seed, std::chrono::microseconds life) {
    int pipe_ends[2];
    EXPECT_EQ(pipe(pipe_ends), 0);
    const pid_t writer = fork();
    if (writer == 0) {
        dup2(pipe_ends[1], STDOUT_FILENO);
        close(pipe_ends[0]);
        close(pipe_ends[1]);
        execl(KILL_WRITER, KILL_WRITER, file.c_str(), std::to_string(seed).c_str(), nullptr);
        _exit(127);
    }
    close(pipe_ends[1]);
    std::vector<Acknowledgement> said;
    Acknowledgement record;
    const auto read_one = [&] {
        return read(pipe_ends[0], &record, sizeof record) == static_cast<ssize_t>(sizeof record);
    };
    std::thread killer;
    while (read_one()) {
        if (said.empty()) {
            killer = std::thread([writer, life] {
                std::this_thread::sleep_for(life);
                kill(writer, SIGKILL);
            });
        }
        said.push_back(record);
    }
    close(pipe_ends[0]);
    int status = 0;
    waitpid(writer, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer stopped by itself: " << status;
    if (killer.joinable()) killer.join();
    return said;
}

// The log is gapless and rises, each entry knows what superseded it, and every batch is there whole.
void check_log(const std::vector<store::Change>& log) {
    std::map<Uuid, std::size_t> last;
    for (std::size_t i = 0; i < log.size(); ++i) {
        ASSERT_EQ(log[i].seq, i + 1);
        if (i > 0) {
            ASSERT_GE(log[i].instant, log[i - 1].instant);
        }
        const auto before = last.find(log[i].cv);
        if (before != last.end()) {
            ASSERT_EQ(log[before->second].superseded_by, log[i].seq);
            ASSERT_EQ(log[before->second].version + 1, log[i].version);
        }
        last[log[i].cv] = i;
    }
    for (const auto& [cv, position] : last) ASSERT_EQ(log[position].superseded_by, 0U);
}

void check_acknowledged(const std::vector<Acknowledgement>& said, const std::vector<store::Change>& log,
                        store::Store& store) {
    for (const auto& record : said) {
        ASSERT_LE(record.seq, log.size()) << "an acknowledged write is gone";
        const auto& change = log[record.seq - 1];
        ASSERT_EQ(change.cv, record.cv);
        ASSERT_EQ(change.version, record.version);
        ASSERT_EQ(static_cast<std::uint32_t>(change.status), record.status);
        if (change.superseded_by != 0) continue;
        const auto frame = store.document(record.seq).value();
        ASSERT_EQ(frame.has_value(), change.status != candidate::Status::erased);
        if (!frame) continue;
        const auto text = store::decompress_document(*frame).value();
        ASSERT_TRUE(text.starts_with(std::to_string(record.content))) << "another document than was acknowledged";
    }
}

TEST(Kill, EveryAcknowledgedWriteSurvivesAndTheLogStaysInOrder) {
    const test::TemporaryFolder folder;
    const std::string file = (folder / "cv.db").string();
    const SystemClock clock;
    std::mt19937 random(20260213);
    std::vector<Acknowledgement> said;
    std::size_t unacknowledged = 0;
    for (int round = 0; round < kills; ++round) {
        const auto now = run_and_kill(file, random(), std::chrono::microseconds{random() % 40'000});
        ASSERT_FALSE(now.empty());
        said.insert(said.end(), now.begin(), now.end());
        const auto store = store::SqliteStore::open(file, store::SqliteStore::Mode::open_existing, clock).value();
        const auto log = store->changes_after(0, 10'000'000).value();
        ASSERT_EQ(store->head().value().seq, log.size());
        unacknowledged = log.size() - said.size();
        ASSERT_NO_FATAL_FAILURE(check_acknowledged(said, log, *store));
        if (round % 10 == 0 || round == kills - 1) {
            ASSERT_NO_FATAL_FAILURE(check_log(log));
        }
    }
    std::printf("killed %d times; %zu acknowledged writes checked; %zu more were stored when their writer died\n",
                kills, said.size(), unacknowledged);
}

}  // namespace
}  // namespace cvstroom
