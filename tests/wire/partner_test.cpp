// The life of a partner over real TLS: admitted on the provider's door, served, limited, suspended and ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "store/document_codec.hpp"
#include "tests/support/command_line.hpp"
#include "tests/support/file_search.hpp"
#include "tests/support/writes.hpp"
#include "tests/wire/answers.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::soon;
using test::text;
using test::WireResponse;
using testing::HasSubstr;
using testing::Not;

class PartnerApiTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        program_ = std::make_unique<test::RunningProgram>(std::vector<std::string>{
            R"({"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13"})"});
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(program_->stop(), 0) << program_->log();
        program_.reset();
    }
    static WireResponse administer(const std::string& method, const std::string& path, const std::string& body = "") {
        return ask(program_->administration_port(), program_->administration_key(),
                   {method, "/beheer/v1/" + path, {}, body});
    }
    static WireResponse search(const std::string& key) {
        return ask(program_->port(), key, {"GET", "/services/openservices/v1/kandidaten", {"Accept-Language: en"}, ""});
    }
    // An active partner with a key, by the provider's door alone.
    static std::string admit(const std::string& name, const std::string& subscription) {
        EXPECT_EQ(administer("POST", "partners", R"({"naam":")" + name + R"(","contact":"api@example.org"})").status,
                  201U);
        for (const char* step :
             {R"({"stap":"goedkeuring"})",
              R"({"stap":"contract","contract":{"referentie":"C-1","datum":"2026-02-13","ondertekenaar":"An Zilver"}})",
              R"({"stap":"activering","toelichting":"klaar"})"}) {
            const auto taken = administer("POST", "partners/" + name + "/stappen", step);
            EXPECT_EQ(taken.status, 200U) << taken.body;
        }
        EXPECT_EQ(administer("PUT", "partners/" + name + "/abonnementen/cv", subscription).status, 200U);
        return text(administer("POST", "partners/" + name + "/sleutels", "{}"), "/sleutel");
    }

    static std::unique_ptr<test::RunningProgram> program_;
};

std::unique_ptr<test::RunningProgram> PartnerApiTest::program_;

TEST_F(PartnerApiTest, AdmitsAPartnerStepByStepAndEndsIt) {
    EXPECT_EQ(administer("POST", "partners", R"({"naam":"Stap voor stap"})").status, 201U);
    const std::string path = "partners/Stap%20voor%20stap";
    EXPECT_EQ(administer("PUT", path + "/abonnementen/cv").status, 200U);
    const auto issued = administer("POST", path + "/sleutels");
    ASSERT_EQ(issued.status, 201U) << issued.body;
    const auto key = text(issued, "/sleutel");
    EXPECT_TRUE(soon([&] { return search(key).status == 403; }));
    EXPECT_THAT(search(key).body, HasSubstr("it is 'aangevraagd'"));
    EXPECT_EQ(administer("POST", path + "/stappen", R"({"stap":"goedkeuring"})").status, 200U);
    EXPECT_EQ(
        administer("POST", path + "/stappen",
                   R"({"stap":"contract","contract":{"referentie":"C-1","datum":"2026-02-13","ondertekenaar":"An"}})")
            .status,
        200U);
    EXPECT_EQ(administer("POST", path + "/stappen", R"({"stap":"activering"})").status, 200U);
    EXPECT_TRUE(soon([&] { return search(key).status == 200; }));
    EXPECT_EQ(administer("POST", path + "/stappen", R"({"stap":"schorsing","toelichting":"te veel fouten"})").status,
              200U);
    EXPECT_TRUE(soon([&] { return search(key).status == 403; }));
    EXPECT_EQ(administer("POST", path + "/stappen", R"({"stap":"activering"})").status, 200U);
    EXPECT_TRUE(soon([&] { return search(key).status == 200; }));
    EXPECT_EQ(administer("POST", path + "/stappen", R"({"stap":"beeindiging"})").status, 200U);
    EXPECT_TRUE(soon([&] { return search(key).status == 401; }));
    const auto history = administer("GET", path + "/geschiedenis");
    EXPECT_THAT(history.body, HasSubstr("te veel fouten"));
    EXPECT_THAT(history.body, HasSubstr("Test provider (cvs_")) << "who did it: the holder of the administrator's key";
    EXPECT_THAT(history.body, Not(HasSubstr(key))) << "never a whole key";
    EXPECT_THAT(administer("GET", "partners").body, HasSubstr("\"toestand\":\"beeindigd\""));
}

TEST_F(PartnerApiTest, RefusesWhatCannotBeDone) {
    EXPECT_EQ(administer("POST", "partners", R"({"naam":"Dubbel"})").status, 201U);
    EXPECT_EQ(administer("POST", "partners", R"({"naam":"dubbel"})").status, 409U);
    const auto illegal = administer("POST", "partners/Dubbel/stappen", R"({"stap":"activering"})");
    EXPECT_EQ(illegal.status, 409U);
    EXPECT_THAT(illegal.body, HasSubstr("aangevraagd"));
    EXPECT_EQ(administer("GET", "partners/Niemand").status, 404U);
    EXPECT_EQ(administer("POST", "partners/Niemand/stappen", R"({"stap":"goedkeuring"})").status, 404U);
    EXPECT_EQ(administer("PUT", "partners/Dubbel/abonnementen/bananen").status, 400U);
    EXPECT_EQ(administer("DELETE", "sleutels/cvs_00000000").status, 404U);
    for (const char* body : {"", "[]", "{", R"({"naam":5})", R"({"naam":"x","kleur":"rood"})", R"({"naam":["x"]})",
                             R"({"naam":"a","naam":"b"})", R"({"naam":"\u0000"})", R"({"naam":{"voor":"x"}})"}) {
        const auto refused = administer("POST", "partners", body);
        EXPECT_EQ(refused.status, 400U) << body;
        EXPECT_THAT(refused.body, HasSubstr("\"issues\"")) << body;
    }
    EXPECT_EQ(administer("POST", "partners/Dubbel/stappen", R"({"stap":"dansen"})").status, 400U);
    EXPECT_EQ(administer("POST", "partners/Dubbel/stappen",
                         R"({"stap":"contract","contract":{"referentie":"C","datum":"gisteren","ondertekenaar":"A"}})")
                  .status,
              400U);
    EXPECT_EQ(administer("PUT", "partners/Dubbel/abonnementen/cv", R"({"plan":"half"})").status, 400U);
    EXPECT_EQ(administer("PUT", "partners/Dubbel/abonnementen/cv", R"({"perMinuut":0})").status, 400U);
    EXPECT_EQ(administer("POST", "partners/Dubbel/sleutels", R"({"vervalt":"2020-01-01T00:00:00Z"})").status, 400U);
    EXPECT_EQ(administer("PATCH", "partners").status, 405U);
    EXPECT_EQ(administer("GET", "partners/%FF").status, 404U);
    EXPECT_EQ(ask(program_->administration_port(), program_->key(), {"GET", "/beheer/v1/partners", {}, ""}).status,
              403U);
    EXPECT_EQ(ask(program_->administration_port(), "", {"GET", "/beheer/v1/partners", {}, ""}).status, 401U);
}

TEST_F(PartnerApiTest, LimitsAPartnerAndSaysWhenToComeBack) {
    const auto key = admit("Beperkt", R"({"perMinuut":5,"perDag":1000})");
    ASSERT_TRUE(soon([&] { return search(key).status == 200; }));
    unsigned granted = 1;
    WireResponse last;
    for (int n = 0; n < 10; ++n) {
        last = search(key);
        granted += last.status == 200 ? 1 : 0;
    }
    EXPECT_LE(granted, 6U) << "five, and one that may have come back meanwhile";
    EXPECT_EQ(last.status, 429U);
    EXPECT_EQ(last.field("RateLimit-Policy"), R"("minuut";q=5;w=60, "dag";q=1000;w=86400)");
    EXPECT_THAT(std::string(last.field("RateLimit")), testing::StartsWith(R"("minuut";r=0;t=)"));
    const auto wait = std::stoi(std::string(last.field("Retry-After")));
    EXPECT_GE(wait, 1);
    EXPECT_LE(wait, 12);
    EXPECT_THAT(last.body, HasSubstr("urn:problem-type:belgif:tooManyRequests"));
    EXPECT_THAT(last.body, HasSubstr(R"("limit":5)"));
    EXPECT_THAT(last.body, HasSubstr(R"("httpCode":"429")"));
    // The others go on.
    const auto other = search(program_->key());
    EXPECT_EQ(other.status, 200U);
    EXPECT_THAT(std::string(other.field("RateLimit")), HasSubstr(R"("minuut";r=)"));
    // More from the provider counts at once.
    EXPECT_EQ(administer("PUT", "partners/Beperkt/abonnementen/cv", R"({"perMinuut":500,"perDag":1000})").status, 200U);
    EXPECT_TRUE(soon([&] { return search(key).status == 200; }));
}

// As somebody does who tries ids one by one, within all other limits.
TEST_F(PartnerApiTest, FailingCallsHaveABudgetOfTheirOwn) {
    const auto key = admit("Zoeker", "{}");
    ASSERT_TRUE(soon([&] { return search(key).status == 200; }));
    const test::Ask guess{"GET", "/services/openservices/v1/kandidaten/00000000-0000-4000-8000-00000000dead", {}, ""};
    unsigned failed = 0;
    WireResponse last;
    while (failed < 2000 && (last = ask(program_->port(), key, guess)).status == 404) ++failed;
    EXPECT_GE(failed, 600U);
    EXPECT_EQ(last.status, 429U) << "after " << failed;
    EXPECT_THAT(last.body, HasSubstr("urn:problem-type:belgif:tooManyFailedRequests"));
    EXPECT_THAT(last.body, HasSubstr(R"("limit":600)"));
    EXPECT_EQ(last.field("Retry-After"), "1");
    EXPECT_EQ(search(program_->key()).status, 200U) << "the others go on";
    EXPECT_TRUE(soon([&] { return search(key).status == 200; })) << "and so does this one, by and by";
}

TEST_F(PartnerApiTest, RotatesAKeyWithOverlapAndWritesDownItsUse) {
    const auto key = admit("Draait", "{}");
    ASSERT_TRUE(soon([&] { return search(key).status == 200; }));
    const auto prefix = key.substr(0, 12);
    const auto next =
        text(administer("POST", "sleutels/" + prefix + "/vervanging", R"({"overlapSeconden":2})"), "/sleutel");
    EXPECT_TRUE(soon([&] { return search(next).status == 200; }));
    EXPECT_TRUE(soon([&] { return search(key).status == 401; }));
    EXPECT_THAT(search(key).body, HasSubstr("has expired"));
    EXPECT_EQ(administer("DELETE", "sleutels/" + next.substr(0, 12)).status, 204U);
    EXPECT_TRUE(soon([&] { return search(next).status == 401; }));
    program_->stop();  // what was used is written down at the end at the latest
    program_->start();
    EXPECT_THAT(administer("GET", "sleutels").body, HasSubstr("laatstGebruikt"));
    EXPECT_THAT(administer("GET", "partners/Draait/gebruik").body,
                testing::ContainsRegex(R"(\{"product":"cv","dag":"[-0-9]+","aanvragen":[1-9])"));
    EXPECT_EQ(administer("GET", "partners/Niemand/gebruik").status, 404U);
    EXPECT_EQ(administer("DELETE", "partners/Draait/gebruik").status, 405U);
}

// Everything that an anonymous session gets, byte by byte, beside every personal value of the documents behind it.
TEST_F(PartnerApiTest, AnAnonymousSessionHoldsNothingOfAPerson) {
    std::ifstream input(CVSTROOM_SOURCE_DIR "/data/seed_candidates.ndjson");
    std::string documents{std::istreambuf_iterator<char>(input), {}};
    // One with much that is personal, and with something personal wherever free text may stand.
    const std::string talkative =
        R"({"cvId":"00000009-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13","iklId":99887766,)"
        R"("persoonlijkeInteresse":{"hobby":"Mirelvaschaak"},"natuurlijkPersoon":{"gsm":"+32400123456","email":"mirelva@example.org",)"
        R"("achternaam":"Zilverduin","voornaam":"Mirelva","website":"https://mirelva.example","geboortedatum":"1987-03-05",)"
        R"("contactAdres":{"straat":"Quavelostraat","huisnummer":"12","postcode":"BE-2800","gemeente":"2800-MECHELEN"}},)"
        R"("ervaringen":[{"type":"werkervaring","functieTitel":"Zaakvoerder Zilverduin bv","werkgever":{"naam":"Bakkerij Mirelva"},"omschrijving":"bij Mirelva thuis"}],)"
        R"("opleidingen":[{"type":"studie","naam":"MAE5AHH","info":"attest op naam van Mirelva"}],)"
        R"("competenties":[{"type":"vrijeCompetentie","naam":"Mirelvakunde","beschrijving":"Zilverduinen"}],"gewensteJob":{"functies":[{"titel":"mail mirelva@example.org"}],"regios":["BE231A"]},)"
        R"("eigenVeld":"Mirelva Zilverduin"})";
    documents += talkative + "\n";
    ASSERT_EQ(administer("POST", "kandidaten", documents).status, 200U);

    const auto key = admit("Anoniem", R"({"plan":"anoniem"})");
    ASSERT_TRUE(soon([&] { return search(key).status == 200; }));
    const auto get = [&](const std::string& path, std::vector<std::string> fields = {}, std::string method = "GET") {
        return ask(program_->port(), key,
                   {std::move(method), "/services/openservices/v1" + path, std::move(fields), ""});
    };
    ASSERT_TRUE(soon([&] { return get("/kandidaten/00000009-0000-4000-8000-000000000000").status == 200; }));

    std::string session;
    std::string ids;
    std::vector<std::string> hidden{"Mirelva",  "mirelva",      "Zilverduin", "zilverduin",   "Quavelostraat",
                                    "99887766", "+32400123456", "1987-03-05", "\"geslacht\"", "\"iklId\""};
    std::istringstream lines(documents);
    simdjson::dom::parser parser;
    for (std::string line; std::getline(lines, line);) {
        const auto document = parser.parse(line);
        const std::string_view cv = document["cvId"];
        const std::string id(cv);
        ids += (ids.empty() ? "\"" : ",\"") + id + "\"";
        for (const char* member :
             {"achternaam", "voornaam", "roepnaam", "email", "gsm", "telefoon", "website", "geboortedatum"}) {
            std::string_view value;
            if (document["natuurlijkPersoon"][member].get(value) == simdjson::SUCCESS && value.size() > 3)
                hidden.emplace_back(value);
        }
        for (const char* address : {"officieelAdres", "contactAdres"}) {
            std::string_view street;
            if (document["natuurlijkPersoon"][address]["straat"].get(street) == simdjson::SUCCESS)
                hidden.emplace_back(street);
        }
        const auto detail = get("/kandidaten/" + id);
        EXPECT_EQ(detail.status, 200U);
        EXPECT_THAT(std::string(detail.field("ETag")), testing::EndsWith("-anoniem\""));
        session += detail.body;
        session += store::decompress_document(get("/kandidaten/" + id, {"Accept-Encoding: zstd"}).body).value();
    }
    const auto batch = ask(program_->port(), key,
                           {"POST",
                            "/services/openservices/v1/kandidaten",
                            {"Content-Type: application/json"},
                            "{\"cvIds\":[" + ids + "]}"});
    EXPECT_EQ(batch.status, 200U);
    session += batch.body;
    // Whatever else answers, with its fields.
    for (const char* path :
         {"/kandidaten?gewensteRegios=BE231A&facetten=studies,gewensteRegios,talen,eigenWagen&uitleg=true&advies=true",
          "/kandidaten?postcode=2800&straal=50&sorteerveld=AFSTAND&velden=natuurlijkPersoon.contactAdres",
          "/kandidaten?velden=natuurlijkPersoon.geboortedatum&trefwoord=x", "/kandidaten?naam=x",
          "/kandidaten/bulk?van=2020-01-01T00:00:00Z", "/kandidaten/bulk?gewensteRegios=BE231A",
          "/kandidaten/bulk/controle", "/kandidaten/bulk/controle?voorvoegsel=0", "/kandidaten/x"}) {
        const auto answer = get(path);
        for (const auto& [name, value] : answer.fields) session += name + ": " + value + "\n";
        session += answer.body;
    }
    session += get("/kandidaten/00000009-0000-4000-8000-000000000000", {}, "HEAD").body;
    const auto rows =
        get("/kandidaten?aantal=200&velden=natuurlijkPersoon,ervaringen,opleidingen,competenties,gewensteJob");
    EXPECT_EQ(rows.status, 200U) << rows.body;
    session += rows.body;
    session += get("/kandidaten?gewensteRegios=BE231A&advies=true").body;
    session += get("/kandidaten/bulk").body;
    const auto stream = get("/kandidaten/bulk?velden=*", {"Accept: application/x-ndjson"});
    EXPECT_EQ(stream.status, 200U);
    EXPECT_THAT(stream.body, HasSubstr("\"einde\":true"));
    EXPECT_THAT(stream.body, HasSubstr("\"cv\":{"));
    session += stream.body;
    EXPECT_GT(session.size(), 20'000U) << "the session must hold CVs";
    EXPECT_THAT(session, HasSubstr("\"geboortejaar\":1985"));
    EXPECT_THAT(session, HasSubstr("MAE5AHH"));
    EXPECT_GT(hidden.size(), 20U);
    for (const auto& value : hidden) EXPECT_EQ(session.find(value), std::string::npos) << value;

    // A mirror with this key, whose files have nothing more.
    const auto folder = std::filesystem::path(program_->database()).parent_path();
    std::ofstream(folder / "anonymous.key") << key;
    for (const char* copy : {"sqlite:copy.db", "ndjson:copies"}) {
        const test::TemporaryFolder copies;
        const auto mirrored = test::run_shell(
            "cd " + copies.path().string() + " && " CVSTROOM_PROGRAM " mirror --from https://localhost:" +
            std::to_string(program_->port()) + " --ca-file " + (folder / "certificate.pem").string() + " --key-file " +
            (folder / "anonymous.key").string() + " --to " + copy + " 2>&1");
        EXPECT_EQ(mirrored.code, 0) << mirrored.output;
        EXPECT_THAT(test::files_with(copies.path(), {"MAE5AHH"}), testing::Not(testing::IsEmpty())) << copy;
        for (const auto& value : hidden) {
            if (value.front() == '"') continue;  // a member's name
            EXPECT_THAT(test::files_with(copies.path(), {value}), testing::IsEmpty()) << copy << ": " << value;
        }
    }

    // Nor can it be asked for, or searched in.
    EXPECT_EQ(get("/kandidaten?velden=natuurlijkPersoon.email").status, 400U);
    EXPECT_EQ(get("/kandidaten?trefwoord=Mirelva").status, 400U);
    // The whole document and the masked one are different representations.
    const auto whole =
        ask(program_->port(), program_->key(),
            {"GET", "/services/openservices/v1/kandidaten/00000009-0000-4000-8000-000000000000", {}, ""});
    EXPECT_THAT(whole.body, HasSubstr("Mirelva"));
    EXPECT_EQ(
        get("/kandidaten/00000009-0000-4000-8000-000000000000", {"If-None-Match: " + std::string(whole.field("ETag"))})
            .status,
        200U);
    EXPECT_EQ(get("/kandidaten/00000009-0000-4000-8000-000000000000", {"If-None-Match: \"1-anoniem-zstd\""}).status,
              304U);
    // Other limits leave the plan alone.
    const auto limited = administer("PUT", "partners/Anoniem/abonnementen/cv", R"({"perMinuut":900})");
    EXPECT_THAT(limited.body, HasSubstr(R"("plan":"anoniem","perMinuut":900,"perDag":1000000)"));
    // Another plan counts from the next request on.
    EXPECT_EQ(administer("PUT", "partners/Anoniem/abonnementen/cv", R"({"plan":"volledig"})").status, 200U);
    EXPECT_TRUE(soon([&] { return get("/kandidaten/00000009-0000-4000-8000-000000000000").body == whole.body; }));
}

// A stream may go on for as long as its client likes; what it still gives depends on what its partner may have now.
TEST(AStreamUnderWay, IsCutWhenItsPartnerIsSuspended) {
    constexpr int count = 80;  // of 200 KB: far more than a connection's buffers take
    std::vector<std::string> documents;
    for (int n = 0; n < count; ++n) {
        documents.push_back(R"({"cvId":")" + test::make_id(static_cast<std::uint32_t>(n + 1)).to_string() +
                            R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","later":")" +
                            std::string(200'000, 'x') + R"("})");
    }
    test::RunningProgram program(documents);
    const test::Ask request{"GET",
                            "/services/openservices/v1/kandidaten/bulk?velden=*",
                            {"Accept: application/x-ndjson", "Connection: close"},
                            ""};
    test::TlsClient reading(program.port());
    const auto whole = reading.request(test::request_bytes(program.key(), request));
    ASSERT_THAT(whole.body, HasSubstr("\"einde\":true"));

    test::TlsClient waiting(program.port(), {.receive_buffer = 8192});
    waiting.send(test::request_bytes(program.key(), request));
    std::string received = waiting.read_some(1000);
    const auto suspended = ask(program.administration_port(), program.administration_key(),
                               {"POST", "/beheer/v1/partners/Test%20partner/stappen", {}, R"({"stap":"schorsing"})"});
    ASSERT_EQ(suspended.status, 200U) << suspended.body;
    const test::Ask search{"GET", "/services/openservices/v1/kandidaten", {}, ""};
    EXPECT_TRUE(soon([&] { return ask(program.port(), program.key(), search).status == 403; }));
    received += waiting.read_until_close();
    EXPECT_THAT(received, Not(HasSubstr("\"einde\":true")));
    EXPECT_LT(received.size(), whole.body.size());
    EXPECT_THAT(program.log(), HasSubstr("the partner, its key or its plan has changed"));
    EXPECT_EQ(program.stop(), 0) << program.log();
}

}  // namespace
}  // namespace cvstroom
