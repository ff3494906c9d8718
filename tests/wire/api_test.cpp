// The whole API over real TLS, against the real program: what a partner and a provider see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <zlib.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "partner/registry.hpp"
#include "store/document_codec.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/wire/answers.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::Ask;
using test::number;
using test::soon;
using test::text;
using test::WireResponse;
using testing::HasSubstr;
using testing::Not;

constexpr const char* api = "/services/openservices/v1";
constexpr const char* seed_id = "30dbfef1-59df-4521-a111-964bf0208e68";

std::string read_file(const std::string& path) {
    std::ifstream input(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

// Document number `n`, with a wish that a search can ask for.
std::string document(int n, const std::string& more = R"("gewensteJob":{"regios":["BE231A"]})") {
    const std::string digits = std::to_string(n);
    const std::string id = std::string(8 - digits.size(), '0') + digits + "-0000-4000-8000-000000000000";
    return R"({"cvId":")" + id + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13",)" + more + "}";
}
std::string id_of(int n) {
    return document(n).substr(9, 36);
}

// The fixtures stand in files of many lines; a load takes one line a document.
std::string one_line(std::string text) {
    std::erase(text, '\n');
    return text;
}

class ApiTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::vector<std::string> documents;
        for (int n = 1; n <= 30; ++n) documents.push_back(document(n));
        documents.push_back(one_line(read_file(CVSTROOM_SOURCE_DIR "/tests/fixtures/seed_cb60cf85.json")));
        documents.push_back(one_line(read_file(CVSTROOM_SOURCE_DIR "/tests/fixtures/seed_30dbfef1.json")));
        program_ = std::make_unique<test::RunningProgram>(documents);
    }
    static void TearDownTestSuite() {
        const int code = program_->stop();
        EXPECT_EQ(code, 0) << program_->log();
        // Pitfall of every log: it must not hold a key, nor anything of a person.
        EXPECT_THAT(program_->log(), Not(HasSubstr(program_->key())));
        EXPECT_THAT(program_->log(), Not(HasSubstr("linkedin")));
        program_.reset();
    }

    static WireResponse get(const std::string& path, std::vector<std::string> fields = {}) {
        return ask(program_->port(), program_->key(), {"GET", api + path, std::move(fields), ""});
    }
    static WireResponse administer(const std::string& method, const std::string& path, const std::string& body = "",
                                   std::vector<std::string> fields = {}) {
        return ask(program_->administration_port(), program_->administration_key(),
                   {method, "/beheer/v1/kandidaten" + path, std::move(fields), body});
    }

    static std::unique_ptr<test::RunningProgram> program_;
};

std::unique_ptr<test::RunningProgram> ApiTest::program_;

TEST_F(ApiTest, GivesTheWholeDocumentAsItWasStored) {
    const auto response = get(std::string("/kandidaten/") + seed_id);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.field("Content-Type"), "application/json");
    EXPECT_EQ(response.field("ETag"), "\"1\"");
    EXPECT_FALSE(response.field("Last-Modified").empty());
    EXPECT_EQ(text(response, "/opleidingen/1/info"), "Omzetting van Handelsingenieur (UEH5AHH) dd. 01/07/2011");
    EXPECT_EQ(text(response, "/gewensteJob/regios/1"), "BE231A");
}

TEST_F(ApiTest, AnswersNotModifiedToWhoHasTheVersion) {
    for (const char* tag : {"\"1\"", "\"1-zstd\"", "W/\"1\"", "\"7\", \"1-gzip\"", "*"}) {
        const auto response = get(std::string("/kandidaten/") + seed_id, {std::string("If-None-Match: ") + tag});
        EXPECT_EQ(response.status, 304U) << tag;
        EXPECT_TRUE(response.body.empty());
    }
    EXPECT_EQ(get(std::string("/kandidaten/") + seed_id, {"If-None-Match: \"2\""}).status, 200U);
}

TEST_F(ApiTest, CompressesAsAsked) {
    const auto plain = get(std::string("/kandidaten/") + seed_id);
    const auto zstd = get(std::string("/kandidaten/") + seed_id, {"Accept-Encoding: gzip, zstd"});
    EXPECT_EQ(zstd.field("Content-Encoding"), "zstd");
    EXPECT_EQ(zstd.field("ETag"), "\"1-zstd\"");
    EXPECT_EQ(store::decompress_document(zstd.body).value(), plain.body);
    const auto gzip = get(std::string("/kandidaten/") + seed_id, {"Accept-Encoding: gzip"});
    EXPECT_EQ(gzip.field("Content-Encoding"), "gzip");
    EXPECT_LT(gzip.body.size(), plain.body.size());
    EXPECT_EQ(gzip.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(ApiTest, SearchesWithTheExactNumberNewestFirst) {
    const auto response = get("/kandidaten?studies=MAE5AHH&gewensteRegios=BE231A");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(number(response, "/aantal"), 2) << response.body;
    EXPECT_EQ(text(response, "/resultaten/0/cvId"), seed_id);
    EXPECT_EQ(number(get("/kandidaten?gewensteRegios=BE23"), "/aantal"), 32) << "a region matches what lies inside it";
    EXPECT_EQ(number(get("/kandidaten?studies=MAE5AHH&behaaldSinds=2000"), "/aantal"), 1);
}

TEST_F(ApiTest, PagesThroughASearchByItsLinks) {
    std::string path = "/kandidaten?gewensteRegios=BE231A&aantal=7";
    std::vector<std::string> seen;
    for (int pages = 0; pages < 20; ++pages) {
        const auto response = get(path);
        ASSERT_EQ(response.status, 200U) << response.body;
        simdjson::dom::parser parser;
        for (const auto row : parser.parse(response.body)["resultaten"].get_array()) {
            seen.emplace_back(std::string_view(row["cvId"]));
        }
        const auto link = response.field("Link");
        const auto next = link.find(">; rel=\"next\"");
        if (next == std::string::npos) break;
        const auto begin = link.rfind('<', next) + 1;
        path = link.substr(begin, next - begin).substr(std::string(api).size());
    }
    EXPECT_EQ(seen.size(), 32U);
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST_F(ApiTest, GivesTheMembersThatWereAskedFor) {
    const auto response =
        get("/kandidaten?studies=MAE5AHH&aantal=1&velden=status,natuurlijkPersoon.contactAdres.postcode,gewensteJob."
            "functies.titel");
    EXPECT_EQ(text(response, "/resultaten/0/status"), "OPEN");
    EXPECT_EQ(text(response, "/resultaten/0/natuurlijkPersoon/contactAdres/postcode"), "BE-1770");
    EXPECT_FALSE(text(response, "/resultaten/0/gewensteJob/functies/0/titel").empty());
    EXPECT_THAT(response.body, Not(HasSubstr("email")));
}

TEST_F(ApiTest, AdvisesWhichCriterionIsInTheWay) {
    const auto response = get("/kandidaten?studies=MAE5AHH&talen=T&advies=true");
    EXPECT_EQ(number(response, "/aantal"), 0) << response.body;
    EXPECT_EQ(text(response, "/advies/0/zonder"), "studies");
    EXPECT_EQ(number(response, "/advies/0/aantal"), 0);
    EXPECT_EQ(text(response, "/advies/1/zonder"), "talen");
    EXPECT_EQ(number(response, "/advies/1/aantal"), 2);
    EXPECT_THAT(get("/kandidaten?gewensteRegios=BE231A&advies=true").body, Not(HasSubstr("advies"))) << "enough match";
    EXPECT_EQ(get("/kandidaten?advies=ja").status, 400U);
}

TEST_F(ApiTest, AnswersManyAtOnceInTheOrderAsked) {
    const std::string body =
        R"({"cvIds":[")" + id_of(2) + R"(","00000000-0000-4000-8000-00000000dead",")" + id_of(1) + "\"]}";
    const auto response = ask(program_->port(), program_->key(),
                              {"POST", std::string(api) + "/kandidaten", {"Content-Type: application/json"}, body});
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(text(response, "/resultaten/0/cv/cvId"), id_of(2));
    EXPECT_EQ(text(response, "/resultaten/1/resultaat"), "ONBEKEND");
    EXPECT_EQ(text(response, "/resultaten/2/resultaat"), "GEVONDEN");
    const auto conditional =
        ask(program_->port(), program_->key(),
            {"POST",
             std::string(api) + "/kandidaten",
             {"Content-Type: application/json; charset=utf-8"},
             R"({"cvs":[{"cvId":")" + id_of(1) + R"(","versie":1},{"cvId":")" + id_of(2) + R"(","versie":0}]})"});
    EXPECT_EQ(text(conditional, "/resultaten/0/resultaat"), "ONGEWIJZIGD");
    EXPECT_EQ(text(conditional, "/resultaten/1/resultaat"), "GEVONDEN");
}

TEST_F(ApiTest, AClosedWindowGivesTheSameBytesForEver) {
    const auto first = get("/kandidaten/bulk?van=2020-01-01T00:00:00Z&aantal=5");
    ASSERT_EQ(first.status, 200U) << first.body;
    const auto until = text(first, "/tot");
    const std::string window = "/kandidaten/bulk?van=2020-01-01T00:00:00Z&aantal=5&vanaf=5&tot=" + until;
    const auto before = get(window);
    ASSERT_EQ(administer("PUT", "/" + id_of(7), document(7, R"("iklId":1)")).status, 200U);
    const auto after = get(window);
    EXPECT_EQ(before.body, after.body);
    EXPECT_EQ(before.field("ETag"), after.field("ETag"));
    EXPECT_THAT(after.field("Cache-Control"), HasSubstr("immutable"));
    EXPECT_EQ(get(window, {"If-None-Match: " + before.field("ETag")}).status, 304U);
}

TEST_F(ApiTest, ThePartnerThatFollowsVervolgGetsEverythingOnce) {
    std::string path = "/kandidaten/bulk?aantal=10";
    std::size_t rows = 0;
    for (bool is_last = false; !is_last;) {
        const auto response = get(path);
        ASSERT_EQ(response.status, 200U) << response.body;
        simdjson::dom::parser parser;
        const auto page = parser.parse(response.body);
        rows += simdjson::dom::array(page["resultaten"]).size();
        is_last = bool(page["laatste"]);
        EXPECT_EQ(number(response, "/aantal"), 32);
        path = "/kandidaten/bulk?aantal=10&vervolg=" + text(response, "/vervolg");
    }
    EXPECT_EQ(rows, 32U);
    EXPECT_EQ(number(get(path), "/aantal"), 0) << "nothing is new";
}

TEST_F(ApiTest, AWriteIsVisibleEverywhereWithinASecondAndAnErasureToo) {
    const std::string id = id_of(900);
    const auto start = text(get("/kandidaten/bulk?aantal=1"), "/tot");
    const auto created = administer("PUT", "/" + id, document(900, R"("competenties":[{"type":"talen","code":"HU"}])"));
    if (created.status == 400) GTEST_FAIL() << created.body;
    EXPECT_EQ(created.status, 201U);
    EXPECT_EQ(get("/kandidaten/" + id).status, 200U) << "the detail is right at once";
    EXPECT_TRUE(soon([] { return number(get("/kandidaten?talen=HU"), "/aantal") == 1; }));
    EXPECT_TRUE(soon([&] { return get("/kandidaten/bulk?van=" + start).body.find(id) != std::string::npos; }));

    EXPECT_EQ(administer("DELETE", "/" + id).status, 200U);
    const auto gone = get("/kandidaten/" + id);
    EXPECT_EQ(gone.status, 200U);
    EXPECT_EQ(gone.body.substr(0, gone.body.rfind(':')),
              R"({"cvId":")" + id + R"(","status":"VERWIJDERD","wijzigingsDatum")");
    EXPECT_TRUE(soon([] { return number(get("/kandidaten?talen=HU"), "/aantal") == 0; }));
    const auto window = get("/kandidaten/bulk?van=" + start);
    EXPECT_THAT(window.body, HasSubstr(id + R"(","status":"VERWIJDERD")"));
}

TEST_F(ApiTest, AWithdrawnCvShowsOnlyItsTombstoneToPartnersAndAllToTheProvider) {
    std::string closed = document(31, R"("iklId":31)");
    ASSERT_EQ(administer("PUT", "/" + id_of(31), closed).status, 201U);
    closed.replace(closed.find("OPEN"), 4, "GESLOTEN");
    EXPECT_EQ(administer("PUT", "/" + id_of(31), closed).status, 200U);
    EXPECT_EQ(get("/kandidaten/" + id_of(31)).body,
              R"({"cvId":")" + id_of(31) + R"(","status":"GESLOTEN","wijzigingsDatum":"2026-02-13"})");
    EXPECT_THAT(administer("GET", "/" + id_of(31)).body, HasSubstr("iklId"));
    EXPECT_EQ(administer("DELETE", "/" + id_of(31)).status, 200U);
    EXPECT_THAT(administer("GET", "/" + id_of(31)).body, Not(HasSubstr("iklId")));
}

TEST_F(ApiTest, IfMatchGuardsAgainstALostUpdate) {
    const auto created = administer("PUT", "/" + id_of(40), document(40), {"If-None-Match: *"});
    EXPECT_EQ(created.status, 201U);
    EXPECT_EQ(administer("PUT", "/" + id_of(40), document(40), {"If-None-Match: *"}).status, 412U);
    EXPECT_EQ(administer("PUT", "/" + id_of(40), document(40, R"("iklId":4)"), {"If-Match: \"1\""}).status, 200U);
    const auto refused = administer("PUT", "/" + id_of(40), document(40, R"("iklId":5)"), {"If-Match: \"1\""});
    EXPECT_EQ(refused.status, 412U);
    EXPECT_EQ(number(refused, "/versie"), 2);
    EXPECT_EQ(administer("PUT", "/" + id_of(40), document(40), {"If-Match: seven"}).status, 400U);
    EXPECT_EQ(administer("DELETE", "/" + id_of(40)).status, 200U);
}

TEST_F(ApiTest, AnIdenticalDocumentIsNoChange) {
    const auto again = administer("PUT", "/" + id_of(1), document(1));
    EXPECT_EQ(again.status, 200U);
    EXPECT_EQ(text(again, "/resultaat"), "ONGEWIJZIGD");
    EXPECT_EQ(number(again, "/versie"), 1);
}

TEST_F(ApiTest, ALoadKeepsGoodLinesAndReportsBadOnes) {
    const auto response = administer("POST", "", document(50) + "\n{\n" + document(51) + "\n");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.field("Content-Type"), "application/x-ndjson");
    EXPECT_THAT(response.body, HasSubstr(R"({"regel":2,"resultaat":"GEWEIGERD")"));
    EXPECT_THAT(response.body, HasSubstr(R"("regels":3,"aangemaakt":2)"));
    administer("DELETE", "/" + id_of(50));
    administer("DELETE", "/" + id_of(51));
}

// --- Bad input: what is wrong, where, and what would be right. -------------------------------------------------------

TEST_F(ApiTest, RefusesWhoHasNoKeyAWrongOneOrNoSubscription) {
    const auto none = ask(program_->port(), "", {"GET", std::string(api) + "/kandidaten", {}, ""});
    EXPECT_EQ(none.status, 401U);
    EXPECT_EQ(none.field("Content-Type"), "application/problem+json");
    EXPECT_EQ(text(none, "/httpCode"), "401");
    EXPECT_FALSE(text(none, "/moreInformation").empty());
    for (const std::string& key :
         {std::string("x"), program_->key().substr(1), program_->key() + "0",
          std::string("cvs_00000000_00000000000000000000000000000000"), program_->administration_key().substr(0, 20)}) {
        EXPECT_EQ(ask(program_->port(), key, {"GET", std::string(api) + "/kandidaten", {}, ""}).status, 401U);
    }
    const auto other =
        ask(program_->port(), program_->reference_key(), {"GET", std::string(api) + "/kandidaten", {}, ""});
    EXPECT_EQ(other.status, 403U);
    EXPECT_EQ(text(other, "/httpMessage"), "Forbidden");
    EXPECT_EQ(ask(program_->administration_port(), program_->key(), {"GET", "/beheer/v1/kandidaten/x", {}, ""}).status,
              403U);
    const auto bearer =
        ask(program_->port(), "",
            {"GET", std::string(api) + "/kandidaten", {"Authorization: Bearer " + program_->key()}, ""});
    EXPECT_EQ(bearer.status, 200U) << "the field that proxies know to keep out of logs works too";
}

TEST_F(ApiTest, ARevokedKeyStopsWorkingWhileTheServerRuns) {
    const SystemClock clock;
    const auto store =
        store::SqliteStore::open(program_->database(), store::SqliteStore::Mode::open_existing, clock).value();
    partner::Registry registry(*store, clock);
    const auto key = registry.issue("Passer-by", "cv").value();
    const auto status = [&] {
        return ask(program_->port(), key.secret, {"GET", std::string(api) + "/kandidaten", {}, ""}).status;
    };
    EXPECT_TRUE(soon([&] { return status() == 200; }));
    ASSERT_TRUE(registry.revoke(key.prefix));
    EXPECT_TRUE(soon([&] { return status() == 401; }));
}

TEST_F(ApiTest, NamesEveryWrongParameter) {
    struct Case {
        const char* query;
        const char* name;
        const char* type;
    };
    const std::vector<Case> cases{
        {"frobnicate=1", "frobnicate", "unknownInput"},
        {"studie=MAE5AHH", "studie", "unknownInput"},
        {"studies=XXX", "studies", "referencedResourceNotFound"},
        {"studies=", "studies", "invalidInput"},
        {"studies", "studies", "invalidInput"},
        {"studies=%zz", "studies", "invalidInput"},
        {"studies=%ff", "studies", "invalidInput"},
        {"aantal=0", "aantal", "invalidInput"},
        {"aantal=201", "aantal", "invalidInput"},
        {"aantal=1&aantal=2", "aantal", "invalidInput"},
        {"vanaf=-1", "vanaf", "invalidInput"},
        {"vanaf=99999999999999999999999", "vanaf", "invalidInput"},
        {"velden=natuurlijkPersoon.schoenmaat", "velden", "invalidInput"},
        {"velden=", "velden", "invalidInput"},
        {"sorteerveld=NAAM", "sorteerveld", "invalidInput"},
        {"geslacht=M", "geslacht", "invalidInput"},
        {"sinds=nooit", "sinds", "invalidInput"},
    };
    for (const auto& each : cases) {
        const auto response = get(std::string("/kandidaten?") + each.query);
        EXPECT_EQ(response.status, 400U) << each.query;
        EXPECT_EQ(text(response, "/issues/0/name"), each.name) << each.query;
        EXPECT_EQ(text(response, "/issues/0/in"), "query");
        EXPECT_EQ(text(response, "/issues/0/type"),
                  std::string("urn:problem-type:belgif:input-validation:") + each.type)
            << each.query;
        EXPECT_EQ(text(response, "/type"), "urn:problem-type:belgif:badRequest");
    }
    EXPECT_EQ(number(get("/kandidaten?studies=A,B&vanaf=x&frob=1"), "/status"), 400);
}

TEST_F(ApiTest, SpeaksTheReadersLanguage) {
    const auto detail = [](const std::string& languages) {
        return text(get("/kandidaten?vanaf=x", {"Accept-Language: " + languages}), "/issues/0/detail");
    };
    EXPECT_THAT(detail("nl-BE"), HasSubstr("geheel getal"));
    EXPECT_THAT(detail("fr, nl;q=0.5"), HasSubstr("nombre entier"));
    EXPECT_THAT(detail("de, en;q=0.3"), HasSubstr("whole number"));
    EXPECT_THAT(text(get("/kandidaten?vanaf=x"), "/issues/0/detail"), HasSubstr("geheel getal"))
        << "Dutch is the default";
}

TEST_F(ApiTest, RefusesIdsThatAreNone) {
    EXPECT_EQ(get("/kandidaten/12345").status, 400U);
    EXPECT_EQ(text(get("/kandidaten/12345"), "/issues/0/in"), "path");
    EXPECT_EQ(get("/kandidaten/00000000-0000-4000-8000-00000000dead").status, 404U);
    EXPECT_EQ(get(std::string("/kandidaten/") + seed_id + "?x=1").status, 400U);
    EXPECT_EQ(get("/kandidaten/" + std::string(seed_id) + "/more").status, 404U);
    EXPECT_EQ(get("/nergens").status, 404U);
    EXPECT_EQ(get("/kandidatenlijst").status, 404U);
}

TEST_F(ApiTest, SaysWhichMethodsAPathHas) {
    const auto response =
        ask(program_->port(), program_->key(), {"DELETE", std::string(api) + "/kandidaten/" + seed_id, {}, ""});
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(response.field("Allow"), "GET, HEAD");
    const auto head =
        ask(program_->port(), program_->key(), {"HEAD", std::string(api) + "/kandidaten/" + seed_id, {}, ""});
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.field("ETag"), "\"1\"");
}

TEST_F(ApiTest, RefusesWrongWindowsAndBentCursors) {
    for (const char* query :
         {"van=2026-02-13", "van=2026-02-13T12:00:00", "tot=morgen",
          "van=2026-02-13T12:00:00Z&tot=2026-02-12T12:00:00Z", "van=2099-01-01T00:00:00Z", "aantal=2001", "vervolg=abc",
          "vervolg=abc&van=2026-02-13T12:00:00Z", "van=2026-02-13T12:00:00Z&van=2026-02-13T12:00:00Z", "wanneer=nu"}) {
        const auto response = get(std::string("/kandidaten/bulk?") + query);
        EXPECT_EQ(response.status, 400U) << query;
        EXPECT_FALSE(text(response, "/issues/0/name").empty());
    }
    auto cursor = text(get("/kandidaten/bulk?aantal=1"), "/vervolg");
    cursor[20] = cursor[20] == 'A' ? 'B' : 'A';
    EXPECT_EQ(get("/kandidaten/bulk?vervolg=" + cursor).status, 400U);
}

TEST_F(ApiTest, RefusesWrongBodiesOfABatch) {
    const auto post = [](const std::string& body, const std::string& type = "application/json") {
        return ask(program_->port(), program_->key(),
                   {"POST", std::string(api) + "/kandidaten", {"Content-Type: " + type}, body});
    };
    std::string many = R"({"cvIds":[")" + id_of(1) + "\"";
    for (int i = 0; i < 500; ++i) many += ",\"" + id_of(1) + "\"";
    for (const std::string& body : std::vector<std::string>{
             "{", "[]", "7", "{}", R"({"cvIds":[]})", R"({"cvIds":["x"]})", R"({"cvIds":[7]})", R"({"cvIds":"x"})",
             R"({"cvs":[{}]})", R"({"cvs":[{"cvId":"x","versie":-1}]})", R"({"ids":[]})", "{\"cvIds\":[\"\xff\"]}",
             many + "]}", R"({"cvIds":[")" + id_of(1) + R"("],"cvIds":[")" + id_of(1) + R"("]})"}) {
        const auto response = post(body);
        EXPECT_EQ(response.status, 400U) << body.substr(0, 60);
        EXPECT_EQ(text(response, "/issues/0/in"), "body");
    }
    EXPECT_EQ(post("{}", "text/plain").status, 415U);
}

TEST_F(ApiTest, StoresNothingOfAWrongDocument) {
    const std::string id = id_of(60);
    const auto put = [&](const std::string& body) { return administer("PUT", "/" + id, body); };
    std::string deep = R"("diep":)" + std::string(100, '[') + std::string(100, ']');
    const std::vector<std::string> wrong{"{",
                                         "nul",
                                         document(60, R"("iklId":"x")"),
                                         document(60, R"("iklId":1,"iklId":2)"),
                                         document(60, deep),
                                         document(60, "\"naam\":\"\xc3\x28\""),
                                         document(60, R"("gewensteJob":{"regios":["BE9"]})"),
                                         document(61),
                                         document(60, R"("iklId":null)"),
                                         document(60).substr(0, 80)};
    for (const auto& body : wrong) {
        const auto response = put(body);
        EXPECT_EQ(response.status, 400U) << body.substr(0, 100);
        EXPECT_FALSE(text(response, "/issues/0/detail").empty());
    }
    EXPECT_EQ(get("/kandidaten/" + id).status, 404U);
    const auto all = put(R"({"cvId":7,"status":"OPEN","wijzigingsDatum":"x","iklId":-1})");
    EXPECT_EQ(text(all, "/issues/2/name"), "/iklId") << "every fault by its JSON Pointer: " << all.body;
}

TEST_F(ApiTest, RefusesABodyThatIsTooLarge) {
    test::TlsClient client(program_->port());
    client.send("POST " + std::string(api) + "/kandidaten HTTP/1.1\r\nHost: x\r\nX-IBM-Client-Id: " + program_->key() +
                "\r\nContent-Length: 99999999\r\n\r\n");
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 413U);
    EXPECT_EQ(response.field("Content-Type"), "application/problem+json");
}

TEST_F(ApiTest, TracesEveryAnswer) {
    const auto response = get("/kandidaten", {"BelGov-Trace-Id: 11111111-2222-4333-8444-555555555555"});
    EXPECT_EQ(response.field("BelGov-Related-Trace-Id"), "11111111-2222-4333-8444-555555555555");
    EXPECT_NE(response.field("BelGov-Trace-Id"), get("/kandidaten").field("BelGov-Trace-Id"));
    EXPECT_EQ(response.field("BelGov-Trace-Id").size(), 36U);
    EXPECT_FALSE(get("/kandidaten", {"BelGov-Trace-Id: <script>"}).has_field("BelGov-Related-Trace-Id"));
    EXPECT_EQ(get("/nergens").field("BelGov-Trace-Id").size(), 36U);
}

TEST_F(ApiTest, ServesItsDescription) {
    const auto response = ask(program_->port(), "", {"GET", std::string(api) + "/doc/openapi.yaml", {}, ""});
    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(response.body, HasSubstr("openapi: 3.0.3"));
}

// The node is killed and started again: what was acknowledged is there, and the feed goes on where a partner stood.
TEST(ApiRestart, ACursorAndEveryAcknowledgedWriteSurviveKillNine) {
    test::RunningProgram program({document(1), document(2)});
    const auto get = [&](const std::string& path) {
        return ask(program.port(), program.key(), {"GET", api + path, {}, ""});
    };
    const auto cursor_of = [](const WireResponse& response) {
        simdjson::dom::parser parser;
        return std::string(std::string_view(parser.parse(response.body)["vervolg"]));
    };
    const auto cursor = cursor_of(get("/kandidaten/bulk"));
    for (int n = 10; n < 30; ++n) {
        const auto stored = ask(program.administration_port(), program.administration_key(),
                                {"PUT", "/beheer/v1/kandidaten/" + id_of(n), {}, document(n)});
        ASSERT_EQ(stored.status, 201U);
    }
    program.kill_hard();
    program.start();
    const auto changes = get("/kandidaten/bulk?vervolg=" + cursor);
    for (int n = 10; n < 30; ++n) EXPECT_THAT(changes.body, HasSubstr(id_of(n)));
    EXPECT_THAT(changes.body, HasSubstr("\"aantal\":20"));
    EXPECT_THAT(get("/kandidaten?gewensteRegios=BE231A").body, HasSubstr("\"aantal\":22"));
    EXPECT_EQ(program.stop(), 0);
}

}  // namespace
}  // namespace cvstroom
