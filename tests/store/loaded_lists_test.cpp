#include "store/loaded_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/code_uses.hpp"
#include "store/document_codec.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

using candidate::CodeKind;
using testing::HasSubstr;

const std::filesystem::path data_folder = std::filesystem::path(CVSTROOM_SOURCE_DIR) / "data";
const std::string two_languages = "code\tlabel_nl\nN\tNederlands\nQ\tQuenya\n";

class LoadedLists : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<SqliteStore> store_ = open();

    std::unique_ptr<SqliteStore> open() {
        return SqliteStore::open(folder_ / "cv.db", SqliteStore::Mode::create_if_missing, clock_).value();
    }
    std::uint32_t load(const std::string& name, const std::string& text) {
        return store_->add_list({name, 0, clock_.now(), "tester", 2, sha256(text), false}, compress_document(text), {})
            .value();
    }
    CodeUses uses(CodeKind kind) { return count_code_uses(*store_, kind, 0, store_->head().value().seq, {}).value(); }
    std::uint32_t reset(const std::string& name) {
        return store_->add_list({name, 0, clock_.now(), "tester", 0, {}, true}, "", {}).value();
    }
};

TEST_F(LoadedLists, TheNewestVersionCountsAndAllAreKept) {
    EXPECT_EQ(load("talen", "code\tlabel_nl\nX\tX\n"), 1U);
    EXPECT_EQ(load("talen", two_languages), 2U);
    EXPECT_EQ(load("softskills", "code\tlabel_nl\n1\tGeduld\n"), 1U);
    EXPECT_EQ(loaded_lists(*store_).value().at("talen"), two_languages);
    EXPECT_EQ(reset("talen"), 3U);
    EXPECT_FALSE(loaded_lists(*store_).value().contains("talen"));
    store_ = open();
    const auto versions = store_->list_versions().value();
    ASSERT_EQ(versions.size(), 4U);
    EXPECT_EQ(versions[1].loaded_by, "tester");
    EXPECT_EQ(versions[1].digest, sha256(two_languages));
    EXPECT_TRUE(versions[3].is_shipped);
    EXPECT_EQ(decompress_document(store_->list_file("talen", 1).value().value()).value(), "code\tlabel_nl\nX\tX\n");
    EXPECT_FALSE(store_->list_file("talen", 3).value());
}

TEST_F(LoadedLists, AreTakenUpWhileTheOldOnesAreInUse) {
    const auto follower = ListFollower::open(*store_, data_folder).value();
    const auto held = follower->lists().get();
    EXPECT_FALSE(follower->refresh().value());
    load("talen", two_languages);
    EXPECT_TRUE(follower->refresh().value());
    EXPECT_TRUE(held->knows(CodeKind::language, "F")) << "who took the lists before keeps them";
    EXPECT_FALSE(follower->lists().get()->knows(CodeKind::language, "F"));
    EXPECT_TRUE(follower->lists().get()->knows(CodeKind::language, "Q"));
    EXPECT_FALSE(follower->refresh().value());
}

TEST_F(LoadedLists, AListThatCannotBeUsedLeavesTheOthersAlone) {
    const auto follower = ListFollower::open(*store_, data_folder).value();
    load("talen", "kode\tlabel_nl\nN\tNederlands\n");
    const auto refreshed = follower->refresh();
    ASSERT_FALSE(refreshed);
    EXPECT_EQ(refreshed.error().where, "list talen:1");
    EXPECT_THAT(refreshed.error().message, HasSubstr("reference reset"));
    EXPECT_TRUE(follower->lists().get()->knows(CodeKind::language, "N"));
    EXPECT_FALSE(ListFollower::open(*store_, data_folder)) << "a start says so too";
    reset("talen");
    EXPECT_TRUE(follower->refresh().value());
}

TEST_F(LoadedLists, CountsThePublishedCvsThatUseACode) {
    const std::string document =
        R"({"competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"talen","code":"N","niveau":"2"},)"
        R"({"type":"talen","code":"F","niveau":"3"}],"gewensteJob":{"regios":["BE231A"]}})";
    const std::vector batch{test::make_write(test::make_id(1), document), test::make_write(test::make_id(2), document),
                            test::make_write(test::make_id(3), document, candidate::Status::closed)};
    ASSERT_TRUE(store_->append(batch));
    const auto languages = uses(CodeKind::language);
    EXPECT_EQ(languages.at("N"), 2U) << "each CV once, and only published ones";
    EXPECT_EQ(languages.at("F"), 2U);
    EXPECT_EQ(uses(CodeKind::language_level).at("2"), 2U);
    EXPECT_EQ(uses(CodeKind::region).at("BE231A"), 2U);
    EXPECT_TRUE(uses(CodeKind::diploma).empty());
}

}  // namespace
}  // namespace cvstroom::store
