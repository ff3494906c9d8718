#include "store/list_loading.hpp"

#include <gtest/gtest.h>

#include "reference/list_reader.hpp"
#include "store/loaded_lists.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

const std::filesystem::path data_folder = std::filesystem::path(CVSTROOM_SOURCE_DIR) / "data";
const std::string dutch_alone = "code\tlabel_nl\nN\tNederlands\n";

Write speaks(std::uint32_t id, const std::string& language) {
    return test::make_write(test::make_id(id),
                            R"({"competenties":[{"type":"talen","code":")" + language + R"(","niveau":"3"}]})");
}

// Does something when the list is about to be stored, before any lock.
class Interrupted final : public ReferenceStore {
  public:
    Interrupted(ReferenceStore& store, std::function<void()> interruption)
        : store_(store), interruption_(std::move(interruption)) {}
    Result<std::uint32_t> add_list(const ListVersion& list, const std::string& frame, const LastCheck& check) override {
        interruption_();
        return store_.add_list(list, frame, check);
    }
    Result<std::vector<ListVersion>> list_versions() override { return store_.list_versions(); }
    Result<std::optional<std::string>> list_file(const std::string& name, std::uint32_t version) override {
        return store_.list_file(name, version);
    }
    Result<std::uint64_t> lists_revision() override { return store_.lists_revision(); }

  private:
    ReferenceStore& store_;
    std::function<void()> interruption_;
};

class ListLoading : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<SqliteStore> store_ =
        SqliteStore::open(folder_ / "cv.db", SqliteStore::Mode::create_if_missing, clock_).value();
    const reference::ListSource& source_ = *reference::find_list_source("talen");

    void publish(const Write& write) { ASSERT_TRUE(store_->append(std::span(&write, 1))); }
    // Loads a list through `lists`; `on_read` is called for each CV that is read first.
    Result<ListOutcome> load(const std::string& text, ReferenceStore& lists, bool is_forced = false,
                             const std::function<void(std::uint64_t)>& on_read = {}) {
        const auto list = reference::read_list(source_, reference::Tsv::parse(text, "test").value()).value();
        const NewList wanted{source_,
                             list,
                             {"talen", 0, clock_.now(), "tester", list.items().size(), sha256(text), false},
                             compress_document(text),
                             is_forced};
        return load_list(
            *store_, lists, [this] { return read_lists(*store_, data_folder); }, wanted, on_read);
    }
    std::size_t versions() { return store_->list_versions().value().size(); }
};

TEST_F(ListLoading, RefusesAListThatDropsAUsedCodeUnlessForced) {
    publish(speaks(1, "F"));
    const auto refused = load(dutch_alone, *store_).value();
    EXPECT_FALSE(refused.version);
    EXPECT_EQ(refused.change.used, (CodeUses{{"F", 1}}));
    EXPECT_EQ(versions(), 0U);
    const auto forced = load(dutch_alone, *store_, true).value();
    EXPECT_EQ(forced.version, 1U);
    EXPECT_EQ(forced.change.used, (CodeUses{{"F", 1}}));
    EXPECT_EQ(load("code\tlabel_nl\nN\tVlaams\n", *store_).value().version, 2U) << "F was no code any more";
}

TEST_F(ListLoading, SeesACvThatIsPublishedWhileTheOthersAreRead) {
    publish(speaks(1, "N"));
    const auto outcome = load(dutch_alone, *store_, false, [this](std::uint64_t) { publish(speaks(2, "F")); }).value();
    EXPECT_FALSE(outcome.version);
    EXPECT_EQ(outcome.change.used, (CodeUses{{"F", 1}}));
    EXPECT_EQ(versions(), 0U);
}

TEST_F(ListLoading, SeesACvThatIsPublishedAtTheLastMoment) {
    publish(speaks(1, "N"));
    Interrupted lists(*store_, [this] { publish(speaks(2, "F")); });
    const auto outcome = load(dutch_alone, lists).value();
    EXPECT_FALSE(outcome.version);
    EXPECT_EQ(outcome.change.used, (CodeUses{{"F", 1}}));
    EXPECT_EQ(versions(), 0U);
    EXPECT_EQ(load(dutch_alone, lists, true).value().version, 1U);
}

TEST_F(ListLoading, SeesAListThatSomebodyElseLoadsMeanwhile) {
    Interrupted lists(*store_, [this] {
        ASSERT_TRUE(load("code\tlabel_nl\nN\tNederlands\nX\tNieuw\n", *store_)->version);
        publish(speaks(1, "X"));
    });
    const auto outcome = load(dutch_alone, lists);
    ASSERT_FALSE(outcome) << "it would have dropped X, which is not in the list that it was held against";
    EXPECT_EQ(outcome.error().code, ErrorCode::conflict);
    EXPECT_EQ(versions(), 1U);
    // A list of another name is nobody's concern.
    const std::string soft_skills = "code\tlabel_nl\n1\tGeduld\n";
    Interrupted others(*store_, [&] {
        ASSERT_TRUE(store_->add_list({"softskills", 0, clock_.now(), "tester", 1, sha256(soft_skills), false},
                                     compress_document(soft_skills), {}));
    });
    EXPECT_TRUE(load("code\tlabel_nl\nN\tNederlands\nX\tNieuw\nY\tNieuwer\n", others).value().version);
}

}  // namespace
}  // namespace cvstroom::store
