// The NDJSON copy on a disk that fails at the worst moment.
#include "mirror/ndjson/ndjson_sink.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace cvstroom::mirror {
namespace {

// All in the same file of the copy: it is chosen by the first byte.
Uuid id(std::uint8_t n) {
    Uuid cv;
    cv.bytes[15] = n;
    return cv;
}

class NdjsonSinkTest : public testing::Test {
  protected:
    test::TemporaryFolder temporary_;
    const std::filesystem::path folder_ = temporary_ / "copy";
    bool is_broken_ = false;
    std::function<void()> on_sync_ = [] {};

    std::unique_ptr<Sink> open() {
        return open_ndjson_sink(folder_, Access::read_write,
                                [this](const std::filesystem::path& folder) -> Result<void> {
                                    on_sync_();
                                    if (is_broken_) return fail(ErrorCode::io, "the disk is gone", folder.string());
                                    return sync_folder(folder);
                                })
            .value();
    }
    // What another process finds.
    std::unique_ptr<Sink> read() { return open_ndjson_sink(folder_, Access::read_only).value(); }

    static Batch batch(const std::string& cursor, const std::vector<std::pair<std::uint8_t, Version>>& puts) {
        Batch made;
        made.state.source = "https://here";
        made.state.phase = Phase::following;
        made.state.generation = 1;
        made.state.cursor = cursor;
        for (const auto& [n, version] : puts) {
            Put put;
            put.cv = id(n);
            put.version = version;
            put.json = R"({"v":)" + std::to_string(version) + "}";
            made.puts.push_back(std::move(put));
        }
        return made;
    }
    // The cursor, and each CV's version in its document.
    static std::string content(Sink& sink) {
        std::string text = sink.state().value().cursor;
        EXPECT_TRUE(sink.visit([&](const Held& held) {
            text += " " + std::to_string(held.cv.bytes[15]) + "=" + std::to_string(held.version);
        }));
        for (std::uint8_t n = 1; n < 10; ++n) {
            const auto document = sink.document(id(n));
            EXPECT_TRUE(document);
            if (document && *document) text += " " + **document;
        }
        return text;
    }
};

TEST_F(NdjsonSinkTest, KnowsWhatTheFolderHoldsAfterACommitThatFailedHalfway) {
    const auto sink = open();
    ASSERT_TRUE(sink->apply(batch("a", {{1, 1}, {2, 1}})));
    EXPECT_EQ(content(*sink), R"(a 1=1 2=1 {"v":1} {"v":1})");
    is_broken_ = true;
    const auto applied = sink->apply(batch("b", {{1, 2}, {3, 1}}));
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, ErrorCode::io);
    EXPECT_FALSE(sink->state()) << "what cannot be read again is not known";
    EXPECT_FALSE(sink->count());
    EXPECT_FALSE(sink->apply(batch("c", {{4, 1}})));
    is_broken_ = false;
    EXPECT_EQ(content(*sink), R"(b 1=2 2=1 3=1 {"v":2} {"v":1} {"v":1})");
    EXPECT_EQ(content(*sink), content(*read()));
    ASSERT_TRUE(sink->apply(batch("c", {{3, 2}, {4, 1}})));
    EXPECT_EQ(content(*sink), R"(c 1=2 2=1 3=2 4=1 {"v":2} {"v":1} {"v":2} {"v":1})");
    EXPECT_EQ(content(*sink), content(*read()));
}

// A commit that failed in the same process, or one whose process was killed: the files of the state before it are what
// a power cut may bring back.
TEST_F(NdjsonSinkTest, RemovesNothingBeforeTheStateThatDoesWithoutItIsDurable) {
    auto sink = open();
    ASSERT_TRUE(sink->apply(batch("a", {{1, 1}})));
    const auto before = folder_ / "cv-00.1.ndjson";
    ASSERT_TRUE(std::filesystem::exists(before));
    is_broken_ = true;
    ASSERT_FALSE(sink->apply(batch("b", {{1, 2}})));
    EXPECT_TRUE(std::filesystem::exists(before));
    ASSERT_FALSE(sink->state());
    EXPECT_TRUE(std::filesystem::exists(before));
    is_broken_ = false;
    sink.reset();
    bool stood_there = false;
    on_sync_ = [&] { stood_there = std::filesystem::exists(before); };
    sink = open();
    EXPECT_TRUE(stood_there);
    EXPECT_FALSE(std::filesystem::exists(before));
    EXPECT_EQ(content(*sink), R"(b 1=2 {"v":2})");
}

}  // namespace
}  // namespace cvstroom::mirror
