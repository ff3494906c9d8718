#include "http/request_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace cvstroom::http {
namespace {

class Reader : public testing::Test {
  protected:
    void give(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto space = reader_.space();
            const std::size_t count = std::min(space.size(), bytes.size());
            std::memcpy(space.data(), bytes.data(), count);
            reader_.received(count);
            bytes.remove_prefix(count);
        }
    }

    // Byte by byte, as the slowest network would; the state after the last one.
    RequestReader::State trickle(std::string_view bytes) {
        auto state = RequestReader::State::need_more;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            give(bytes.substr(i, 1));
            state = reader_.read();
            if (state != RequestReader::State::need_more) {
                EXPECT_EQ(i + 1, bytes.size());
                break;
            }
        }
        return state;
    }

    Limits limits_;
    RequestReader reader_{limits_, "192.0.2.1"};
};

// Quickly: nothing of it is looked at again with each byte.
TEST_F(Reader, ReadsALongTargetByteByByte) {
    const std::string query(limits_.target_bytes - 3, 'q');
    ASSERT_EQ(trickle("GET /?" + query + " HTTP/1.1\r\nHost: a\r\n\r\n"), RequestReader::State::complete);
    EXPECT_EQ(reader_.request().query, query);
}

TEST_F(Reader, ReadsARequestByteByByte) {
    ASSERT_EQ(trickle("POST /p?q=1 HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX: \t b \r\nContent-Length: 4\r\n\r\nbody"),
              RequestReader::State::complete);
    const Request& request = reader_.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/p");
    EXPECT_EQ(request.query, "q=1");
    EXPECT_EQ(request.body, "body");
    EXPECT_EQ(request.remote, "192.0.2.1");
    ASSERT_EQ(request.fields.size(), 4U);
    EXPECT_EQ(request.fields[1].first, "X-Empty");
    EXPECT_EQ(request.fields[1].second, "");
    EXPECT_EQ(request.field("x"), "b");
    EXPECT_TRUE(reader_.keeps_alive());
}

TEST_F(Reader, ReadsChunksByteByByteAndLeavesTrailersOut) {
    ASSERT_EQ(trickle("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n"),
              RequestReader::State::complete);
    EXPECT_EQ(reader_.request().body, "abcde");
    EXPECT_FALSE(reader_.request().has_field("X-Trailer"));
}

TEST_F(Reader, KeepsTheHeaderInPlaceWhileALargeBodyMovesTheBuffer) {
    const std::string body(300'000, 'b');
    give("POST /first HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(2000, 'l') + "\r\nContent-Length: 300000\r\n\r\n");
    ASSERT_EQ(reader_.read(), RequestReader::State::need_more);
    give(body + "GET /second HTTP/1.1\r\nHost: b\r\n\r\n");
    ASSERT_EQ(reader_.read(), RequestReader::State::complete);
    EXPECT_EQ(reader_.request().path, "/first");
    EXPECT_EQ(reader_.request().field("X-Long"), std::string(2000, 'l'));
    EXPECT_EQ(reader_.request().body, body);
    reader_.next();
    ASSERT_EQ(reader_.read(), RequestReader::State::complete);
    EXPECT_EQ(reader_.request().path, "/second");
    EXPECT_EQ(reader_.request().body, "");
    reader_.next();
    EXPECT_FALSE(reader_.has_begun());
    EXPECT_EQ(reader_.read(), RequestReader::State::need_more);
}

TEST_F(Reader, PassesOverEmptyLinesHoweverTheyCome) {
    ASSERT_EQ(trickle("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), RequestReader::State::complete);
    EXPECT_EQ(reader_.request().path, "/");
}

TEST_F(Reader, SaysOnceThatTheClientWaits) {
    give("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(reader_.read(), RequestReader::State::want_continue);
    EXPECT_EQ(reader_.read(), RequestReader::State::need_more);
    give("ok");
    EXPECT_EQ(reader_.read(), RequestReader::State::complete);
}

TEST_F(Reader, RefusesALineWithoutCarriageReturnAtOnce) {
    give("GET / HTTP/1.1\nHost: a\n");
    ASSERT_EQ(reader_.read(), RequestReader::State::refused);
    EXPECT_EQ(reader_.refusal().status, 400U);
}

}  // namespace
}  // namespace cvstroom::http
