// What a broken or hostile client gets, and that the server goes on for the others.
#include <gtest/gtest.h>

#include <thread>

#include "tests/wire/test_handler.hpp"
#include "tests/wire/test_server.hpp"
#include "tests/wire/tls_client.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

http::Limits small_limits() {
    http::Limits limits;
    limits.header_bytes = 2048;
    limits.path_bytes = 256;
    limits.target_bytes = 512;
    limits.body_bytes = 4096;
    limits.connections = 20;
    limits.handshake_time = 400ms;
    limits.request_time = 400ms;
    limits.idle_time = 1200ms;
    limits.write_time = 600ms;
    return limits;
}

class HostileClient : public testing::Test {
  protected:
    ~HostileClient() override { EXPECT_EQ(TlsClient(server_.port()).request(hello).status, 200U); }

    TestHandler handler_;
    TestServer server_{handler_, small_limits()};
};

struct Broken {
    std::string request;
    unsigned status;
};

const std::string host = "Host: a\r\n";

const std::vector<Broken> broken_requests = {
    {"\r\nGARBAGE\r\n\r\n", 400},
    {"GET /\r\n\r\n", 400},
    {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
    {"GET / HTTP/1.1 \r\n" + host + "\r\n", 400},
    {"GET / FTP/1.1\r\n" + host + "\r\n", 400},
    {"GET / HTTP/2.0\r\n" + host + "\r\n", 505},
    {"GET / HTTP/0.9\r\n" + host + "\r\n", 505},
    {"G@T / HTTP/1.1\r\n" + host + "\r\n", 400},
    {std::string("GET /a\0b HTTP/1.1\r\n", 20) + host + "\r\n", 400},
    {"GET / HTTP/1.1\n" + host + "\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + "\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + "Bad Name: x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + "Name : x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + "no colon\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + "X: a\r\n folded\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n " + host + "\r\n", 400},
    {"GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400},
    {"GET / HTTP/1.1\r\n" + host +
         "X: a\x01"
         "b\r\n\r\n",
     400},
    {"GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", 400},
    {"PUT / HTTP/1.1\r\n" + host + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\nx", 417},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\nhello", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4097\r\n\r\n", 413},
    // Two lengths, or a length and a coding: the next hop may see another request than we do.
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\nhello", 400},
    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", 501},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1000000000000000005\r\nhello\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1001\r\nhello\r\n", 413},
    {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5;" + std::string(3000, 'e'), 400},
    {"GET /" + std::string(300, 'x') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"GET /?" + std::string(600, 'x') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"GET /" + std::string(6000, 'x') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"GET /" + std::string(6000, 'x'), 414},
    {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(3000, 'x') + "\r\n\r\n", 431},
    {"GET /?" + std::string(400, 'x') + " HTTP/1.1\r\n" + host + "X: " + std::string(2100, 'x') + "\r\n\r\n", 431},
    {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(30000, 'x'), 431},
};

TEST_F(HostileClient, IsToldWhatIsBrokenAndThenLeft) {
    for (const auto& [request, status] : broken_requests) {
        SCOPED_TRACE(request.substr(0, 120));
        TlsClient client(server_.port());
        // A good request in front, so that what is left of one cannot spoil the next.
        client.send(std::string(hello) + request);
        EXPECT_EQ(client.read_response().status, 200U);
        const auto response = client.read_response();
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_TRUE(response.body.starts_with("refused: "));
        EXPECT_EQ(response.field("Connection"), "close");
        EXPECT_EQ(client.read_until_close(), "");
    }
}

TEST_F(HostileClient, CannotSmuggleARequestBehindARefusedOne) {
    TlsClient client(server_.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                std::string(hello));
    const std::string all = client.read_until_close();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 400 "));
    EXPECT_EQ(all.find("200 OK"), std::string::npos);
}

TEST_F(HostileClient, GetsItsRefusalWhileItStillSends) {
    TlsClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\n\r\n");
    try {
        client.send(std::string(400000, 'x'));
    } catch (const std::runtime_error&) {  // the server need not take it all
    }
    EXPECT_EQ(client.read_response().status, 413U);
}

TEST_F(HostileClient, ThatSendsItsHeaderSlowlyGetsNoMoreThanItsTime) {
    TlsClient client(server_.port());
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: " + std::string(400, 's') + "\r\n\r\n";
    try {
        client.send_slowly(request, 10, 50ms);
    } catch (const std::runtime_error&) {  // closed while it was still sending
    }
    EXPECT_EQ(client.read_response().status, 408U);
    EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(HostileClient, ThatNeverSendsItsBodyIsToldSo) {
    TlsClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123");
    EXPECT_EQ(client.read_response().status, 408U);
    EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(HostileClient, ThatSaysNothingIsClosedWithoutAWord) {
    PlainClient silent(server_.port());
    EXPECT_EQ(silent.read_until_close(), "");
    TlsClient idle(server_.port());
    EXPECT_EQ(idle.request(hello).status, 200U);
    EXPECT_EQ(idle.read_until_close(), "");
}

TEST_F(HostileClient, ThatNeverReadsIsClosed) {
    TlsClient client(server_.port(), {.receive_buffer = 4096});
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(2s);
    EXPECT_LT(client.read_until_close().size(), TestHandler::big_size);
}

TEST_F(HostileClient, ThatReadsSlowlyGetsItAll) {
    TlsClient client(server_.port());
    client.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    std::size_t received = 0;
    std::size_t pauses = 0;
    for (std::string piece = client.read_some(16384); !piece.empty(); piece = client.read_some(16384)) {
        received += piece.size();
        // Longer altogether than write_time, which is counted anew whenever something is taken.
        if (received / (4 * 1024 * 1024) <= pauses) continue;
        ++pauses;
        std::this_thread::sleep_for(200ms);
    }
    EXPECT_GT(received, TestHandler::big_size);
}

TEST_F(HostileClient, MayGoInTheMiddleOfAnything) {
    for (int i = 0; i < 10; ++i) {
        TlsClient in_request(server_.port());
        in_request.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhal");
        in_request.reset();
        TlsClient in_answer(server_.port());
        in_answer.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_FALSE(in_answer.read_some(1000).empty());
        in_answer.reset();
        PlainClient in_handshake(server_.port());
        in_handshake.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
        in_handshake.reset();
    }
}

TEST_F(HostileClient, ThatSpeaksNoTlsGetsNoData) {
    const std::vector<std::string> garbage = {
        std::string("\x16\x03\x01\x00\x05hello", 10), std::string(10000, '\x16'), std::string(500, '\xff'),
        std::string("\x80\x2e\x01\x00\x02", 5),       std::string(1, '\0'),       "SSH-2.0-OpenSSH_9.2\r\n",
    };
    for (const auto& bytes : garbage) {
        PlainClient client(server_.port());
        client.send(bytes);
        EXPECT_EQ(client.read_until_close().find("200 OK"), std::string::npos);
    }
}

TEST_F(HostileClient, CannotHoldMoreThanItsShareOfConnections) {
    std::vector<std::unique_ptr<TlsClient>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<TlsClient>(server_.port()));
    EXPECT_THROW(TlsClient(server_.port()), std::runtime_error);
    EXPECT_EQ(clients.back()->request(hello).status, 200U);
    clients.clear();
    // The server learns of the departures in its own time.
    for (int i = 0; i < 100; ++i) {
        try {
            EXPECT_EQ(TlsClient(server_.port()).request(hello).status, 200U);
            return;
        } catch (const std::runtime_error&) {
            std::this_thread::sleep_for(100ms);
        }
    }
    FAIL() << "the places were not given back";
}

}  // namespace
}  // namespace cvstroom::test
