// Bodies that are made while they are sent, and answers that are waited for, over real sockets.
#include <gtest/gtest.h>

#include <thread>

#include "tests/wire/test_handler.hpp"
#include "tests/wire/test_server.hpp"
#include "tests/wire/tls_client.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;

std::string get(std::string_view path, std::string_view version = "1.1", std::string_view method = "GET") {
    return std::string(method) + " " + std::string(path) + " HTTP/" + std::string(version) +
           "\r\nHost: localhost\r\n\r\n";
}

class Streams : public testing::Test {
  protected:
    static http::Limits limits() {
        http::Limits limits;
        limits.write_time = 1500ms;
        return limits;
    }
    TestHandler handler_;
    TestServer server_{handler_, limits()};
};

TEST_F(Streams, ComeInChunksAndTheConnectionIsKept) {
    TlsClient client(server_.port());
    const auto response = client.request(get("/stream?5x100000"));
    EXPECT_EQ(response.field("Transfer-Encoding"), "chunked");
    EXPECT_FALSE(response.has_field("Content-Length"));
    EXPECT_EQ(response.body, std::string(500'000, 's'));
    EXPECT_EQ(client.request(get("/stream?0x0")).body, "");
    EXPECT_EQ(client.request(get("/hello")).status, 200U);
}

TEST_F(Streams, EndWithTheConnectionForHttp10) {
    TlsClient client(server_.port());
    client.send(get("/stream?2x70000", "1.0"));
    const std::string all = client.read_until_close();
    EXPECT_EQ(all.find("Transfer-Encoding"), std::string::npos);
    EXPECT_EQ(all.find("Content-Length"), std::string::npos);
    EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4), std::string(140'000, 's'));
}

TEST_F(Streams, HaveNoBodyForHead) {
    TlsClient client(server_.port());
    EXPECT_EQ(client.request(get("/stream?5x1000", "1.1", "HEAD")).field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.request(get("/hello")).status, 200U);
    EXPECT_EQ(handler_.pieces_made(), 0U);
}

TEST_F(Streams, ThatBreakOffAreCutSoThatTheClientSees) {
    TlsClient client(server_.port());
    client.send(get("/stream?2x1000!"));
    const std::string all = client.read_until_close();
    EXPECT_NE(all.find("\r\n3e8\r\n"), std::string::npos);
    EXPECT_EQ(all.find("\r\n0\r\n\r\n"), std::string::npos);
}

// Back-pressure: what a client does not read is not made.
TEST_F(Streams, AreMadeNoFasterThanTheyAreRead) {
    {
        TlsClient client(server_.port(), {.receive_buffer = 16 * 1024});
        client.send(get("/stream?5000x100000"));
        client.read_some(1);
        std::this_thread::sleep_for(300ms);
        const auto made = handler_.pieces_made();
        EXPECT_LT(made, 100U) << "ten megabytes are more than sockets hold";
        std::string some;
        for (int i = 0; i < 1000; ++i) some += client.read_some(16 * 1024);
        EXPECT_GT(handler_.pieces_made(), made) << "it goes on when the client does";
    }
    EXPECT_LT(handler_.pieces_made(), 1000U);
}

TEST_F(Streams, ToAClientThatStopsReadingAreCut) {
    TlsClient client(server_.port(), {.receive_buffer = 16 * 1024});
    client.send(get("/stream?5000x100000"));
    std::this_thread::sleep_for(2500ms);
    EXPECT_LT(client.read_until_close().size(), 100'000'000U);
    EXPECT_LT(handler_.pieces_made(), 1000U);
}

TEST_F(Streams, AreFinishedWhenTheServerStops) {
    TlsClient client(server_.port());
    client.send(get("/stream?50x100000"));
    std::string body = client.read_some(100);
    std::thread stopping([&] { server_.server().stop(10s); });
    body += client.read_until_close();
    stopping.join();
    EXPECT_TRUE(body.ends_with("\r\n0\r\n\r\n"));
    EXPECT_GT(body.size(), 5'000'000U);
}

TEST_F(Streams, AWaitingClientThatLeavesIsForgotten) {
    for (const bool says_goodbye : {true, false}) {
        {
            TlsClient client(server_.port());
            client.send(get("/wait"));
            handler_.take_held();  // the reply is dropped, as a handler does
            if (says_goodbye) {
                client.shut_down_sending();
            } else {
                client.reset();
            }
            EXPECT_EQ(handler_.take_ending(), "left");
        }
    }
}

TEST_F(Streams, AWaitingClientIsAnsweredWhenTheServerStops) {
    TlsClient client(server_.port());
    client.send(get("/wait"));
    const auto held = handler_.take_held();
    std::thread stopping([&] { server_.server().stop(10s); });
    EXPECT_EQ(client.read_response().body, "stopped waiting");
    stopping.join();
    EXPECT_EQ(handler_.take_ending(), "stopping");
}

TEST_F(Streams, AWaitingClientGetsItsAnswerAndMayAskAgain) {
    TlsClient client(server_.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/wait"));
        const auto reply = handler_.take_held();
        std::this_thread::sleep_for(20ms);  // it waits for its departure meanwhile
        reply(TestHandler::text("now"));
        EXPECT_EQ(client.read_response().body, "now");
        EXPECT_EQ(client.request(get("/hello")).status, 200U);
    }
}

TEST_F(Streams, AWaitingClientMaySendItsNextRequestEarly) {
    TlsClient client(server_.port());
    client.send(get("/wait") + get("/hello"));
    handler_.take_held()(TestHandler::text("now"));
    EXPECT_EQ(client.read_response().body, "now");
    EXPECT_EQ(client.read_response().status, 200U);
    client.send(get("/wait"));
    const auto reply = handler_.take_held();
    client.send(get("/hello"));
    std::this_thread::sleep_for(20ms);
    reply(TestHandler::text("now"));
    EXPECT_EQ(client.read_response().body, "now");
    EXPECT_EQ(client.read_response().status, 200U);
}

}  // namespace
}  // namespace cvstroom::test
