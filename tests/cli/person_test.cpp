// The rights of the person on the command line: all that is held, and erasure from every file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/command_line.hpp"
#include "tests/support/file_search.hpp"

namespace cvstroom {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PersonTest : public testing::Test {
  protected:
    test::CommandLine program_;
    std::string id_;

    void SetUp() override {
        ASSERT_EQ(program_.run("generate --count 40 --output cvs.ndjson").code, 0);
        ASSERT_EQ(program_.run("import --database cv.db cvs.ndjson", "mkdir data; mv cvs.ndjson data; cd data;").code,
                  0);
        id_ = program_.read("data/cvs.ndjson").substr(9, 36);
    }
    // What stands on disk of the CV's document: its frame, in pieces.
    std::vector<std::string> stored_pieces() {
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program_.path("data/cv.db"), store::SqliteStore::Mode::open_existing, clock)
                .value();
        const auto change = store->current(Uuid::parse(id_).value()).value().value();
        return test::pieces_of(store->document(change.seq).value().value());
    }
};

TEST_F(PersonTest, ExportGivesAllThatIsHeld) {
    const auto exported = program_.run("person export --database data/cv.db " + id_);
    EXPECT_EQ(exported.code, 0) << exported.output;
    EXPECT_THAT(exported.output, testing::StartsWith("{\"cvId\":\"" + id_ + "\",\"status\":\"OPEN\",\"cv\":{"));
    EXPECT_THAT(exported.output, HasSubstr("\"natuurlijkPersoon\":"));
    EXPECT_THAT(exported.output, HasSubstr("\"log\":[{\"seq\":1,\"versie\":1,\"status\":\"OPEN\""));
    EXPECT_THAT(exported.output, HasSubstr("\"ontvangen\":[]"));
    EXPECT_THAT(exported.output, Not(HasSubstr("bewaardeCodes"))) << "nothing is kept of what was never superseded";
    auto changed = program_.read("data/cvs.ndjson");
    changed = changed.substr(0, changed.find('\n') + 1);
    const auto status = changed.find("\"OPEN\"");
    ASSERT_NE(status, std::string::npos);
    program_.write("data/changed.ndjson", changed.replace(status, 6, "\"GESLOTEN\""));
    ASSERT_EQ(program_.run("import --database data/cv.db data/changed.ndjson").code, 0);
    const auto later = program_.run("person export --database data/cv.db " + id_);
    EXPECT_THAT(later.output,
                testing::ContainsRegex("\"seq\":1,.*\"bewaardeCodes\":\\{\"[a-zA-Z]+\":\\[\".*\"seq\":41"));
    EXPECT_THAT(later.output,
                testing::ContainsRegex("\"ontvangen\":\\[\\{[^]]*\"sleutel\":\"command line\",\"aanvraag\":\"person\""))
        << "the first export is on record";
    const auto unknown = program_.run("person export --database data/cv.db 00000000-0000-4000-8000-00000000dead");
    EXPECT_EQ(unknown.code, 1);
    EXPECT_THAT(unknown.output, HasSubstr("ever existed"));
    EXPECT_EQ(program_.run("person export --database data/cv.db nonsense").code, 1);
}

TEST_F(PersonTest, ErasingLeavesNothingOfTheDocumentInAnyFile) {
    const auto pieces = stored_pieces();
    ASSERT_GT(pieces.size(), 20U);
    std::filesystem::remove(program_.path("data/cvs.ndjson"));
    ASSERT_THAT(test::files_with(program_.path("data"), pieces), Contains("cv.db")) << "else this would prove nothing";
    const auto erased = program_.run("person erase --database data/cv.db " + id_);
    EXPECT_EQ(erased.code, 0) << erased.output;
    EXPECT_THAT(test::files_with(program_.path("data"), pieces), IsEmpty());
    const auto exported = program_.run("person export --database data/cv.db " + id_);
    EXPECT_THAT(exported.output, HasSubstr("\"status\":\"VERWIJDERD\""));
    EXPECT_THAT(exported.output, Not(HasSubstr("\"cv\":")));
    EXPECT_THAT(program_.run("person erase --database data/cv.db " + id_).output, HasSubstr("was erased before"));
    EXPECT_EQ(program_.run("person erase --database data/cv.db 00000000-0000-4000-8000-00000000dead").code, 1);
}

// A reader that is in the midst of an older state keeps it alive in the write-ahead log: that is said, not hidden.
TEST_F(PersonTest, ErasingSaysWhenAReaderHoldsItUpAndCanBeRepeated) {
    const auto pieces = stored_pieces();
    std::filesystem::remove(program_.path("data/cvs.ndjson"));
    {
        store::sqlite::Connection reader(program_.path("data/cv.db"), store::sqlite::Connection::Access::read_write);
        const store::sqlite::Transaction snapshot(reader, store::sqlite::Transaction::Kind::read);
        ASSERT_TRUE(reader.query("SELECT count(*) FROM document").step());
        const auto held = program_.run("person erase --database data/cv.db " + id_);
        EXPECT_EQ(held.code, 3) << held.output;
        EXPECT_THAT(held.output, HasSubstr("repeat this"));
    }
    EXPECT_EQ(program_.run("person erase --database data/cv.db " + id_).code, 0);
    EXPECT_THAT(test::files_with(program_.path("data"), pieces), IsEmpty());
}

}  // namespace
}  // namespace cvstroom
