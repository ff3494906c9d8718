// A segment's extension goes the way of its rows: through building, merging and dying.
#include "index/extension.hpp"

#include <gtest/gtest.h>

#include "index/index.hpp"
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

TEST(Extension, IsAbsentWithoutAKind) {
    Index index;
    const Entry entry = entry_of(1, 1);
    index.apply(std::span(&entry, 1), 1);
    EXPECT_EQ(index.snapshot()->parts.front().segment->extension(), nullptr);
    EXPECT_EQ(index.snapshot()->parts.front().segment->postcode(0), 1001);
}

}  // namespace
}  // namespace cvstroom::index
