// Reconciliation, receipts and feeds of a selection over real TLS, against the real program.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <map>

#include "store/control.hpp"
#include "tests/wire/feed_client.hpp"

namespace cvstroom::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* aalst = R"("gewensteJob":{"regios":["BE231A"]})";
constexpr const char* antwerp = R"("gewensteJob":{"regios":["BE211A"]})";

class FeedService : public FeedSuite {
  protected:
    static std::string control(const std::string& query) { return get("/kandidaten/bulk/controle" + query).body; }

    // What a partner holds after an initial load: ids and versions.
    static std::map<std::string, std::int64_t> load() {
        std::map<std::string, std::int64_t> held;
        const auto found = lines(stream("").body);
        for (std::size_t i = 0; i + 1 < found.size(); ++i) held[text(found[i], "/cvId")] = number(found[i], "/versie");
        return held;
    }
    static std::string digest_of(const std::map<std::string, std::int64_t>& held) {
        store::ControlBucket bucket;
        for (const auto& [id, version] : held) bucket.add(*Uuid::parse(id), static_cast<std::uint32_t>(version));
        return bucket.sum.to_hex();
    }
};

TEST_F(FeedService, ControleProvesThatACopyIsEqual) {
    put(1, R"("iklId":1)");
    const auto answer = control("");
    auto held = load();
    EXPECT_EQ(number(answer, "/aantal"), static_cast<std::int64_t>(held.size()));
    EXPECT_EQ(text(answer, "/digest"), digest_of(held));
    EXPECT_EQ(number(answer, "/cvs/0/versie"), held[text(answer, "/cvs/0/cvId")]) << "few enough to be listed";
    const auto part = control("?voorvoegsel=0000000A");
    EXPECT_EQ(text(part, "/voorvoegsel"), "0000000a");
    EXPECT_EQ(number(part, "/aantal"), 0) << "the tests' ids are decimal";
    EXPECT_EQ(text(part, "/digest"), std::string(32, '0'));
    EXPECT_EQ(number(control("?voorvoegsel=00000012"), "/aantal"), 1);
}

TEST_F(FeedService, ControleOfThePastAndOnFromThere) {
    const auto before = control("");
    const auto held = load();
    put(2, R"("iklId":2)");
    erase(3);
    put(40, R"("iklId":40)");
    const auto now = control("");
    EXPECT_NE(text(now, "/digest"), text(before, "/digest"));
    const auto again = control("?op=" + text(before, "/op"));
    EXPECT_EQ(again, before);
    EXPECT_EQ(text(again, "/digest"), digest_of(held));
    const auto rest = get("/kandidaten/bulk?vervolg=" + text(before, "/vervolg")).body;
    EXPECT_EQ(number(rest, "/aantal"), 3) << rest;
    put(3, R"("iklId":3)");
    erase(40);
}

TEST_F(FeedService, ControleRefusesWhatMakesNoSense) {
    for (const auto& [query, name] :
         std::vector<std::pair<std::string, std::string>>{{"?voorvoegsel=xyz", "voorvoegsel"},
                                                          {"?voorvoegsel=123456789", "voorvoegsel"},
                                                          {"?op=gisteren", "op"},
                                                          {"?op=2026-02-13T12:00:00", "op"},
                                                          {"?prefix=1", "prefix"},
                                                          {"?voorvoegsel=1&voorvoegsel=2", "voorvoegsel"}}) {
        const auto response = get("/kandidaten/bulk/controle" + query);
        EXPECT_EQ(response.status, 400U) << query;
        EXPECT_EQ(text(response.body, "/issues/0/name"), name) << query;
    }
    EXPECT_EQ(post("/kandidaten/bulk/controle", "{}").status, 405U);
}

TEST_F(FeedService, AReceiptTellsTheProviderWhatIsOpen) {
    const auto open = [] {
        return number(administer("GET", "/ontvangsten").body, "/ontvangsten/0/openVerwijderingen");
    };
    const auto cursor = now();
    ASSERT_EQ(post("/kandidaten/bulk/ontvangst", R"({"vervolg":")" + cursor + "\"}").status, 204U);
    EXPECT_EQ(open(), 0);
    erase(5);
    const auto listed = administer("GET", "/ontvangsten").body;
    EXPECT_EQ(text(listed, "/ontvangsten/0/partner"), "Test partner");
    EXPECT_EQ(text(listed, "/ontvangsten/0/cvs/0/cvId"), cv_id(5));
    EXPECT_EQ(text(listed, "/ontvangsten/0/oudsteOpenSinds"), text(listed, "/ontvangsten/0/cvs/0/sinds"));
    program_->kill_hard();
    program_->start();
    EXPECT_EQ(open(), 1) << "a receipt is durable";
    const auto applied = text(get("/kandidaten/bulk?vervolg=" + cursor).body, "/vervolg");
    ASSERT_EQ(post("/kandidaten/bulk/ontvangst", R"({"vervolg":")" + applied + "\"}").status, 204U);
    EXPECT_EQ(open(), 0);
    put(5, aalst);
}

TEST_F(FeedService, ReceiptsAreRefusedWithReasons) {
    const auto half = text(get("/kandidaten/bulk?aantal=3").body, "/vervolg");
    for (const std::string& body :
         {std::string("{}"), std::string("["), std::string(R"({"vervolg":7})"), std::string(R"({"vervolg":"x"})"),
          R"({"vervolg":")" + now() + R"(","tot":1})", R"({"vervolg":")" + half + "\"}"}) {
        const auto response = post("/kandidaten/bulk/ontvangst", body);
        EXPECT_EQ(response.status, 400U) << body;
        EXPECT_EQ(text(response.body, "/issues/0/in"), "body") << body;
    }
    EXPECT_EQ(get("/kandidaten/bulk/ontvangst").status, 405U);
}

TEST_F(FeedService, Pitfall14_WhoLeavesTheSelectionIsToldOnce) {
    put(10, aalst);
    put(11, antwerp);
    const std::string criteria = "gewensteRegios=BE231A";
    const auto first = lines(stream("?" + criteria + "&velden=*").body);
    EXPECT_THAT(first, Not(testing::Contains(HasSubstr(cv_id(11)))));
    EXPECT_THAT(first, testing::Contains(HasSubstr(cv_id(10))));
    auto cursor = text(first.back(), "/vervolg");
    put(10, antwerp);  // leaves
    put(11, aalst);    // enters
    put(12, antwerp);  // leaves
    erase(12);         // … and is erased: told as erased
    const auto page = get("/kandidaten/bulk?" + criteria + "&vervolg=" + cursor).body;
    ASSERT_EQ(number(page, "/aantal"), 3) << page;
    EXPECT_EQ(text(page, "/resultaten/0/status"), "BUITEN_SELECTIE");
    EXPECT_EQ(text(page, "/resultaten/1/status"), "OPEN");
    EXPECT_EQ(text(page, "/resultaten/2/status"), "VERWIJDERD");
    const auto streamed = lines(stream("?" + criteria + "&velden=*&vervolg=" + cursor).body);
    ASSERT_EQ(streamed.size(), 4U);
    EXPECT_EQ(text(streamed[0], "/status"), "BUITEN_SELECTIE");
    EXPECT_THAT(streamed[0], Not(HasSubstr("\"cv\":")));
    EXPECT_THAT(streamed[1], HasSubstr("\"cv\":"));
    cursor = text(page, "/vervolg");
    put(10, R"("gewensteJob":{"regios":["BE211A"]},"iklId":6)");  // is out already
    EXPECT_EQ(number(get("/kandidaten/bulk?" + criteria + "&vervolg=" + cursor).body, "/aantal"), 0);
    put(12, aalst);
}

TEST_F(FeedService, ACursorGoesWithItsCriteriaOnly) {
    const auto cursor = text(lines(stream("?gewensteRegios=BE231A").body).back(), "/vervolg");
    EXPECT_EQ(get("/kandidaten/bulk?gewensteRegios=BE231A&vervolg=" + cursor).status, 200U);
    EXPECT_EQ(get("/kandidaten/bulk?vervolg=" + cursor).status, 400U);
    EXPECT_EQ(get("/kandidaten/bulk?gewensteRegios=BE211A&vervolg=" + cursor).status, 400U);
    EXPECT_EQ(get("/kandidaten/bulk?gewensteRegios=BE231A&vervolg=" + now()).status, 400U);
    const auto page = get("/kandidaten/bulk?gewensteRegios=BE231A&aantal=2");
    EXPECT_THAT(page.field("Link"), HasSubstr("gewensteRegios=BE231A"));
}

TEST_F(FeedService, Pitfall38_UnknownCriteriaAndValuesAreRefused) {
    for (const char* query : {"?gewensteRegios=", "?gewensteRegios=XX", "?regio=BE231A", "?sinds=3", "?trefwoord=las",
                              "?geslacht=M", "?gewijzigdVan=2026-01-01T00:00:00Z"}) {
        EXPECT_EQ(get(std::string("/kandidaten/bulk") + query).status, 400U) << query;
    }
}

TEST_F(FeedService, Pitfall11_OneRuleOfVisibilityForAll) {
    const auto start = now();
    const std::string withdrawn =
        R"({"cvId":")" + cv_id(14) + R"(","status":"GESLOTEN","wijzigingsDatum":"2026-02-13"})";
    ASSERT_EQ(administer("PUT", "/kandidaten/" + cv_id(14), withdrawn).status, 200U);
    EXPECT_EQ(text(get("/kandidaten/" + cv_id(14)).body, "/status"), "GESLOTEN");
    EXPECT_THAT(stream("").body, Not(HasSubstr(cv_id(14))));
    EXPECT_THAT(control(""), Not(HasSubstr(cv_id(14))));
    EXPECT_THAT(post("/kandidaten", R"({"cvIds":[")" + cv_id(14) + "\"]}").body, HasSubstr("VERDWENEN"));
    EXPECT_EQ(text(lines(stream("?vervolg=" + start).body)[0], "/status"), "GESLOTEN") << "leaving is a change";
}

TEST_F(FeedService, Pitfall17_ARestoredBackupIsATypedProblemThatSaysHowToStartOver) {
    const auto cursor = now();
    program_->kill_hard();
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(program_->database().c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, "UPDATE identity SET epoch = randomblob(16)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    program_->start();
    for (const auto& response : {get("/kandidaten/bulk?vervolg=" + cursor), stream("?vervolg=" + cursor),
                                 get("/kandidaten/bulk?wacht=5&vervolg=" + cursor)}) {
        EXPECT_EQ(response.status, 410U);
        EXPECT_THAT(response.body, HasSubstr("historyGone"));
        EXPECT_THAT(text(response.body, "/detail"), HasSubstr("/kandidaten/bulk"));
    }
}

TEST_F(FeedService, Pitfall29_30_ATimeWithoutAZoneIsRefusedAndOneWithAZoneIsAnsweredInUtc) {
    const auto van = [](const std::string& instant) {
        return text(get("/kandidaten/bulk?van=" + instant).body, "/van");
    };
    EXPECT_EQ(van("2025-02-13T13:00:00%2B01:00"), "2025-02-13T12:00:00.000000Z");
    // The night in which Belgium's clocks go back has its half past two twice.
    EXPECT_EQ(van("2025-10-26T02:30:00%2B02:00"), "2025-10-26T00:30:00.000000Z");
    EXPECT_EQ(van("2025-10-26T02:30:00%2B01:00"), "2025-10-26T01:30:00.000000Z");
    EXPECT_EQ(get("/kandidaten/bulk?van=2025-10-26T02:30:00").status, 400U);
}

TEST_F(FeedService, Pitfall33_39_TheVersionOfTheFeedIsTheOneOfTheDetail) {
    put(15, R"("iklId":15)");
    const auto start = now();
    put(15, R"("iklId":16)");
    const auto line = lines(stream("?vervolg=" + start).body)[0];
    const auto detail = get("/kandidaten/" + cv_id(15));
    EXPECT_EQ(detail.field("ETag"), '"' + std::to_string(number(line, "/versie")) + '"');
    put(15, R"("iklId":17)");
    EXPECT_EQ(get("/kandidaten/" + cv_id(15), {"If-None-Match: " + detail.field("ETag")}).status, 200U)
        << "within the same second, and another version all the same";
}

TEST_F(FeedService, Pitfall36_37_PagesCarryIdsOnlyAndABatchTheDocuments) {
    EXPECT_THAT(get("/kandidaten/bulk").body, Not(HasSubstr("gewensteJob")));
    const auto batch = post("/kandidaten", R"({"cvs":[{"cvId":")" + cv_id(16) + R"(","versie":1},{"cvId":")" +
                                               cv_id(17) + R"(","versie":0}]})")
                           .body;
    EXPECT_EQ(text(batch, "/resultaten/0/resultaat"), "ONGEWIJZIGD");
    EXPECT_EQ(text(batch, "/resultaten/1/resultaat"), "GEVONDEN");
}

}  // namespace
}  // namespace cvstroom::test
