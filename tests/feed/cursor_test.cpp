#include "feed/cursor.hpp"

#include <gtest/gtest.h>

namespace cvstroom::feed {
namespace {

std::array<std::uint8_t, 32> secret_of(std::uint8_t fill) {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(fill);
    return secret;
}

Cursor some_cursor() {
    return {
        Uuid::random(), {12, 345, false}, Instant{std::chrono::microseconds{-5}}, Instant{std::chrono::hours{9}}, 77};
}

TEST(Cursor, ComesBackAsItWas) {
    const auto secret = secret_of(1);
    const Cursor window = some_cursor();
    EXPECT_EQ(decode(encode(window, secret), secret).value(), window);
    Cursor initial = some_cursor();
    initial.from.reset();
    initial.range.only_published = true;
    EXPECT_EQ(decode(encode(initial, secret), secret).value(), initial);
    Cursor selected = some_cursor();
    selected.selection = std::array<std::uint8_t, 16>{1, 2, 3};
    EXPECT_EQ(decode(encode(selected, secret), secret).value(), selected);
}

// Pitfall 25: the same page has the same cursor, and a cursor needs nothing kept on the server.
TEST(Cursor, Pitfall25_IsTheSameForTheSamePlace) {
    const Cursor cursor = some_cursor();
    EXPECT_EQ(encode(cursor, secret_of(1)), encode(cursor, secret_of(1)));
}

TEST(Cursor, IsRefusedWithAnyCharacterChanged) {
    const auto secret = secret_of(1);
    const std::string text = encode(some_cursor(), secret);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string bent = text;
        bent[i] = bent[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(decode(bent, secret)) << i;
    }
}

TEST(Cursor, IsRefusedWhenCutLengthenedOrForeign) {
    const auto secret = secret_of(1);
    const std::string text = encode(some_cursor(), secret);
    for (std::size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(decode(text.substr(0, length), secret));
    EXPECT_FALSE(decode(text + "A", secret));
    EXPECT_FALSE(decode(text, secret_of(2)));
    EXPECT_FALSE(decode("", secret));
}

}  // namespace
}  // namespace cvstroom::feed
