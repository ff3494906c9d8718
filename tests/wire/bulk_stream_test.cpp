// Streams and long polling of the feed over real TLS, against the real program.
#include <gmock/gmock.h>
#include <zlib.h>
#include <zstd.h>

#include <future>
#include <memory>
#include <thread>

#include "base/digest.hpp"
#include "tests/wire/feed_client.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class BulkStream : public FeedSuite {};

TEST_F(BulkStream, Pitfall24_SaysAtItsEndThatItIsWhole) {
    const auto response = stream("");
    ASSERT_EQ(response.status, 200U) << response.body;
    EXPECT_EQ(response.field("Content-Type"), "application/x-ndjson");
    EXPECT_THAT(response.field("Vary"), HasSubstr("Accept,"));
    const auto found = lines(response.body);
    const auto& end = found.back();
    EXPECT_EQ(number(end, "/aantal"), static_cast<std::int64_t>(found.size()) - 1);
    EXPECT_EQ(text(end, "/tot"), text(end, "/gedektTot"));
    const auto bytes = response.body.substr(0, response.body.size() - end.size() - 1);
    EXPECT_EQ(text(end, "/digest"), "sha256:" + to_hex(sha256(bytes)));
    EXPECT_THAT(found[0], Not(HasSubstr("\"cv\"")));
}

TEST_F(BulkStream, HasTheSameEntriesAsThePages) {
    const auto page = get("/kandidaten/bulk").body;
    const auto found = lines(stream("").body);
    ASSERT_EQ(number(page, "/aantal"), static_cast<std::int64_t>(found.size()) - 1);
    for (std::size_t i = 0; i + 1 < found.size(); ++i) {
        const auto row = "/resultaten/" + std::to_string(i);
        EXPECT_EQ(text(found[i], "/cvId"), text(page, row + "/cvId"));
        EXPECT_EQ(text(found[i], "/gewijzigdOp"), text(page, row + "/gewijzigdOp"));
        EXPECT_EQ(number(found[i], "/versie"), number(page, row + "/versie"));
    }
}

TEST_F(BulkStream, CarriesTheDocumentsWhenAsked) {
    put(1, R"("iets": {
        "van later": [1,
  2]})");
    const auto found = lines(stream("?velden=*").body);
    for (std::size_t i = 0; i + 1 < found.size(); ++i) {
        simdjson::dom::parser parser;
        const auto document = get("/kandidaten/" + text(found[i], "/cvId")).body;
        const std::string inside = simdjson::minify(parser.parse(found[i])["cv"]);
        simdjson::dom::parser other;
        EXPECT_EQ(inside, simdjson::minify(other.parse(document)));
    }
}

TEST_F(BulkStream, GoesOnAfterAnyLine) {
    const auto whole = lines(stream("").body);
    for (const std::size_t at : {0UL, 7UL, whole.size() - 3}) {
        const auto rest = lines(stream("?vervolg=" + text(whole[at], "/vervolg")).body);
        ASSERT_EQ(rest.size(), whole.size() - at - 1);
        for (std::size_t i = 0; i + 1 < rest.size(); ++i) EXPECT_EQ(rest[i], whole[at + 1 + i]);
        EXPECT_EQ(text(rest.back(), "/vervolg"), text(whole.back(), "/vervolg"));
    }
    EXPECT_EQ(lines(stream("?vervolg=" + text(whole[whole.size() - 2], "/vervolg")).body).size(), 1U);
    // And a page may go on where a stream was left, and the other way round.
    const auto page = get("/kandidaten/bulk?vervolg=" + text(whole[7], "/vervolg")).body;
    EXPECT_EQ(text(page, "/resultaten/0/cvId"), text(whole[8], "/cvId"));
}

// A piece of the stream holds fewer documents when they are large: none is lost where one piece ends.
TEST(LargeDocuments, ComeInPiecesThatBreakNowhere) {
    std::vector<std::string> documents;
    for (int n = 1; n <= 70; ++n) {
        const auto size = static_cast<std::size_t>(n % 3 == 0 ? 400'000 : 10);
        documents.push_back(cv_document(n, R"("opmerking":")" + std::string(size, 'x') + '"'));
    }
    RunningProgram program(documents);
    const auto ask_stream = [&program](const std::string& query) {
        return ask(program.port(), program.key(),
                   {"GET", std::string(api_path) + "/kandidaten/bulk" + query, {"Accept: application/x-ndjson"}, ""})
            .body;
    };
    const auto body = ask_stream("?velden=*");
    for (int n = 1; n <= 70; ++n) EXPECT_THAT(body, HasSubstr("\"cv\":{\"cvId\":\"" + cv_id(n))) << n;
    const auto begin = body.rfind('\n', body.size() - 2) + 1;
    const auto end = body.substr(begin);
    EXPECT_EQ(number(end, "/aantal"), 70);
    EXPECT_EQ(text(end, "/digest"), "sha256:" + to_hex(sha256(body.substr(0, begin))));
    EXPECT_EQ(program.stop(), 0);
}

TEST_F(BulkStream, TellsOfAWithdrawalWithoutADocument) {
    const auto cursor = now();
    put(2, R"("iklId":2)");
    erase(3);
    const auto found = lines(stream("?velden=*&vervolg=" + cursor).body);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_THAT(found[0], HasSubstr("\"cv\":{\"cvId\":\"" + cv_id(2)));
    EXPECT_EQ(text(found[1], "/status"), "VERWIJDERD");
    EXPECT_THAT(found[1], Not(HasSubstr("\"cv\"")));
    put(3, R"("iklId":3)");
}

// An entry whose version was superseded meanwhile says its own version, and never another one's document.
TEST_F(BulkStream, NeverCarriesTheDocumentOfAnotherVersion) {
    const auto start = text(get("/kandidaten/bulk").body, "/tot");
    put(4, R"("iklId":40)");
    const auto middle = text(get("/kandidaten/bulk").body, "/tot");
    put(4, R"("iklId":41)");
    const auto window = lines(stream("?velden=*&van=" + start + "&tot=" + middle).body);
    ASSERT_EQ(window.size(), 2U);
    EXPECT_THAT(window[0], Not(HasSubstr("\"cv\"")));
    const auto later = lines(stream("?velden=*&van=" + middle).body);
    EXPECT_EQ(number(later[0], "/versie"), number(window[0], "/versie") + 1);
    EXPECT_EQ(number(later[0], "/cv/iklId"), 41);
}

std::string unpack_zstd(const std::string& packed) {
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
    std::string plain;
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    std::size_t left = 1;
    while (input.pos < input.size) {
        std::string piece(100'000, '\0');
        ZSTD_outBuffer output{piece.data(), piece.size(), 0};
        left = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(left) != 0) throw std::runtime_error(ZSTD_getErrorName(left));
        plain.append(piece, 0, output.pos);
    }
    EXPECT_EQ(left, 0U) << "the frame is closed";
    return plain;
}

std::string unpack_gzip(const std::string& packed) {
    z_stream stream{};
    inflateInit2(&stream, 31);
    std::string plain(2'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

TEST_F(BulkStream, IsCompressedAsItGoes) {
    const auto until = text(get("/kandidaten/bulk").body, "/tot");
    const auto plain = stream("?velden=*&tot=" + until).body;
    const auto zstd = stream("?velden=*&tot=" + until, {"Accept-Encoding: zstd"});
    EXPECT_EQ(zstd.field("Content-Encoding"), "zstd");
    EXPECT_EQ(unpack_zstd(zstd.body), plain);
    const auto gzip = stream("?velden=*&tot=" + until, {"Accept-Encoding: gzip"});
    EXPECT_EQ(gzip.field("Content-Encoding"), "gzip");
    EXPECT_EQ(unpack_gzip(gzip.body), plain);
    EXPECT_LT(gzip.body.size() * 2, plain.size());
}

TEST_F(BulkStream, RefusesWhatMakesNoSense) {
    const auto cursor = now();
    const std::vector<std::pair<std::string, std::string>> streams{
        {"?velden=naam", "velden"},
        {"?velden=", "velden"},
        {"?vanaf=3", "vanaf"},
        {"?aantal=10", "aantal"},
        {"?wacht=5", "wacht"},
        {"?wacht=61&vervolg=" + cursor, "wacht"},
        {"?tot=2026-01-01", "tot"},
        {"?van=2026-02-13T12:00:00", "van"},
        {"?vervolg=" + cursor + "A", "vervolg"},
        {"?van=2026-02-13T12:00:00Z&tot=2026-02-12T12:00:00Z", "tot"},
    };
    for (const auto& [query, name] : streams) {
        const auto response = stream(query);
        EXPECT_EQ(response.status, 400U) << query;
        EXPECT_EQ(text(response.body, "/issues/0/name"), name) << query;
    }
    const std::vector<std::pair<std::string, std::string>> pages{{"?velden=*", "velden"}, {"?wacht=3", "wacht"}};
    for (const auto& [query, name] : pages) {
        const auto response = get("/kandidaten/bulk" + query);
        EXPECT_EQ(response.status, 400U) << query;
        EXPECT_EQ(text(response.body, "/issues/0/name"), name) << query;
    }
}

class LongPoll : public FeedSuite {
  protected:
    static std::future<WireResponse> wait_for(const std::string& cursor, int seconds, bool as_stream = false) {
        const std::string query = "?wacht=" + std::to_string(seconds) + "&vervolg=" + cursor;
        return std::async(std::launch::async,
                          [=] { return as_stream ? stream(query) : get("/kandidaten/bulk" + query); });
    }
};

TEST_F(LongPoll, AnswersWhenTheFirstChangeComes) {
    for (const bool as_stream : {false, true}) {
        auto answer = wait_for(now(), 15, as_stream);
        EXPECT_EQ(answer.wait_for(300ms), std::future_status::timeout) << "there is nothing to say yet";
        put(1, R"("iklId":)" + std::to_string(100 + int{as_stream}));
        ASSERT_EQ(answer.wait_for(5s), std::future_status::ready);
        EXPECT_THAT(answer.get().body, HasSubstr(cv_id(1)));
    }
}

TEST_F(LongPoll, AnswersAtOnceWhenThereIsSomething) {
    const auto first = get("/kandidaten/bulk?aantal=10").body;
    EXPECT_EQ(wait_for(text(first, "/vervolg"), 60).wait_for(10s), std::future_status::ready) << "the window goes on";
    const auto cursor = now();
    put(2, R"("iklId":200)");
    auto answer = wait_for(cursor, 60);
    ASSERT_EQ(answer.wait_for(10s), std::future_status::ready);
    EXPECT_EQ(number(answer.get().body, "/aantal"), 1);
}

TEST_F(LongPoll, AnswersAnEmptyPageWhenTheTimeIsOver) {
    const auto cursor = now();
    const auto page = wait_for(cursor, 1).get().body;
    EXPECT_EQ(number(page, "/aantal"), 0);
    put(3, R"("iklId":300)");
    EXPECT_THAT(get("/kandidaten/bulk?vervolg=" + text(page, "/vervolg")).body, HasSubstr(cv_id(3)));
    const auto lines_of_nothing = lines(wait_for(now(), 0, true).get().body);
    EXPECT_EQ(lines_of_nothing.size(), 1U);
}

// Changes outside of the selection wake nobody, whether they come before the waiting or during it.
TEST_F(LongPoll, OfASelectionAnswersWhenSomethingInItChanges) {
    const std::string criteria = "gewensteRegios=BE231A";
    for (const bool as_stream : {false, true}) {
        const std::string salt = R"(,"iklId":)" + std::to_string(600 + int{as_stream});
        put(6, R"("gewensteJob":{"regios":["BE211A"]})" + salt);
        put(7, R"("gewensteJob":{"regios":["BE231A"]})");
        const auto cursor = text(lines(stream("?" + criteria).body).back(), "/vervolg");
        put(6, R"("gewensteJob":{"regios":["BE211A","BE212A"]})" + salt);
        const std::string query = "?" + criteria + "&wacht=20&vervolg=" + cursor;
        auto answer =
            std::async(std::launch::async, [=] { return as_stream ? stream(query) : get("/kandidaten/bulk" + query); });
        EXPECT_EQ(answer.wait_for(400ms), std::future_status::timeout) << "what changed before is not in the selection";
        put(6, R"("gewensteJob":{"regios":["BE212A"]})" + salt);
        EXPECT_EQ(answer.wait_for(400ms), std::future_status::timeout) << "nor is this";
        put(7, R"("gewensteJob":{"regios":["BE211A"]})" + salt);
        ASSERT_EQ(answer.wait_for(5s), std::future_status::ready);
        const auto body = answer.get().body;
        EXPECT_THAT(body, HasSubstr("BUITEN_SELECTIE"));
        EXPECT_THAT(body, HasSubstr(cv_id(7)));
        EXPECT_THAT(body, Not(HasSubstr(cv_id(6))));
        const auto end = as_stream ? lines(body).back() : body;
        EXPECT_EQ(number(end, "/aantal"), 1);
        EXPECT_EQ(text(end, "/van"), text(lines(stream("?" + criteria + "&vervolg=" + cursor).body).back(), "/van"))
            << "the window begins where the cursor stands";
    }
}

TEST_F(LongPoll, OfASelectionAnswersAnEmptyPageWhenTheTimeIsOver) {
    put(8, R"("gewensteJob":{"regios":["BE211A"]})");
    const std::string criteria = "gewensteRegios=BE231A";
    const auto cursor = text(lines(stream("?" + criteria).body).back(), "/vervolg");
    auto answer = std::async(std::launch::async,
                             [=] { return get("/kandidaten/bulk?" + criteria + "&wacht=1&vervolg=" + cursor).body; });
    put(8, R"("gewensteJob":{"regios":["BE212A"]})");
    const auto page = answer.get();
    EXPECT_EQ(number(page, "/aantal"), 0);
    put(8, R"("gewensteJob":{"regios":["BE231A"]})");
    EXPECT_THAT(get("/kandidaten/bulk?" + criteria + "&vervolg=" + text(page, "/vervolg")).body, HasSubstr(cv_id(8)));
}

TEST_F(LongPoll, HundredsWaitAtNoCostAndAllAreAnswered) {
    const auto cursor = now();
    std::vector<std::unique_ptr<TlsClient>> clients;
    for (int i = 0; i < 300; ++i) {
        clients.push_back(std::make_unique<TlsClient>(program_->port()));
        clients.back()->send(request_bytes(
            program_->key(), {"GET", std::string(api_path) + "/kandidaten/bulk?wacht=30&vervolg=" + cursor, {}, ""}));
    }
    for (std::size_t i = 0; i < 100; ++i) clients[i].reset();  // some leave
    EXPECT_EQ(get("/kandidaten/" + cv_id(5)).status, 200U);
    put(5, R"("iklId":500)");
    for (std::size_t i = 100; i < clients.size(); ++i) {
        EXPECT_THAT(clients[i]->read_response().body, HasSubstr(cv_id(5)));
    }
}

// Sixty-four streams at a time: the next one is asked to come back, and gets its turn when one has ended.
TEST(StreamSlots, TheOneTooManyIsToldToComeBack) {
    constexpr int most_streams = 64;
    std::vector<std::string> documents;
    for (int n = 1; n <= 24; ++n) {
        documents.push_back(
            cv_document(n, R"("opmerking":")" + std::string(400'000, static_cast<char>('a' + n)) + '"'));
    }
    RunningProgram program(documents);
    const auto wanted = request_bytes(program.key(), {"GET",
                                                      std::string(api_path) + "/kandidaten/bulk?velden=*",
                                                      {"Accept: application/x-ndjson", "Accept-Encoding: identity"},
                                                      ""});
    std::vector<std::unique_ptr<TlsClient>> readers;  // who begin, and read no further
    for (int i = 0; i < most_streams; ++i) {
        TlsOptions slow;
        slow.receive_buffer = 4096;
        readers.push_back(std::make_unique<TlsClient>(program.port(), slow));
        readers.back()->send(wanted);
        EXPECT_THAT(readers.back()->read_some(12), testing::StartsWith("HTTP/1.1 200")) << i;
    }
    const auto refused = TlsClient(program.port()).request(wanted);
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.field("Retry-After"), "10");
    EXPECT_EQ(
        ask(program.port(), program.key(), {"GET", std::string(api_path) + "/kandidaten/" + cv_id(1), {}, ""}).status,
        200U)
        << "others notice nothing";
    readers.pop_back();
    unsigned status = 0;
    for (int tries = 0; tries < 100 && status != 200; ++tries) {
        std::this_thread::sleep_for(50ms);
        status = TlsClient(program.port()).request(wanted).status;
    }
    EXPECT_EQ(status, 200U) << "whose client left is free again";
    readers.clear();
    EXPECT_EQ(program.stop(), 0) << program.log();
}

TEST(LongPollStop, AGracefulStopAnswersAllWhoWait) {
    RunningProgram program({cv_document(1)});
    const auto page = ask(program.port(), program.key(), {"GET", std::string(api_path) + "/kandidaten/bulk", {}, ""});
    simdjson::dom::parser parser;
    const std::string cursor{std::string_view(parser.parse(page.body)["vervolg"])};
    TlsClient client(program.port());
    client.send(request_bytes(program.key(),
                              {"GET", std::string(api_path) + "/kandidaten/bulk?wacht=60&vervolg=" + cursor, {}, ""}));
    std::this_thread::sleep_for(200ms);
    std::thread stopping([&] { EXPECT_EQ(program.stop(), 0); });
    const auto answer = client.read_response();
    stopping.join();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, HasSubstr("\"vervolg\""));
}

}  // namespace
}  // namespace cvstroom::test
