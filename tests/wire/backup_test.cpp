// Backups of a database that is being served and written, and what a restored one answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using testing::HasSubstr;
using testing::Not;

constexpr const char* api = "/services/openservices/v1";

std::string id_of(int n) {
    const std::string digits = std::to_string(n);
    return std::string(8 - digits.size(), '0') + digits + "-0000-4000-8000-000000000000";
}
std::string document(int n) {
    return R"({"cvId":")" + id_of(n) + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13"})";
}

class BackupTest : public testing::Test {
  protected:
    test::RunningProgram program_{first_documents()};
    std::filesystem::path folder_ = std::filesystem::path(program_.database()).parent_path();

    static std::vector<std::string> first_documents() {
        std::vector<std::string> documents;
        for (int n = 1; n <= 200; ++n) documents.push_back(document(n));
        return documents;
    }
    test::Outcome run(const std::string& arguments, const std::string& before = "") {
        return test::run_shell("cd " + folder_.string() + " && " + before + " " CVSTROOM_PROGRAM " " + arguments +
                               " 2>&1");
    }
    void put(int n) {
        const auto response = ask(program_.administration_port(), program_.administration_key(),
                                  {"PUT", "/beheer/v1/kandidaten/" + id_of(n), {}, document(n)});
        EXPECT_EQ(response.status, 201U) << response.body;
    }
    test::WireResponse bulk(const std::string& query = "") {
        return ask(program_.port(), program_.key(), {"GET", std::string(api) + "/kandidaten/bulk" + query, {}, ""});
    }
    static std::string member(const std::string& body, const std::string& name) {
        const auto begin = body.find("\"" + name + "\":\"") + name.size() + 4;
        return body.substr(begin, body.find('"', begin) - begin);
    }
};

TEST_F(BackupTest, ABackupOfAServerThatIsWrittenIsOneStateAndRestoresWithANewEpoch) {
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        for (int n = 1000; !stop; ++n) put(n);
    });
    const auto backup = run("backup --database cv.db --output copy --json");
    stop = true;
    writer.join();
    ASSERT_EQ(backup.code, 0) << backup.output;
    EXPECT_THAT(backup.output, HasSubstr("\"epoch\":\""));
    const auto detail =
        ask(program_.port(), program_.key(), {"GET", std::string(api) + "/kandidaten/" + id_of(1), {}, ""});
    ASSERT_EQ(detail.status, 200U);
    const auto before = bulk();
    const auto cursor = member(before.body, "vervolg");
    EXPECT_EQ(bulk("?vervolg=" + cursor).status, 200U);
    ASSERT_EQ(program_.stop(), 0);

    std::filesystem::create_directory(folder_ / "lost");
    for (const char* name : {"cv.db", "cv.db-wal", "cv.db-shm", "cv.db.audit"}) {
        if (std::filesystem::exists(folder_ / name)) std::filesystem::rename(folder_ / name, folder_ / "lost" / name);
    }
    const auto restored = run("restore --from copy --database cv.db");
    ASSERT_EQ(restored.code, 0) << restored.output;
    program_.start();
    const auto refused = bulk("?vervolg=" + cursor);
    EXPECT_EQ(refused.status, 410U) << refused.body;
    const auto after = bulk();
    EXPECT_NE(member(after.body, "epoche"), member(before.body, "epoche"));
    EXPECT_THAT(after.body, HasSubstr(id_of(200)));
    put(5000);
    EXPECT_EQ(run("audit --database cv.db --verify").code, 0) << "the audit came back with its database";
}

TEST_F(BackupTest, NothingIsOverwrittenAndEveryChangedByteIsRefused) {
    ASSERT_EQ(run("backup --database cv.db --output copy").code, 0);
    const auto again = run("backup --database cv.db --output copy");
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.output, HasSubstr("is there already"));
    const auto over = run("restore --from copy --database cv.db");
    EXPECT_EQ(over.code, 1);
    EXPECT_THAT(over.output, HasSubstr("cv.db: is there already"));
    {
        std::fstream file(folder_ / "copy/cv.db", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(9000);
        file.put('!');
    }
    const auto damaged = run("restore --from copy --database other.db");
    EXPECT_EQ(damaged.code, 1);
    EXPECT_THAT(damaged.output, HasSubstr("copy/cv.db: is not what was backed up"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "other.db"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "other.db.audit"));
    EXPECT_THAT(run("restore --from nowhere --database other.db").output, HasSubstr("no backup"));
}

// A limit of the kernel's on the size of files stands for a disk that is full.
TEST_F(BackupTest, ATargetThatIsFullOrCannotBeMadeLeavesNothing) {
    const auto full = run("backup --database cv.db --output copy", "ulimit -f 16;");
    EXPECT_EQ(full.code, 1) << full.output;
    EXPECT_THAT(full.output, HasSubstr("no backup was made"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "copy.partial"));
    EXPECT_THAT(run("backup --database cv.db --output none/copy").output, HasSubstr("cannot be made"));
    EXPECT_THAT(run("backup --database none.db --output copy").output, HasSubstr("none.db"));
    ASSERT_EQ(run("backup --database cv.db --output copy").code, 0);
    const auto small = run("restore --from copy --database other.db", "ulimit -f 16;");
    EXPECT_EQ(small.code, 1) << small.output;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        EXPECT_THAT(entry.path().filename().string(), Not(testing::StartsWith("other.db")));
    }
}

}  // namespace
}  // namespace cvstroom
