// A segment's extension goes the way of its rows: through building, merging and dying.
#include "index/extension.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "index/index.hpp"
#include "index/segment_builder.hpp"
#include "index/text_extension.hpp"
#include "tests/index/toy_extension.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::index {
namespace {

Entry entry_of(store::Seq seq, std::uint32_t cv, candidate::Status status = candidate::Status::open) {
    Entry entry;
    entry.change = {seq, Instant{std::chrono::microseconds{seq}}, test::make_id(cv), status, 1, test::some_day, 0};
    entry.document.postcode = static_cast<Postcode>(1000 + seq);
    entry.document.extension = "text of " + std::to_string(seq);
    return entry;
}

void expect_rows_carry_their_own(const Snapshot& snapshot) {
    for (const auto& part : snapshot.parts) {
        const auto* extension = dynamic_cast<const test::ToyExtension*>(part.segment->extension());
        ASSERT_NE(extension, nullptr);
        ASSERT_EQ(extension->texts.size(), part.segment->size());
        for (Row row = 0; row < part.segment->size(); ++row) {
            const auto seq = part.segment->row(row).seq;
            EXPECT_EQ(part.segment->postcode(row), 1000 + seq);
            EXPECT_EQ(extension->texts[row], "text of " + std::to_string(seq));
        }
    }
}

TEST(Extension, FollowsTheRowsThroughMerges) {
    const test::ToyKind kind;
    Index index(&kind);
    for (store::Seq seq = 1; seq <= 200; ++seq) {
        const bool is_erasure = seq % 7 == 0;
        const Entry entry = entry_of(seq, static_cast<std::uint32_t>(seq % 50),
                                     is_erasure ? candidate::Status::erased : candidate::Status::open);
        index.apply(std::span(&entry, 1), seq);
        if (seq % 3 == 0) index.merge();
        ASSERT_NO_FATAL_FAILURE(expect_rows_carry_their_own(*index.snapshot()));
    }
    while (index.merge()) {
    }
    EXPECT_LT(index.snapshot()->parts.size(), 5U);
    expect_rows_carry_their_own(*index.snapshot());
}

// A large segment's text and codes are made by threads of their own: the same comes of it as of building all at once.
TEST(Extension, OfALargeSegmentIsMadeBesideItsCodes) {
    constexpr Row half = 60'000;
    static_assert(2 * half > rows_for_threads);
    const ExtensionKind& kind = text_extension();
    SegmentBuilder all(&kind);
    std::vector<Part> parts;
    DocumentTerms document;
    for (int part = 0; part < 2; ++part) {
        SegmentBuilder builder(&kind);
        for (Row row = 0; row < half; ++row) {
            const store::Seq seq = parts.size() * half + row + 1;
            document.terms = {term_key(static_cast<CodeNumber>(seq % 7), 0)};
            document.extension = "0woord" + std::to_string(seq % 100) + " en nog " + std::to_string(seq % 3) + "\n";
            const RowData data{test::make_id(static_cast<std::uint32_t>(seq)), seq, {}, 1};
            builder.add(data, document);
            all.add(data, document);
        }
        parts.push_back({builder.build_for_merge(), std::make_shared<DeadRows>()});
    }
    const auto merged = merge_segments(parts, &kind).segment;
    const auto built = all.build();
    EXPECT_TRUE(std::ranges::equal(merged->image(), built->image()));
    std::string merged_text;
    merged->extension()->save(merged_text);
    std::string built_text;
    built->extension()->save(built_text);
    EXPECT_TRUE(merged_text == built_text);
}

TEST(Extension, IsAbsentWithoutAKind) {
    Index index;
    const Entry entry = entry_of(1, 1);
    index.apply(std::span(&entry, 1), 1);
    EXPECT_EQ(index.snapshot()->parts.front().segment->extension(), nullptr);
    EXPECT_EQ(index.snapshot()->parts.front().segment->postcode(0), 1001);
}

}  // namespace
}  // namespace cvstroom::index
