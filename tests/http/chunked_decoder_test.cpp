#include "http/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cvstroom::http {
namespace {

using State = ChunkedDecoder::State;

constexpr std::size_t body_limit = 100;
constexpr std::size_t line_limit = 20;

struct Case {
    std::string_view bytes;
    State state;
    std::string_view body;
    std::string_view rest = {};
};

const std::vector<Case> cases = {
    {"0\r\n\r\n", State::complete, ""},
    {"3\r\nabc\r\n0\r\n\r\n", State::complete, "abc"},
    {"3\r\nabc\r\n00a\r\n0123456789\r\n0\r\n\r\nGET", State::complete, "abc0123456789", "GET"},
    {"A;x=\"y;z\"\r\n0123456789\r\n000\r\n\r\n", State::complete, "0123456789"},
    {"0\r\nX: y\r\nZ: \t\r\n\r\n", State::complete, ""},
    {"", State::need_more, ""},
    {"3\r\nab", State::need_more, "ab"},
    {"0\r\n\r", State::need_more, ""},
    {"64\r\n", State::need_more, ""},
    {"65\r\n", State::too_large, ""},
    {"fffffffffffffff\r\n", State::too_large, ""},
    {"0000000000000000\r\n", State::malformed, ""},
    {"\r\n", State::malformed, "", "\n"},
    {";x\r\n", State::malformed, "", "x\r\n"},
    {"0x3\r\nabc\r\n", State::malformed, "", "3\r\nabc\r\n"},
    {"3 \r\nabc\r\n", State::malformed, "", "\r\nabc\r\n"},
    {" 3\r\nabc\r\n", State::malformed, "", "3\r\nabc\r\n"},
    {"3\nabc\r\n", State::malformed, "", "abc\r\n"},
    {"3\r\rabc", State::malformed, "", "abc"},
    {"3\r\nabcd\r\n", State::malformed, "abc", "\r\n"},
    {"3\r\nabc\n0\r\n\r\n", State::malformed, "abc", "0\r\n\r\n"},
    {"3\r\nabc\r0\r\n\r\n", State::malformed, "abc", "\r\n\r\n"},
    {"3;x\ny\r\n", State::malformed, "", "y\r\n"},
    {"3;123456789012345678901\r\n", State::malformed, "", "\r\n"},
    {"0\r\nX\n\r\n", State::malformed, "", "\r\n"},
    {"0\r\n\rX", State::malformed, ""},
    {"0\r\nX: 12345678901234567890", State::malformed, "", "90"},
};

TEST(ChunkedDecoder, ReadsBodiesInOnePiece) {
    for (const auto& [bytes, state, body, rest] : cases) {
        ChunkedDecoder decoder(body_limit, line_limit);
        std::string_view waiting = bytes;
        std::string decoded;
        EXPECT_EQ(decoder.decode(waiting, decoded), state) << bytes;
        EXPECT_EQ(decoded, body) << bytes;
        if (state == State::complete || !rest.empty()) {
            EXPECT_EQ(waiting, rest) << bytes;
        }
    }
}

TEST(ChunkedDecoder, ReadsThemByteByByteAsWell) {
    for (const auto& [bytes, state, body, rest] : cases) {
        ChunkedDecoder decoder(body_limit, line_limit);
        std::string decoded;
        State last = State::need_more;
        for (std::size_t i = 0; i < bytes.size() && last == State::need_more; ++i) {
            std::string_view piece = bytes.substr(i, 1);
            last = decoder.decode(piece, decoded);
            EXPECT_TRUE(piece.empty());
        }
        EXPECT_EQ(last, state) << bytes;
        EXPECT_EQ(decoded, body) << bytes;
    }
}

}  // namespace
}  // namespace cvstroom::http
