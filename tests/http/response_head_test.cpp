#include "http/response_head.hpp"

#include <gtest/gtest.h>

namespace cvstroom::http {
namespace {

std::string head(unsigned status, bool keep_alive) {
    Response response;
    response.status = status;
    response.body = "12345";
    response.set("X", "y");
    std::string out;
    append_head(out, response, "Tue, 15 Nov 1994 08:12:31 GMT", keep_alive);
    return out;
}

TEST(ResponseHead, IsWrittenWhole) {
    EXPECT_EQ(head(200, true),
              "HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\nX: y\r\nContent-Length: 5\r\n"
              "Strict-Transport-Security: max-age=31536000\r\n\r\n");
    EXPECT_TRUE(head(404, true).starts_with("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_TRUE(head(429, true).starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
    EXPECT_NE(head(200, false).find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(ResponseHead, NamesNoLengthWhereThereIsNoBody) {
    for (const unsigned status : {204U, 304U}) {
        EXPECT_EQ(head(status, true).find("Content-Length"), std::string::npos);
        EXPECT_FALSE(carries_body(status, false));
    }
    EXPECT_TRUE(carries_body(200, false));
    EXPECT_FALSE(carries_body(200, true));
}

}  // namespace
}  // namespace cvstroom::http
