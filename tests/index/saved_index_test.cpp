// A saved index is loaded when it is right, and only then: files are corrupted, cut, deleted and swapped, stores
// replaced and restored. Whatever happens, the index ends equal to the store.
#include "index/saved_index.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "tests/index/index_world.hpp"

namespace cvstroom::index {
namespace {

namespace fs = std::filesystem;
using test::document;
using test::Process;

std::string read_bytes(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

class SavedIndexTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    fs::path database_ = folder_ / "cv.db";
    fs::path saved_ = folder_ / "cv.db.index";

    // Several segments, dead rows, an erased CV and one that is withdrawn.
    void make_saved() {
        Process run(database_, saved_);
        run.open();
        run.follower->start();
        std::vector<store::Write> first;
        for (std::uint32_t n = 0; n < 300; ++n) first.push_back(document(n, 0));
        auto seq = run.store->append(first).value().back().seq;
        ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        for (std::uint32_t n = 0; n < 40; ++n) {
            seq = run.write(document(n * 3, 1));
            if (n % 20 != 0) continue;
            ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        }
        run.write(test::make_erasure(test::make_id(7)));
        seq = run.write(test::make_write(test::make_id(8), "{}", candidate::Status::closed));
        ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        run.follower->stop();
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(saved_)) {
            if (entry.path().filename() != "lock") found.push_back(entry.path());
        }
        std::sort(found.begin(), found.end());
        return found;
    }
    void expect_rebuilt_and_right(const std::string& what) {
        Process run(database_, saved_);
        run.open();
        EXPECT_TRUE(run.was_rebuilt) << what;
        EXPECT_EQ(run.content(), run.truth()) << what;
    }
};

TEST_F(SavedIndexTest, IsLoadedAndTheRestOfTheLogApplied) {
    make_saved();
    {
        Process other(database_, folder_ / "elsewhere");  // writes without saving here
        other.write(document(3, 9));
        other.write(document(1000, 1));
        other.write(test::make_erasure(test::make_id(11)));
    }
    Process run(database_, saved_);
    run.open();
    EXPECT_FALSE(run.was_rebuilt);
    EXPECT_EQ(run.content(), run.truth());
    EXPECT_EQ(run.index.snapshot()->watermark, run.store->head()->seq);
}

TEST_F(SavedIndexTest, IsTheSameAfterManyRuns) {
    make_saved();
    std::mt19937 random(1);
    for (int round = 0; round < 8; ++round) {
        Process run(database_, saved_);
        run.open();
        EXPECT_FALSE(run.was_rebuilt);
        ASSERT_EQ(run.content(), run.truth());
        run.follower->start();
        store::Seq seq = 0;
        for (int n = 0; n < 30; ++n) {
            const auto cv = static_cast<std::uint32_t>(random() % 320);
            seq =
                std::max(seq, run.write(random() % 6 == 0 ? test::make_erasure(test::make_id(cv))
                                                          : document(cv, static_cast<std::uint32_t>(random() % 100))));
        }
        ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        run.follower->stop();
    }
    EXPECT_LE(files().size(), 8U) << "files that nobody names are left";
}

TEST_F(SavedIndexTest, ADamagedFileIsNeverTrusted) {
    make_saved();
    std::mt19937 random(2);
    for (const auto& file : files()) {
        const std::string good = read_bytes(file);
        for (int round = 0; round < 40; ++round) {
            std::string bad = good;
            const std::size_t at = round < 10 ? static_cast<std::size_t>(round) * 8 : random() % bad.size();
            bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
            write_bytes(file, bad);
            Process run(database_, saved_);
            EXPECT_FALSE(run.saved->load(run.index, *run.store, run.fingerprint)) << file << " at " << at;
        }
        expect_rebuilt_and_right("a flipped bit in " + file.string());
        write_bytes(file, good);
    }
    Process run(database_, saved_);
    EXPECT_TRUE(run.saved->load(run.index, *run.store, run.fingerprint));
}

TEST_F(SavedIndexTest, WhatAnotherAnalysisOfTextsMadeIsNeverTrusted) {
    make_saved();
    const Process run(database_, saved_);
    const test::ToyKind other("toy/1-0a1b2c3d");
    Index index(&other);
    const auto loaded = run.saved->load(index, *run.store, run.fingerprint);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().message, "was made with another analysis of texts");
}

TEST_F(SavedIndexTest, ACutMissingOrSwappedFileIsNeverTrusted) {
    make_saved();
    const auto all = files();
    std::mt19937 random(3);
    for (const auto& file : all) {
        const std::string good = read_bytes(file);
        std::vector<std::size_t> lengths{0, 1, 7, 8, 63, 64, 65, good.size() - 1};
        for (int n = 0; n < 20; ++n) lengths.push_back(random() % good.size());
        for (const auto length : lengths) {
            write_bytes(file, good.substr(0, length));
            Process run(database_, saved_);
            EXPECT_FALSE(run.saved->load(run.index, *run.store, run.fingerprint)) << file << " cut to " << length;
        }
        write_bytes(file, good + "x");
        expect_rebuilt_and_right("a longer " + file.string());
        fs::remove(file);
        expect_rebuilt_and_right("without " + file.string());
        for (const auto& other : all) {
            if (other == file) continue;
            write_bytes(file, read_bytes(other));
            Process run(database_, saved_);
            EXPECT_FALSE(run.saved->load(run.index, *run.store, run.fingerprint)) << other << " in place of " << file;
        }
        fs::remove(file);
        fs::create_directory(file);
        expect_rebuilt_and_right("a folder in place of " + file.string());
        fs::remove(file);
        write_bytes(file, good);
    }
}

TEST_F(SavedIndexTest, OfAnotherStoreIsRefused) {
    make_saved();
    fs::remove(database_);
    for (const char* rest : {"-wal", "-shm"}) fs::remove(database_.string() + rest);
    {
        Process other(database_, folder_ / "elsewhere");
        for (std::uint32_t n = 0; n < 400; ++n) other.write(document(n, 5));
    }
    Process run(database_, saved_);
    const auto loaded = run.saved->load(run.index, *run.store, run.fingerprint);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::conflict);
    expect_rebuilt_and_right("another epoch");
}

// A copy of the database from before, put back: first behind what was saved, then past it with other changes.
TEST_F(SavedIndexTest, AheadOfARestoredBackupIsRefused) {
    make_saved();
    const auto backup = folder_ / "backup.db";
    { Process run(database_, folder_ / "elsewhere"); }
    fs::copy_file(database_, backup);
    {
        Process run(database_, saved_);
        run.open();
        run.follower->start();
        store::Seq seq = 0;
        for (std::uint32_t n = 0; n < 5; ++n) seq = run.write(document(n, 50));
        ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        run.follower->stop();
    }
    for (const char* rest : {"-wal", "-shm"}) fs::remove(database_.string() + rest);
    fs::copy_file(backup, database_, fs::copy_options::overwrite_existing);
    {
        Process run(database_, saved_);
        EXPECT_FALSE(run.saved->load(run.index, *run.store, run.fingerprint)) << "ahead of the store";
        for (std::uint32_t n = 0; n < 9; ++n) run.write(document(n + 100, 60));
        EXPECT_FALSE(run.saved->load(run.index, *run.store, run.fingerprint)) << "another history, as long";
    }
    expect_rebuilt_and_right("a restored backup");
}

TEST_F(SavedIndexTest, OfAnotherAnalysisIsRefused) {
    make_saved();
    Process run(database_, saved_);
    Index plain;
    const auto loaded = run.saved->load(plain, *run.store, run.fingerprint);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::conflict);
}

TEST_F(SavedIndexTest, IsWrittenByOneProcessAndReadByAny) {
    make_saved();
    Process first(database_, saved_);
    Process second(database_, saved_);
    EXPECT_TRUE(first.saved->is_writable());
    EXPECT_FALSE(second.saved->is_writable());
    second.open();
    EXPECT_FALSE(second.was_rebuilt);
    EXPECT_FALSE(second.save());
}

TEST_F(SavedIndexTest, KeepsWorkingWhenNothingCanBeSaved) {
    make_saved();
    Process run(database_, saved_);
    run.open();
    const auto before = run.content();
    run.index.purge();  // so that there is something to write
    fs::remove_all(saved_);
    const auto saved = run.save();
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::io);
    EXPECT_EQ(run.content(), before);
}

bool stands_in_a_file(const fs::path& folder, const Uuid& id) {
    const std::string bytes(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (read_bytes(entry.path()).find(bytes) != std::string::npos) return true;
    }
    return false;
}

TEST_F(SavedIndexTest, AnErasedCvCanBeRemovedFromTheFilesAtOnce) {
    make_saved();
    const Uuid victim = test::make_id(33);
    Process run(database_, saved_);
    run.open();
    run.follower->start();
    run.write(document(33, 8));  // an older version of it is dead already
    const auto seq = run.write(test::make_erasure(victim));
    ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
    ASSERT_TRUE(run.save());
    ASSERT_TRUE(stands_in_a_file(saved_, victim)) << "the test would show nothing";
    ASSERT_TRUE(run.follower->purge());
    EXPECT_FALSE(stands_in_a_file(saved_, victim));
    for (const auto& part : run.index.snapshot()->parts) {
        EXPECT_EQ(part.erasures, 0U);
        EXPECT_FALSE(part.segment->find(victim));
    }
    run.follower->stop();
    EXPECT_EQ(run.content(), run.truth());
}

TEST_F(SavedIndexTest, AnErasedCvLeavesTheFilesByItselfInTime) {
    make_saved();
    const Uuid victim = test::make_id(35);
    {
        Process run(database_, saved_);
        run.open();
        run.follower->start();
        const auto seq = run.write(test::make_erasure(victim));
        ASSERT_TRUE(run.follower->wait_until_applied(seq, std::chrono::seconds{30}));
        run.follower->stop();
    }
    ASSERT_TRUE(stands_in_a_file(saved_, victim));
    FollowerTimes times;
    times.erased_kept = std::chrono::milliseconds{20};
    Process run(database_, saved_, times);  // what is to be rewritten is known across a restart
    run.open();
    ASSERT_FALSE(run.was_rebuilt);
    run.follower->start();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (stands_in_a_file(saved_, victim) && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    EXPECT_FALSE(stands_in_a_file(saved_, victim));
}

// A process that saves again and again is killed at random: the folder always holds a whole index, the old or the new.
TEST_F(SavedIndexTest, SurvivesBeingKilledWhileItSaves) {
    make_saved();
    std::mt19937 random(4);
    for (int round = 0; round < 15; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            Process run(database_, saved_);
            if (!run.follower->open({})) _exit(1);
            for (;;) {
                // Rewriting every segment makes new files each time.
                for (std::uint32_t n = 0; n < 3; ++n) {
                    const Entry entry{{run.index.snapshot()->watermark,
                                       {},
                                       test::make_id(n),
                                       candidate::Status::erased,
                                       1,
                                       test::some_day,
                                       1},
                                      {},
                                      false};
                    run.index.apply(std::span(&entry, 1), run.index.snapshot()->watermark);
                }
                run.index.purge();
                if (!run.save()) _exit(2);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + random() % 60});
        kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
        Process run(database_, saved_);
        run.open();
        EXPECT_FALSE(run.was_rebuilt);
        ASSERT_EQ(run.content(), run.truth());
    }
}

// Past the checksum: bytes that a program with a fault might have written. A segment is refused, or safe to read.
TEST_F(SavedIndexTest, ASegmentOfAnyBytesIsRefusedOrSafe) {
    make_saved();
    Process run(database_, saved_);
    run.open();
    const auto snapshot = run.index.snapshot();
    std::mt19937 random(5);
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto& source = *snapshot->parts[random() % snapshot->parts.size()].segment;
        MemoryBlock block(random() % 20 == 0 ? random() % source.image().size() : source.image().size());
        std::memcpy(block.bytes().data(), source.image().data(), block.size());
        for (auto n = random() % 3 + 1; n > 0 && block.size() > 0; --n) {
            const std::size_t reach = random() % 2 == 0 ? std::min<std::size_t>(block.size(), 400) : block.size();
            block.bytes()[random() % reach] = static_cast<std::byte>(random() % 4 == 0 ? 0xFF : random());
        }
        const auto segment = Segment::open(std::move(block), nullptr);
        if (!segment) {
            ++refused;
            continue;
        }
        std::vector<RankedRow> rows;
        std::vector<RowsView> views;
        for (const auto& code : (*segment)->codes()) {
            (*segment)->collect(code, rows);
            views.clear();
            for (std::uint16_t rank = 0; rank < 6; ++rank) (*segment)->add_at_least(code, rank, views);
            for (const auto& view : views)
                view.for_each((*segment)->size(), [&](Row row) { EXPECT_LT(row, (*segment)->size()); });
        }
        for (std::uint32_t n = 0; n < 50; ++n) (*segment)->find(test::make_id(n));
        for (Row row = 0; row < (*segment)->size(); ++row) (*segment)->row(row);
        (*segment)->lower_bound(100);
    }
    EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace cvstroom::index
