#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace cvstroom {
namespace {

// The examples of FIPS 180-4 and RFC 4231.
TEST(Digest, MatchesThePublishedVectors) {
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const std::string_view key = "Jefe";
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
    EXPECT_EQ(to_hex(hmac_sha256(bytes, "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, OneKeyOrOneDigestServesAgainAndAgain) {
    const std::string_view key = "Jefe";
    HmacSha256 keyed({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
    RunningSha256 running;
    for (int n = 0; n < 3; ++n) {
        EXPECT_EQ(to_hex(keyed.code("what do ya want for nothing?")),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        running.add("a");
        running.add("bc");
        EXPECT_EQ(to_hex(running.finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

TEST(Base64Url, ComesBackForEveryLength) {
    std::string bytes;
    for (int length = 0; length < 70; ++length) {
        const auto text = to_base64url(bytes);
        EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
        EXPECT_EQ(from_base64url(text), bytes);
        bytes.push_back(static_cast<char>(length * 37 + 201));
    }
}

TEST(Base64Url, RefusesOtherAlphabetsAndStrayBits) {
    for (const char* text : {"a+b=", "YQ==", "YR", "Y", "a b", "YWJ\n"}) EXPECT_FALSE(from_base64url(text)) << text;
}

TEST(EqualInConstantTime, IsEquality) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace cvstroom
