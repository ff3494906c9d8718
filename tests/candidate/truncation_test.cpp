// A document that was cut short is never taken for a whole one.
#include <gtest/gtest.h>

#include <memory>

#include "tests/candidate/documents.hpp"

namespace cvstroom::candidate {
namespace {

class Truncation : public testing::TestWithParam<const char*> {};

// Each piece is copied to memory of its own size: a sanitizer sees a read beyond its end.
TEST_P(Truncation, IsRefusedAtEveryByte) {
    const std::string whole = fixture(GetParam());
    const std::size_t end = whole.find_last_of('}');
    const SmallCodeBook codes;
    Parser parser(codes);
    for (std::size_t size = 0; size <= end; ++size) {
        const auto piece = std::make_unique<char[]>(size);
        whole.copy(piece.get(), size);
        ASSERT_FALSE(parser.parse({piece.get(), size})) << size;
    }
    EXPECT_TRUE(parser.parse(whole));
}

// One byte less, somewhere: read or refused with a reason, and nothing else.
TEST_P(Truncation, AMissingByteIsReadOrRefused) {
    const std::string whole = fixture(GetParam());
    const SmallCodeBook codes;
    Parser parser(codes);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged.erase(at, 1);
        const auto candidate = parser.parse(damaged);
        ASSERT_TRUE(candidate || !candidate.error().empty()) << at;
    }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Truncation, testing::Values("seed_cb60cf85.json", "seed_30dbfef1.json"));

}  // namespace
}  // namespace cvstroom::candidate
