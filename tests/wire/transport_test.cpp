// What a well-behaved client may count on, over real sockets.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/wire/test_handler.hpp"
#include "tests/wire/test_server.hpp"
#include "tests/wire/tls_client.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hello = "GET /hello?a=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view hello_answer = "GET /hello [a=1]  from 127.0.0.1";

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string post(std::string_view path, std::string_view body) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

class Transport : public testing::Test {
  protected:
    TestHandler handler_;
    TestServer server_{handler_};
};

TEST_F(Transport, AnswersWithTheListenersOwnFields) {
    const auto response = TlsClient(server_.port()).request(hello);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body, hello_answer);
    EXPECT_EQ(response.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(response.field("Content-Length"), std::to_string(hello_answer.size()));
    EXPECT_TRUE(response.field("Date").ends_with(" GMT"));
    EXPECT_TRUE(response.field("Strict-Transport-Security").starts_with("max-age="));
    EXPECT_FALSE(response.has_field("Connection"));
}

TEST_F(Transport, SpeaksTls12AndTls13) {
    TlsClient older(server_.port(), {.most_version = TLS1_2_VERSION});
    EXPECT_EQ(older.version(), "TLSv1.2");
    EXPECT_EQ(older.request(hello).body, hello_answer);
    TlsClient newer(server_.port(), {.least_version = TLS1_3_VERSION});
    EXPECT_EQ(newer.version(), "TLSv1.3");
    EXPECT_EQ(newer.request(hello).body, hello_answer);
}

TEST_F(Transport, RefusesTls11) {
    EXPECT_THROW(TlsClient(server_.port(), {.most_version = TLS1_1_VERSION}), std::runtime_error);
    EXPECT_EQ(TlsClient(server_.port()).request(hello).status, 200U);
}

TEST_F(Transport, AgreesOnHttp11AndOnNothingElse) {
    TlsClient client(server_.port(), {.protocols = "\x02h2\x08http/1.1"});
    EXPECT_EQ(client.protocol(), "http/1.1");
    EXPECT_THROW(TlsClient(server_.port(), {.protocols = "\x02h2"}), std::runtime_error);
}

TEST_F(Transport, RefusesPlainHttpAndNamesHttps) {
    PlainClient client(server_.port());
    client.send(hello);
    const std::string answer = client.read_until_close();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"));
    EXPECT_NE(answer.find("\r\nUpgrade: TLS/1.2, HTTP/1.1\r\n"), std::string::npos);
    EXPECT_NE(answer.find("\r\nConnection: Upgrade, close\r\n"), std::string::npos);
    EXPECT_NE(answer.find("https"), std::string::npos);
    const std::size_t body = answer.find("\r\n\r\n") + 4;
    EXPECT_NE(answer.find("Content-Length: " + std::to_string(answer.size() - body)), std::string::npos);
}

TEST_F(Transport, KeepsAConnectionForManyRequests) {
    TlsClient client(server_.port());
    for (int i = 0; i < 200; ++i) ASSERT_EQ(client.request(get(std::to_string(i).insert(0, 1, '/'))).status, 200U);
    EXPECT_EQ(client.request(post("/echo", "after all")).body, "after all");
}

TEST_F(Transport, AnswersPipelinedRequestsInOrder) {
    std::string requests;
    for (int i = 0; i < 50; ++i) {
        const std::string path = i % 5 == 3 ? "/later?n=" : "/now?n=";
        requests += get(path + std::to_string(i));
        requests += post("/echo", "body " + std::to_string(i));
    }
    TlsClient client(server_.port());
    client.send(requests);
    for (int i = 0; i < 50; ++i) {
        EXPECT_NE(client.read_response().body.find("[n=" + std::to_string(i) + "]"), std::string::npos);
        EXPECT_EQ(client.read_response().body, "body " + std::to_string(i));
    }
}

TEST_F(Transport, ClosesWhenAsked) {
    TlsClient client(server_.port());
    const auto response = client.request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(response.field("Connection"), "close");
    EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(Transport, ServesHttp10WithoutKeepAlive) {
    TlsClient client(server_.port());
    const auto response = client.request("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.field("Connection"), "close");
    EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(Transport, GivesHeadTheFieldsOfGetWithoutTheBody) {
    TlsClient client(server_.port());
    const auto head = client.request("HEAD /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345");
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.field("Content-Length"), "5");
    EXPECT_EQ(client.request(hello).body, hello_answer);
}

TEST_F(Transport, GivesNoBodyWithStatusesThatHaveNone) {
    TlsClient client(server_.port());
    for (const std::string_view path : {"/204", "/304"}) {
        const auto response = client.request(get(path));
        EXPECT_FALSE(response.has_field("Content-Length")) << path;
    }
    EXPECT_EQ(client.request(hello).body, hello_answer);
}

TEST_F(Transport, AsksForABodyThatWaitsToBeAskedFor) {
    TlsClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_response().status, 100U);
    EXPECT_EQ(client.request("body").body, "body");
    // A body that comes along unasked needs no invitation.
    EXPECT_EQ(
        client.request("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi").body,
        "hi");
}

TEST_F(Transport, ReadsChunkedBodiesHoweverTheyAreCut) {
    const std::string request =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;name=value\r\nhello\r\nA\r\n, in parts\r\n0\r\nX-Trailer: ignored\r\n\r\n";
    for (const std::size_t size : {request.size(), std::size_t{1}, std::size_t{7}}) {
        TlsClient client(server_.port());
        client.send_slowly(request, size, 0ms);
        EXPECT_EQ(client.read_response().body, "hello, in parts") << size;
        EXPECT_EQ(client.request(hello).body, hello_answer) << size;
    }
}

TEST_F(Transport, ReadsAndWritesLargeBodies) {
    std::string body(1000 * 1000, 'x');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * i % 26);
    TlsClient client(server_.port());
    EXPECT_EQ(client.request(post("/echo", body)).body, body);
    EXPECT_EQ(client.request(get("/big")).body.size(), TestHandler::big_size);
    EXPECT_EQ(client.request(hello).body, hello_answer);
}

TEST_F(Transport, ServesTargetsInEveryForm) {
    TlsClient client(server_.port());
    EXPECT_TRUE(client.request(get("https://localhost:8443/path/x?q=1")).body.starts_with("GET /path/x [q=1]"));
    EXPECT_TRUE(client.request(get("HTTP://localhost?q")).body.starts_with("GET / [q]"));
    EXPECT_TRUE(client.request("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").body.starts_with("OPTIONS * []"));
    EXPECT_TRUE(client.request("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n").body.starts_with("CONNECT a:443 []"));
    EXPECT_TRUE(client.request(get("/a%20b?c=%2B&d=?")).body.starts_with("GET /a%20b [c=%2B&d=?]"));
    EXPECT_TRUE(client.request(std::string("\r\n\r\n").append(get("/after-empty-lines")))
                    .body.starts_with("GET /after-empty-lines"));
}

TEST_F(Transport, AnswersWhenTheHandlerMisbehaves) {
    TlsClient client(server_.port());
    EXPECT_EQ(client.request(get("/throw")).status, 500U);
    EXPECT_EQ(client.request(get("/drop")).status, 500U);
    EXPECT_EQ(client.request(get("/throw-late")).body, "too early");
    EXPECT_EQ(client.request(get("/twice")).body, "first");
    EXPECT_EQ(client.request(hello).body, hello_answer);
}

TEST_F(Transport, TakesAReplyFromAnotherThreadLater) {
    TlsClient client(server_.port());
    EXPECT_EQ(client.request(get("/later?n=7")).body, "GET /later [n=7]  from 127.0.0.1");
    client.send(get("/hold"));
    std::thread([reply = handler_.take_held()] { reply(TestHandler::text("from elsewhere")); }).join();
    EXPECT_EQ(client.read_response().body, "from elsewhere");
}

TEST_F(Transport, ReplyMayComeAfterTheClientHasGone) {
    {
        TlsClient client(server_.port());
        client.send(get("/hold"));
        const http::Reply reply = handler_.take_held();
        client.reset();
        reply(TestHandler::text("to nobody"));
    }
    EXPECT_EQ(TlsClient(server_.port()).request(hello).status, 200U);
}

TEST_F(Transport, DoesNotLetAValueAddFields) {
    const auto response = TlsClient(server_.port()).request(get("/split"));
    EXPECT_FALSE(response.has_field("X-Injected"));
    EXPECT_EQ(response.field("X-Echo"), "a  X-Injected: yes");
}

TEST_F(Transport, AnswersAClientThatHasStoppedSending) {
    TlsClient client(server_.port());
    client.send(get("/later"));
    client.shut_down_sending();
    EXPECT_EQ(client.read_response().status, 200U);
    EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(Transport, ServesManyClientsAtOnce) {
    std::vector<std::unique_ptr<TlsClient>> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<TlsClient>(server_.port()));
    for (int round = 0; round < 3; ++round) {
        for (auto& client : clients) client->send(hello);
        for (auto& client : clients) ASSERT_EQ(client->read_response().body, hello_answer);
    }
}

TEST_F(Transport, ServesManyThreadsOfClients) {
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 5; ++k) {
                TlsClient client(server_.port());
                for (int n = 0; n < 20; ++n) answered += client.request(hello).body == hello_answer ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(answered, 8 * 5 * 20);
}

TEST_F(Transport, StopFinishesTheRequestUnderWay) {
    TestServer server(handler_, {}, 1);  // one thread, so that what has reached one connection has reached the other
    TlsClient idle(server.port());
    EXPECT_EQ(idle.request(hello).status, 200U);
    TlsClient busy(server.port());
    busy.send(get("/hold"));
    const http::Reply reply = handler_.take_held();
    std::thread stopping([&] { server.server().stop(20s); });
    EXPECT_EQ(idle.read_until_close(), "");
    reply(TestHandler::text("finished"));
    const auto response = busy.read_response();
    EXPECT_EQ(response.body, "finished");
    EXPECT_EQ(response.field("Connection"), "close");
    EXPECT_EQ(busy.read_until_close(), "");
    busy.reset();
    stopping.join();
    EXPECT_THROW(TlsClient(server.port()), std::runtime_error);
    server.server().stop(20s);  // a second time is nothing
}

TEST_F(Transport, StopCutsWhatOutlastsItsPatience) {
    TlsClient busy(server_.port());
    busy.send(get("/hold"));
    const http::Reply reply = handler_.take_held();
    server_.server().stop(100ms);
    EXPECT_EQ(busy.read_until_close(), "");
    reply(TestHandler::text("to nobody"));
}

TEST(TransportLifetime, AReplyMayOutliveTheServer) {
    TestHandler handler;
    http::Reply reply;
    {
        TestServer server(handler);
        TlsClient client(server.port());
        client.send(get("/hold"));
        reply = handler.take_held();
    }
    reply(TestHandler::text("to nobody"));
}

TEST(TransportLifetime, ListenSaysWhatIsWrong) {
    TestHandler handler;
    const TestServer taken(handler);
    http::ServerConfig config;
    config.certificate_chain = "/nonexistent/certificate.pem";
    config.private_key = "/nonexistent/key.pem";
    const auto unreadable = http::Server::listen(config, handler);
    ASSERT_FALSE(unreadable);
    EXPECT_EQ(unreadable.error().where, "/nonexistent/certificate.pem");
    const auto folder = std::filesystem::temp_directory_path();
    config.certificate_chain = folder / "cvstroom-listen-certificate.pem";
    config.private_key = folder / "cvstroom-listen-key.pem";
    ASSERT_TRUE(http::write_self_signed(config.certificate_chain, config.private_key, 1));
    config.port = taken.port();
    const auto in_use = http::Server::listen(config, handler);
    ASSERT_FALSE(in_use);
    EXPECT_EQ(in_use.error().code, ErrorCode::io);
    config.address = "not an address";
    EXPECT_FALSE(http::Server::listen(config, handler));
    std::filesystem::remove(config.certificate_chain);
    std::filesystem::remove(config.private_key);
}

TEST(TransportLifetime, AServerNeedNotBeStarted) {
    TestHandler handler;
    const auto folder = std::filesystem::temp_directory_path();
    http::ServerConfig config;
    config.port = 0;
    config.certificate_chain = folder / "cvstroom-unstarted-certificate.pem";
    config.private_key = folder / "cvstroom-unstarted-key.pem";
    ASSERT_TRUE(http::write_self_signed(config.certificate_chain, config.private_key, 1));
    const auto server = http::Server::listen(config, handler);
    ASSERT_TRUE(server);
    EXPECT_NE((*server)->port(), 0);
    (*server)->stop(1s);
    std::filesystem::remove(config.certificate_chain);
    std::filesystem::remove(config.private_key);
}

}  // namespace
}  // namespace cvstroom::test
