// What only a SQLite file can suffer.
#include "store/sqlite/sqlite_store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>

#include "store/sqlite/backup.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

class SqliteFile : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::filesystem::path file_ = folder_ / "cv.db";

    auto open(SqliteStore::Mode mode = SqliteStore::Mode::create_if_missing) {
        return SqliteStore::open(file_, mode, clock_);
    }
    void run_sql(const std::string& sql) {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
    }
    // Everything on disk that belongs to the database.
    std::string bytes_on_disk() {
        std::string all;
        for (const char* suffix : {"", "-wal"}) {
            std::ifstream input(file_.string() + suffix, std::ios::binary);
            all.append(std::istreambuf_iterator<char>(input), {});
        }
        return all;
    }
};

TEST_F(SqliteFile, IsNotMadeWhenItMustExist) {
    const auto store = open(SqliteStore::Mode::open_existing);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::not_found);
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(SqliteFile, OfGarbageIsRefusedAndLeftAlone) {
    const std::string garbage(8192, 'x');
    std::ofstream(file_, std::ios::binary) << garbage;
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::corrupt);
    EXPECT_EQ(bytes_on_disk().substr(0, garbage.size()), garbage);
}

TEST_F(SqliteFile, OfAnotherProgramIsRefused) {
    run_sql("CREATE TABLE invoices(id INTEGER)");
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().message.find("another program"), std::string::npos);
}

TEST_F(SqliteFile, OfANewerVersionIsRefusedWithAHint) {
    ASSERT_TRUE(open());
    run_sql("PRAGMA user_version = 99");
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().message.find("newer"), std::string::npos);
}

TEST_F(SqliteFile, OfTheFirstFormatIsBroughtUpToDateWithNothingLost) {
    std::ifstream input(CVSTROOM_SOURCE_DIR "/tests/fixtures/format_1.sql", std::ios::binary);
    run_sql({std::istreambuf_iterator<char>(input), {}});
    const auto store = open(SqliteStore::Mode::open_existing);
    ASSERT_TRUE(store) << to_string(store.error());
    EXPECT_EQ((*store)->epoch().to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    EXPECT_EQ((*store)->head().value().seq, 1U);
    EXPECT_TRUE((*store)->current(test::make_id(1)).value());
    const auto keys = (*store)->keys().value();
    ASSERT_EQ(keys.size(), 4U);
    EXPECT_EQ(std::count_if(keys.begin(), keys.end(), [](const auto& key) { return key.revoked.has_value(); }), 1);
    EXPECT_TRUE(open(SqliteStore::Mode::open_existing)) << "and it stays so";
    const auto write = test::make_write(test::make_id(2), "two");
    EXPECT_TRUE((*store)->append(std::span(&write, 1)));
}

TEST_F(SqliteFile, ThatIsEmptyBecomesADatabase) {
    std::ofstream(file_, std::ios::binary).flush();
    EXPECT_TRUE(open(SqliteStore::Mode::open_existing));
}

TEST_F(SqliteFile, IsForItsOwnerOnly) {
    const auto store = open().value();
    const auto write = test::make_write(test::make_id(1), "one");
    ASSERT_TRUE(store->append(std::span(&write, 1)));
    ASSERT_TRUE(copy_database(file_, folder_ / "copy.db", [](std::uint64_t, std::uint64_t) {}));
    using std::filesystem::perms;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
        EXPECT_EQ(entry.status().permissions() & (perms::group_all | perms::others_all), perms::none) << entry.path();
    }
    EXPECT_TRUE(std::filesystem::exists(folder_ / "copy.db"));
}

TEST_F(SqliteFile, InAFolderThatIsNotThereIsAnError) {
    const auto store = SqliteStore::open(folder_ / "nowhere/cv.db", SqliteStore::Mode::create_if_missing, clock_);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::io);
}

// SPEC 7: VERWIJDERD erases every personal datum, also from the pages of the file.
TEST_F(SqliteFile, HoldsNoByteOfWhatWasErased) {
    const auto store = open().value();
    const std::string marker = "Unmistakable-Name-Of-Nobody";
    auto write = test::make_write(test::make_id(1), "{}");
    write.document = marker;  // stored as it is, so that it can be found again
    ASSERT_TRUE(store->append(std::span(&write, 1)));
    EXPECT_NE(bytes_on_disk().find(marker), std::string::npos) << "the search must be able to find it";
    const auto erasure = test::make_erasure(test::make_id(1));
    ASSERT_TRUE(store->append(std::span(&erasure, 1)));
    EXPECT_EQ(bytes_on_disk().find(marker), std::string::npos);
}

TEST_F(SqliteFile, StoresABatchWholeOrNotAtAll) {
    const auto store = open().value();
    const auto first = test::make_write(test::make_id(1), "one");
    ASSERT_TRUE(store->append(std::span(&first, 1)));
    // A trigger stands in for a disk that fills up in the midst of a batch.
    run_sql(
        "CREATE TRIGGER full BEFORE INSERT ON document WHEN NEW.seq >= 3 BEGIN SELECT RAISE(FAIL, 'disk full'); END");
    const std::vector batch{test::make_write(test::make_id(2), "two"), test::make_write(test::make_id(3), "three")};
    const auto refused = store->append(batch);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("disk full"), std::string::npos);
    EXPECT_EQ(store->head().value().seq, 1U);
    EXPECT_FALSE(store->current(test::make_id(2)).value());
    run_sql("DROP TRIGGER full");
    EXPECT_TRUE(store->append(batch)) << "the store goes on after a failure";
    EXPECT_EQ(store->head().value().seq, 3U);
}

}  // namespace
}  // namespace cvstroom::store
