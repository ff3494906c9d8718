// What the sandbox makes of a client's calls.
#include "api/client_record.hpp"

#include <gtest/gtest.h>

#include <set>

#include "api/bulk_bending.hpp"

namespace cvstroom::api {
namespace {

using namespace std::chrono_literals;

const Uuid first = *Uuid::parse("00000001-0000-4000-8000-000000000000");
const Instant noon = *parse_instant("2026-02-13T12:00:00Z");

BulkAsked initial_load() {
    return {"/bulk", std::nullopt, std::nullopt, "", 0};
}
BulkAsked follow(const std::string& cursor) {
    return {"/bulk?vervolg=" + cursor, std::nullopt, cursor, "", 0};
}
BulkAsked window(Instant from, std::uint64_t offset = 0) {
    const auto text = format_instant(from);
    return {"/bulk?van=" + text + "&vanaf=" + std::to_string(offset), from, std::nullopt, "van=" + text, offset};
}
BulkTold page(std::string cursor, bool is_last, Instant until = noon) {
    return {{{first, 1, false}}, until, std::move(cursor), is_last};
}

std::uint64_t count(const ClientRecord& record, FindingKind kind) {
    const auto findings = record.findings();
    const auto found = findings.find(kind);
    return found == findings.end() ? 0 : found->second.count;
}

TEST(ClientRecord, FindsNothingWrongWithAGoodClient) {
    ClientRecord record;
    record.asked_bulk(initial_load());
    record.told(initial_load(), page("a", false));
    record.asked_bulk(follow("a"));
    record.told(follow("a"), page("b", true));
    record.asked_bulk(follow("b"));
    record.told(follow("b"), page("c", true));
    record.asked_bulk(window(noon));
    record.told(window(noon), page("d", false, noon + 1min));
    record.asked_bulk(window(noon, 1));
    record.told(window(noon, 1), page("e", true, noon + 1min));
    record.delivered(first, 1);
    record.delivered(first, 2);
    EXPECT_TRUE(record.findings().empty());
}

TEST(ClientRecord, ARequestThatIsTriedAgainIsNoFault) {
    ClientRecord record;
    record.asked_bulk(initial_load());
    record.told(initial_load(), page("a", false));
    record.asked_bulk(initial_load());
    record.told(initial_load(), page("a", false));
    record.asked_bulk(follow("a"));
    record.asked_bulk(follow("a"));
    record.told(follow("a"), page("b", true));
    EXPECT_TRUE(record.findings().empty());
}

TEST(ClientRecord, SeesAWindowThatIsLeft) {
    ClientRecord record;
    record.told(initial_load(), page("a", false));
    record.asked_bulk(window(noon));
    EXPECT_EQ(count(record, FindingKind::left_window), 1U);
}

TEST(ClientRecord, SeesAWindowThatIsNotReadToItsEnd) {
    ClientRecord record;
    record.told(initial_load(), page("a", false));
    EXPECT_EQ(count(record, FindingKind::never_last), 1U);
}

TEST(ClientRecord, Pitfall31_SeesAClientThatUsesItsOwnClock) {
    ClientRecord record;
    record.told(initial_load(), page("a", true));
    record.asked_bulk(window(noon + 1s));
    EXPECT_EQ(count(record, FindingKind::own_clock), 1U);
    record.asked_bulk(window(noon - 1s));
    EXPECT_EQ(count(record, FindingKind::overlapping), 1U);
}

TEST(ClientRecord, Pitfall17_SeesAClientThatGoesOnAfterGone) {
    ClientRecord record;
    record.told_that_history_is_gone();
    record.asked_bulk(follow("a"));
    EXPECT_EQ(count(record, FindingKind::did_not_restart), 1U);
    record.asked_bulk(initial_load());
    record.asked_bulk(follow("b"));
    EXPECT_EQ(count(record, FindingKind::did_not_restart), 1U);
}

TEST(ClientRecord, SeesAClientThatDoesNotWait) {
    ClientRecord record;
    const ClientRecord::Time start{1h};
    record.told_to_wait(start, 2s);
    record.asked(start + 100ms, "/a");  // was on its way
    EXPECT_EQ(count(record, FindingKind::ignored_wait), 0U);
    record.asked(start + 1s, "/b");
    EXPECT_EQ(count(record, FindingKind::ignored_wait), 1U);
    record.asked(start + 2s, "/c");
    EXPECT_EQ(count(record, FindingKind::ignored_wait), 1U);
}

TEST(ClientRecord, SeesDocumentsThatAreFetchedForNothing) {
    ClientRecord record;
    record.delivered(first, 3);
    record.delivered(first, 3);
    EXPECT_EQ(count(record, FindingKind::needless_details), 1U);
}

TEST(ClientRecord, KeepsAFewExamplesAndCountsAll) {
    ClientRecord record;
    for (int i = 0; i < 100; ++i) record.delivered(first, 1);
    EXPECT_EQ(count(record, FindingKind::needless_details), 99U);
    EXPECT_EQ(record.findings()[FindingKind::needless_details].examples.size(), Finding::most_examples);
}

TEST(Finding, SaysEveryKindInThreeLanguages) {
    std::set<std::string_view> names;
    for (auto kind = FindingKind::held_erased; kind <= FindingKind::needless_details;
         kind = static_cast<FindingKind>(static_cast<int>(kind) + 1)) {
        const auto& text = text_of(kind);
        EXPECT_TRUE(names.insert(text.wire).second);
        for (const auto& each : {text.what, text.advice}) {
            EXPECT_FALSE(each.nl.empty() || each.fr.empty() || each.en.empty()) << text.wire;
            EXPECT_NE(each.nl, each.en);
        }
    }
}

constexpr const char* page_text =
    R"({"aantal":3,"resultaten":[{"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN",)"
    R"("gewijzigdOp":"2026-02-13T12:00:00.000000Z","versie":7},{"cvId":"00000002-0000-4000-8000-000000000000",)"
    R"("status":"OPEN","gewijzigdOp":"2026-02-13T12:00:01.000000Z","versie":1}],"tot":"2026-02-13T13:00:00.000000Z",)"
    R"("epoche":"x","laatste":true,"vervolg":"abc"})";

TEST(BulkBending, ReadsAPage) {
    const auto told = read_bulk(page_text);
    ASSERT_EQ(told.entries.size(), 2U);
    EXPECT_EQ(told.entries[0].version, 7U);
    EXPECT_EQ(told.cursor, "abc");
    EXPECT_TRUE(told.is_last);
    EXPECT_EQ(told.until, noon + 1h);
    EXPECT_TRUE(read_bulk("no page").entries.empty());
}

TEST(BulkBending, WithholdsAddsAndCounts) {
    Bending bending;
    bending.withholds = [](const BulkEntry& entry, Instant, std::string_view) { return entry.version == 7; };
    bending.added = {R"({"cvId":"00000003-0000-4000-8000-000000000000","versie":1})",
                     R"({"cvId":"00000004-0000-4000-8000-000000000000","versie":1})"};
    const auto text = bend_page(page_text, bending);
    EXPECT_EQ(read_bulk(text).entries.size(), 3U);
    EXPECT_NE(text.find("\"aantal\":4,"), std::string::npos) << text;
    EXPECT_NE(text.find("\"epoche\":\"x\""), std::string::npos) << "what it does not concern is copied: " << text;
    EXPECT_EQ(bend_page("no page", bending), "no page");
}

TEST(BulkBending, WritesTheNightOnWhichTheClockGoesBack) {
    Bending bending;
    bending.clock_goes_back_at = noon + 30min;
    const auto text = bend_page(page_text, bending);
    EXPECT_NE(text.find("2026-02-13T14:00:01.000000+02:00"), std::string::npos) << text;
    EXPECT_NE(text.find("2026-02-13T14:00:00.000000+01:00"), std::string::npos) << text;
    EXPECT_EQ(read_bulk(text).until, noon + 1h) << "the same instant";
}

}  // namespace
}  // namespace cvstroom::api
