// The mirror's parts that need no server: waiting, limiting, reading, gathering, telling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/digest.hpp"
#include "mirror/batch_builder.hpp"
#include "mirror/concurrency_limit.hpp"
#include "mirror/metrics.hpp"
#include "mirror/retry.hpp"
#include "mirror/stream_reader.hpp"

namespace cvstroom {
namespace {

using namespace std::chrono_literals;
using mirror::StreamLine;
using mirror::StreamReader;
using testing::HasSubstr;

constexpr const char* id = "00000001-0000-4000-8000-000000000000";

TEST(Retry, WaitsWithinACeilingThatDoublesUpToALimit) {
    mirror::Backoff backoff({100ms, 1000ms, 8}, 7);
    for (unsigned attempt = 1; attempt < 40; ++attempt) {
        const auto ceiling = std::min<std::int64_t>(1000, 100LL << std::min(attempt - 1, 10U));
        for (int i = 0; i < 50; ++i) {
            const auto wait = backoff.wait(attempt).count();
            EXPECT_GE(wait, 0);
            EXPECT_LE(wait, ceiling);
        }
    }
}

TEST(Retry, ReadsSecondsAndDatesAgainstTheAnswersOwnClock) {
    EXPECT_EQ(mirror::parse_retry_after("7", ""), 7000ms);
    EXPECT_EQ(mirror::parse_retry_after(" 0 ", ""), 0ms);
    EXPECT_EQ(mirror::parse_retry_after("Tue, 15 Nov 1994 08:12:41 GMT", "Tue, 15 Nov 1994 08:12:31 GMT"), 10'000ms);
    EXPECT_EQ(mirror::parse_retry_after("Tue, 15 Nov 1994 08:12:11 GMT", "Tue, 15 Nov 1994 08:12:31 GMT"), 0ms);
    EXPECT_EQ(mirror::parse_retry_after("Tue, 15 Nov 1994 08:12:41 GMT", ""), std::nullopt);
    EXPECT_EQ(mirror::parse_retry_after("soon", ""), std::nullopt);
    EXPECT_EQ(mirror::parse_retry_after("", ""), std::nullopt);
    EXPECT_EQ(mirror::parse_retry_after("99999999999999", ""), 24h)
        << "a typing error must not stop a mirror for years";
}

TEST(ConcurrencyLimit, GrowsByOneARoundAndHalvesOnceABurst) {
    mirror::ConcurrencyLimit limit(16, 4);
    for (int i = 0; i < 5; ++i) limit.on_success();
    EXPECT_EQ(limit.current(), 5U);
    for (int i = 0; i < 1000; ++i) limit.on_success();
    EXPECT_EQ(limit.current(), 16U);
    limit.on_congestion(15);
    for (int i = 0; i < 15; ++i) limit.on_congestion(15);  // of those sent before it was known
    EXPECT_EQ(limit.current(), 8U);
    for (int i = 0; i < 20; ++i) limit.on_congestion(0);
    EXPECT_EQ(limit.current(), 1U) << "never none";
}

std::string line(int n, const std::string& more = "") {
    return std::string(R"({"cvId":")") + id +
           R"(","status":"OPEN","gewijzigdOp":"2026-02-13T12:00:00.000000Z","versie":)" + std::to_string(n) +
           R"(,"vervolg":"c)" + std::to_string(n) + "\"" + more + "}\n";
}
std::string document(const std::string& text) {
    return std::string(R"({"cvId":")") + id + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","vrij":")" + text +
           "\"}";
}
std::string closing(const std::string& lines, int count) {
    return R"({"einde":true,"aantal":)" + std::to_string(count) + R"(,"digest":"sha256:)" + to_hex(sha256(lines)) +
           R"(","epoche":"e","vervolg":"end"})" + "\n";
}

TEST(StreamReader, ReadsLinesHoweverTheyAreCut) {
    // A document may hold what looks like the envelope's member.
    const auto cv = document(R"(,\"cv\":{ \\ é)");
    const auto lines = line(1, ",\"cv\":" + cv) + line(2) + line(3, ",\"cv\":" + document("x"));
    const auto all = lines + closing(lines, 3);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{64}, all.size()}) {
        std::vector<StreamLine> taken;
        StreamReader reader([&](StreamLine read) -> Result<void> {
            taken.push_back(std::move(read));
            return {};
        });
        for (std::size_t at = 0; at < all.size(); at += piece)
            ASSERT_TRUE(reader.push(std::string_view(all).substr(at, piece)));
        const auto end = reader.finish();
        ASSERT_TRUE(end) << end.error().message;
        EXPECT_EQ(end->cursor, "end");
        ASSERT_EQ(taken.size(), 3U);
        EXPECT_EQ(taken[0].json, cv) << "byte for byte";
        EXPECT_EQ(taken[1].cursor, "c2");
        EXPECT_FALSE(taken[1].has_document);
    }
}

TEST(StreamReader, Pitfall24_TellsACutStreamFromAWholeAndAWrongOne) {
    const auto finish = [](const std::string& text) {
        StreamReader reader([](const StreamLine&) -> Result<void> { return {}; });
        reader.push(text);
        return reader.finish();
    };
    const auto lines = line(1) + line(2);
    EXPECT_TRUE(finish(lines + closing(lines, 2)));
    EXPECT_EQ(finish(lines).error().code, ErrorCode::unavailable);
    EXPECT_EQ(finish("").error().code, ErrorCode::unavailable);
    EXPECT_EQ(finish(lines + closing(lines, 2).substr(0, 40)).error().code, ErrorCode::unavailable);
    for (const auto& wrong : {lines + closing(lines, 3), lines + closing(line(1), 2), line(1) + closing(lines, 1),
                              std::string("nonsense\n"), lines + closing(lines, 2) + line(3),
                              line(1, R"(,"cv":{"cvId":"x"})"), std::string("{}\n"), std::string("\n")}) {
        EXPECT_EQ(finish(wrong).error().code, ErrorCode::corrupt) << wrong;
    }
    // Memory stays bounded whatever comes.
    EXPECT_EQ(finish(std::string(5 * 1024 * 1024, 'x')).error().code, ErrorCode::corrupt);
}

TEST(BatchBuilder, Pitfall34_WhatWasSaidLastOfACvCounts) {
    mirror::BatchBuilder builder;
    const auto cv = Uuid::parse(id).value();
    builder.put({cv, 1, "", "{}", {}, std::nullopt});
    builder.remove(cv, 2);
    const auto removed = builder.take({});
    EXPECT_TRUE(removed.puts.empty());
    ASSERT_EQ(removed.removals.size(), 1U);
    builder.cannot_learn(cv, "why");
    builder.put({cv, 3, "", "{}", {}, std::nullopt});
    const auto stored = builder.take({});
    EXPECT_EQ(stored.puts.size(), 1U);
    EXPECT_TRUE(stored.unresolved.empty());
    EXPECT_TRUE(stored.removals.empty());
}

TEST(Flattener, TakesWhatIsRowsAndLeavesTheRest) {
    mirror::DocumentFlattener flattener;
    const auto read = flattener.read(
        std::string(R"({"cvId":")") + id +
        R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","iklId":7,"natuurlijkPersoon":{)"
        R"("achternaam":"De Smet","gsm":5,"contactAdres":{"postcode":"BE-2800"}},"ervaringen":[{"type":"stage","van":"2020-01-01",)"
        R"("werkgever":{"naam":"X"}},"geen object"],"competenties":"geen lijst","gewensteJob":{"regios":["BE1",2]}})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->flat.ikl_id, 7);
    ASSERT_EQ(read->flat.rows.size(), 3U);  // a person, an experience, a wish
    const auto& person = read->flat.rows[0];
    EXPECT_EQ(read->flat.text(read->flat.cells[person.first_cell]), "De Smet");
    EXPECT_EQ(read->flat.cells[person.first_cell + 7].kind, mirror::Cell::Kind::null)
        << "a number is no telephone number";
    EXPECT_EQ(read->flat.cells.size(), 22U + 6U + 2U) << "every row has all its columns";
    for (const char* wrong :
         {"", "[]", "{}", R"({"cvId":"x","status":"OPEN"})", "{\"cvId\":\"00000001-0000-4000-8000-000000000000\"}"}) {
        EXPECT_FALSE(flattener.read(wrong)) << wrong;
    }
}

TEST(State, SurvivesTheWayThroughACopy) {
    mirror::State state{"https://x", "seed", mirror::Phase::listing, 3, 2, "c", "e", "t", "p", "r", "s", 10, 20};
    EXPECT_EQ(mirror::state_from_members(mirror::to_members(state)).value(), state);
    EXPECT_EQ(mirror::state_from_members({}).value(), mirror::State{});
    EXPECT_FALSE(mirror::state_from_members({{"phase", "dancing"}}));
    EXPECT_FALSE(mirror::state_from_members({{"generation", "-1"}}));
}

TEST(Metrics, AreInPrometheusForm) {
    mirror::MirrorFigures figures;
    figures.held = 7;
    figures.state.phase = mirror::Phase::following;
    figures.state.covered_until = "1970-01-01T00:00:01.500000Z";
    const auto text = to_prometheus(figures);
    EXPECT_THAT(text, HasSubstr("# TYPE cvstroom_mirror_cvs gauge\ncvstroom_mirror_cvs 7\n"));
    EXPECT_THAT(text, HasSubstr("\ncvstroom_mirror_covered_timestamp_seconds 1.5\n"));
}

TEST(CvApi, TakesAnAddressWithOrWithoutItsPath) {
    EXPECT_EQ(mirror::api_base("https://h:1").value(), "https://h:1/services/openservices/v1");
    EXPECT_EQ(mirror::api_base("https://h/").value(), "https://h/services/openservices/v1");
    EXPECT_EQ(mirror::api_base("https://h/other/v1/").value(), "https://h/other/v1");
    for (const char* wrong : {"http://h", "https://", "h", "https://h?x=1"})
        EXPECT_FALSE(mirror::api_base(wrong)) << wrong;
}

}  // namespace
}  // namespace cvstroom
