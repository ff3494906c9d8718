// What store.hpp promises, held against every implementation: a new one adds a factory at the end of this file.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::store {
namespace {

using namespace std::chrono_literals;
using candidate::Status;
using test::make_erasure;
using test::make_id;
using test::make_write;

// Opens the store of one test again and again: the same data each time.
using Factory = std::function<std::unique_ptr<SqliteStore>(const std::filesystem::path&, const Clock&)>;
struct Implementation {
    std::string name;
    Factory open;
};

class StoreConformance : public testing::TestWithParam<Implementation> {
  protected:
    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    std::unique_ptr<SqliteStore> store_ = open();

    std::unique_ptr<SqliteStore> open() { return GetParam().open(folder_.path(), clock_); }

    WriteResult append(const Write& write) { return store_->append(std::span(&write, 1)).value().front(); }
    std::vector<Change> log() { return store_->changes_after(0, 1'000'000).value(); }
    static void expect_sound(const std::vector<Change>& log) {
        std::map<Uuid, const Change*> last;
        for (std::size_t i = 0; i < log.size(); ++i) {
            ASSERT_EQ(log[i].seq, i + 1) << "seq has a gap";
            if (i > 0) {
                ASSERT_GE(log[i].instant, log[i - 1].instant) << "instant falls";
            }
            const auto before = last.find(log[i].cv);
            if (before != last.end()) {
                ASSERT_EQ(before->second->superseded_by, log[i].seq);
                ASSERT_EQ(log[i].version, before->second->version + 1);
            } else {
                ASSERT_EQ(log[i].version, 1U);
            }
            last[log[i].cv] = &log[i];
        }
        for (const auto& [cv, change] : last) ASSERT_EQ(change->superseded_by, 0U);
    }
};

TEST_P(StoreConformance, AnEmptyStoreHasAnEmptyLogAndAHorizon) {
    const Head head = store_->head().value();
    EXPECT_EQ(head.seq, 0U);
    EXPECT_EQ(head.published, 0U);
    EXPECT_EQ(head.horizon, clock_.now());
    EXPECT_FALSE(store_->current(make_id(1)).value());
    EXPECT_FALSE(store_->document(1).value());
    EXPECT_EQ(store_->first_at_or_after(Instant{}).value(), 1U);
}

TEST_P(StoreConformance, TakesNoDocumentThatWasCheckedWithOtherListsThanThoseThatCount) {
    auto checked = make_write(make_id(1), R"({"a":1})");
    checked.lists_revision = store_->lists_revision().value();
    EXPECT_EQ(append(checked).effect, Effect::created);
    ASSERT_TRUE(store_->add_list({"talen", 0, clock_.now(), "tester", 0, {}, true}, "", {}));
    const std::vector batch{make_write(make_id(2), R"({"a":2})"), checked};
    const auto refused = store_->append(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(store_->head().value().seq, 1U) << "nothing of the batch";
    EXPECT_EQ(append(make_erasure(make_id(1))).effect, Effect::erased);
    checked.lists_revision = store_->lists_revision().value();
    EXPECT_EQ(append(checked).effect, Effect::created);
}

TEST_P(StoreConformance, AsksALastTimeBeforeAListCountsAndNobodyCanWriteBetween) {
    const ListVersion list{"talen", 0, clock_.now(), "tester", 0, {}, true};
    const auto other = open();
    std::thread writer;
    std::atomic<bool> is_written = false;
    const auto added = store_->add_list(list, "", [&]() -> Result<void> {
        writer = std::thread([&] {
            const auto write = make_write(make_id(1), R"({"a":1})");
            is_written = other->append(std::span(&write, 1)).has_value();
        });
        EXPECT_EQ(store_->head().value().seq, 0U) << "it can read";
        std::this_thread::sleep_for(20ms);
        EXPECT_FALSE(is_written);
        return {};
    });
    writer.join();
    EXPECT_TRUE(is_written);
    EXPECT_EQ(added.value(), 1U);
    const auto refused =
        store_->add_list(list, "", []() -> Result<void> { return fail(ErrorCode::conflict, "not now"); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "not now");
    EXPECT_EQ(store_->list_versions().value().size(), 1U);
}

TEST_P(StoreConformance, StoresADocumentAndGivesItBack) {
    const auto result = append(make_write(make_id(1), R"({"a":1})"));
    EXPECT_EQ(result.effect, Effect::created);
    EXPECT_EQ(result.version, 1U);
    EXPECT_EQ(result.seq, 1U);
    const auto change = store_->current(make_id(1)).value();
    ASSERT_TRUE(change);
    EXPECT_EQ(change->status, Status::open);
    EXPECT_EQ(change->changed_on, test::some_day);
    EXPECT_EQ(decompress_document(*store_->document(1).value()).value(), R"({"a":1})");
    EXPECT_EQ(store_->head().value().published, 1U);
}

TEST_P(StoreConformance, AnIdenticalDocumentIsNoChange) {
    append(make_write(make_id(1), "same"));
    const auto again = append(make_write(make_id(1), "same"));
    EXPECT_EQ(again.effect, Effect::unchanged);
    EXPECT_EQ(again.version, 1U);
    EXPECT_EQ(log().size(), 1U);
    EXPECT_EQ(append(make_write(make_id(1), "same", Status::closed)).effect, Effect::changed);
}

TEST_P(StoreConformance, ANewVersionReplacesTheDocument) {
    append(make_write(make_id(1), "one"));
    const auto second = append(make_write(make_id(1), "two"));
    EXPECT_EQ(second.effect, Effect::changed);
    EXPECT_EQ(second.version, 2U);
    EXPECT_FALSE(store_->document(1).value()) << "the old version is not kept";
    expect_sound(log());
}

TEST_P(StoreConformance, AWithdrawnCvKeepsItsDocumentForTheProvider) {
    append(make_write(make_id(1), "one"));
    const auto closed = append(make_write(make_id(1), "one", Status::closed));
    EXPECT_TRUE(store_->document(closed.seq).value());
    EXPECT_EQ(store_->head().value().published, 0U);
    EXPECT_EQ(append(make_write(make_id(1), "one")).effect, Effect::changed);
    EXPECT_EQ(store_->head().value().published, 1U);
}

TEST_P(StoreConformance, ErasingRemovesTheDocumentAndKeepsTheTombstone) {
    append(make_write(make_id(1), "one"));
    const auto erased = append(make_erasure(make_id(1)));
    EXPECT_EQ(erased.effect, Effect::erased);
    EXPECT_FALSE(store_->document(1).value());
    EXPECT_FALSE(store_->document(erased.seq).value());
    EXPECT_EQ(store_->current(make_id(1)).value()->status, Status::erased);
    EXPECT_EQ(append(make_erasure(make_id(1))).effect, Effect::unchanged);
    EXPECT_EQ(append(make_erasure(make_id(2))).effect, Effect::unknown);
    EXPECT_EQ(log().size(), 2U);
}

TEST_P(StoreConformance, Pitfall34_ErasedAndMadeAgainGoesOnCounting) {
    append(make_write(make_id(1), "one"));
    append(make_erasure(make_id(1)));
    const auto back = append(make_write(make_id(1), "one"));
    EXPECT_EQ(back.effect, Effect::created);
    EXPECT_EQ(back.version, 3U);
    expect_sound(log());
}

TEST_P(StoreConformance, AnExpectedVersionGuardsAgainstALostUpdate) {
    auto write = make_write(make_id(1), "one");
    write.expected_version = 1;
    EXPECT_EQ(append(write).effect, Effect::outdated);
    write.expected_version = 0;
    EXPECT_EQ(append(write).effect, Effect::created);
    EXPECT_EQ(append(write).effect, Effect::outdated);
    auto next = make_write(make_id(1), "two");
    next.expected_version = 1;
    EXPECT_EQ(append(next).effect, Effect::changed);
    const auto refused = append(next);
    EXPECT_EQ(refused.effect, Effect::outdated);
    EXPECT_EQ(refused.version, 2U);
    EXPECT_EQ(log().size(), 2U);
}

TEST_P(StoreConformance, WritesOfOneCvInABatchApplyInOrder) {
    const std::vector batch{make_write(make_id(1), "one"), make_write(make_id(1), "two"), make_erasure(make_id(1)),
                            make_write(make_id(1), "three")};
    const auto results = store_->append(batch).value();
    EXPECT_EQ(results.back().version, 4U);
    expect_sound(log());
    EXPECT_EQ(store_->head().value().published, 1U);
}

TEST_P(StoreConformance, Pitfall01_InstantsOfTransactionsRiseWhateverTheClockDoes) {
    append(make_write(make_id(1), "x"));
    append(make_write(make_id(2), "x"));  // the clock stands still
    clock_.advance(-1h);
    append(make_write(make_id(3), "x"));
    clock_.advance(2h);
    append(make_write(make_id(4), "x"));
    const auto entries = log();
    for (std::size_t i = 1; i < entries.size(); ++i) EXPECT_GT(entries[i].instant, entries[i - 1].instant);
    EXPECT_GT(store_->head().value().horizon, entries.back().instant);
}

TEST_P(StoreConformance, Pitfall01_TheHorizonHoldsAcrossARestart) {
    append(make_write(make_id(1), "x"));
    clock_.advance(1h);
    const Instant promised = store_->advance_horizon().value().horizon;
    EXPECT_EQ(promised, clock_.now());
    store_.reset();
    clock_.advance(-3h);
    store_ = open();
    EXPECT_EQ(store_->advance_horizon().value().horizon, promised);
    append(make_write(make_id(2), "x"));
    EXPECT_GE(log().back().instant, promised);
}

TEST_P(StoreConformance, FindsTheFirstEntryAtOrAfterAnInstant) {
    for (std::uint32_t n = 0; n < 10; ++n) {
        append(make_write(make_id(n), "x"));
        clock_.advance(10us);
    }
    for (const auto& change : log()) {
        EXPECT_EQ(store_->first_at_or_after(change.instant).value(), change.seq);
        EXPECT_EQ(store_->first_at_or_after(change.instant + 1us).value(), change.seq + 1);
    }
}

TEST_P(StoreConformance, KeepsItsIdentityAcrossARestart) {
    append(make_write(make_id(1), "x"));
    const Uuid epoch = store_->epoch();
    const std::vector<std::uint8_t> secret(store_->secret().begin(), store_->secret().end());
    store_.reset();
    store_ = open();
    EXPECT_EQ(store_->epoch(), epoch);
    EXPECT_TRUE(std::equal(secret.begin(), secret.end(), store_->secret().begin()));
    EXPECT_EQ(log().size(), 1U);
}

TEST_P(StoreConformance, VisitsEveryPublishedDocumentInLogOrder) {
    for (std::uint32_t n = 0; n < 20; ++n) append(make_write(make_id(n), std::to_string(n)));
    append(make_erasure(make_id(3)));
    append(make_write(make_id(4), "closed", Status::closed));
    append(make_write(make_id(5), "five again"));
    std::vector<Seq> seqs;
    std::size_t bytes = 0;
    ASSERT_TRUE(store_->visit_published(0, 1000, [&](const Change& change, std::string_view document) {
        seqs.push_back(change.seq);
        bytes += decompress_document(document).value().size();
        return true;
    }));
    EXPECT_EQ(seqs.size(), store_->head().value().published);
    EXPECT_TRUE(std::is_sorted(seqs.begin(), seqs.end()));
    EXPECT_EQ(seqs.back(), 23U);
    std::size_t visited = 0;
    ASSERT_TRUE(store_->visit_published(0, 1000, [&](const Change&, std::string_view) { return ++visited < 3; }));
    EXPECT_EQ(visited, 3U) << "a visitor can stop";
}

TEST_P(StoreConformance, WakesWhoeverWaitsForAChange) {
    EXPECT_EQ(store_->wait_for_change(0, 1ms), 0U);
    std::thread writer([&] {
        std::this_thread::sleep_for(20ms);
        append(make_write(make_id(1), "x"));
    });
    EXPECT_EQ(store_->wait_for_change(0, 30s), 1U);
    writer.join();
}

TEST_P(StoreConformance, Pitfall04_ManyWritersMakeOneGaplessOrder) {
    auto second = open();  // as another process would
    std::vector<std::thread> writers;
    for (std::uint32_t writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&, writer] {
            std::mt19937 random(writer);
            Store& target = writer % 2 == 0 ? *store_ : *second;
            for (int n = 0; n < 30; ++n) {
                std::vector<Write> batch;
                for (std::uint32_t k = random() % 4 + 1; k > 0; --k) {
                    batch.push_back(
                        make_write(make_id(static_cast<std::uint32_t>(random() % 50)), std::to_string(random() % 3)));
                }
                EXPECT_TRUE(target.append(batch));
            }
        });
    }
    // Pitfall 5: what a reader has seen once stays, and nothing appears before it.
    std::vector<Change> seen;
    while (seen.size() < 20) {
        const auto now = store_->changes_after(0, 1'000'000).value();
        ASSERT_GE(now.size(), seen.size());
        for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(now[i].cv, seen[i].cv);
        seen = now;
    }
    for (auto& writer : writers) writer.join();
    expect_sound(log());
    EXPECT_GT(second->wait_for_change(seen.size(), 30s), seen.size());
}

// Random histories against a model in memory: every range, outline and page.
TEST_P(StoreConformance, RangesAgreeWithAPlainModel) {
    std::mt19937 random(42);
    for (int n = 0; n < 400; ++n) {
        const Uuid id = make_id(static_cast<std::uint32_t>(random() % 30));
        switch (random() % 6) {
            case 0:
                append(make_erasure(id));
                break;
            case 1:
                append(make_write(id, std::to_string(random() % 4), Status::closed));
                break;
            default:
                append(make_write(id, std::to_string(random() % 4)));
        }
    }
    const auto entries = log();
    expect_sound(entries);
    for (int n = 0; n < 200; ++n) {
        LogRange range{random() % (entries.size() + 1), random() % (entries.size() + 1), random() % 2 == 0};
        if (range.from > range.until) std::swap(range.from, range.until);
        std::vector<Seq> expected;
        for (const auto& change : entries) {
            const bool is_last = change.superseded_by == 0 || change.superseded_by > range.until;
            const bool counts = !range.only_published || change.status == Status::open;
            if (change.seq > range.from && change.seq <= range.until && is_last && counts)
                expected.push_back(change.seq);
        }
        const auto outline = store_->outline(range, 7).value();
        ASSERT_EQ(outline.count, expected.size());
        for (std::size_t i = 0; i < outline.fence.size(); ++i) ASSERT_EQ(outline.fence[i], expected[i * 7]);
        const Seq after = random() % (entries.size() + 1);
        const std::size_t limit = random() % 20 + 1;
        std::vector<Seq> page;
        const auto changes = store_->read_range(range, after, limit).value();
        for (const auto& change : changes) page.push_back(change.seq);
        std::erase_if(expected, [&](Seq seq) { return seq <= after; });
        if (expected.size() > limit) expected.resize(limit);
        ASSERT_EQ(page, expected);
    }
}

TEST_P(StoreConformance, KeepsKeysAndTellsWhenTheyChange) {
    PartnerStore& keys = *store_;
    const auto before = keys.keys_revision().value();
    ASSERT_TRUE(keys.insert_key({"cvs_1", sha256("secret"), "partner", "cv", clock_.now(), {}, {}, {}, "An"}, {}));
    EXPECT_NE(keys.keys_revision().value(), before);
    EXPECT_EQ(keys.insert_key({"cvs_1", {}, "other", "cv", clock_.now()}, {}).error().code, ErrorCode::conflict);
    EXPECT_EQ(keys.revoke_key("cvs_2", clock_.now(), "An", {}).error().code, ErrorCode::not_found);
    const Instant revoked = clock_.now();
    ASSERT_TRUE(keys.revoke_key("cvs_1", revoked, "Bo", {}));
    ASSERT_TRUE(keys.revoke_key("cvs_1", revoked + 1s, "Cis", {}));
    const auto records = keys.keys().value();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].partner, "partner");
    EXPECT_EQ(records[0].digest, sha256("secret"));
    EXPECT_EQ(records[0].revoked, revoked) << "the first revocation counts";
    EXPECT_EQ(records[0].issued_by, "An");
    EXPECT_EQ(records[0].revoked_by, "Bo");
}

TEST_P(StoreConformance, RotatesAKeyWholeOrNotAtAll) {
    PartnerStore& keys = *store_;
    const Instant until = clock_.now() + 24h;
    ASSERT_TRUE(keys.insert_key({"cvs_1", {}, "partner", "cv", clock_.now()}, {}));
    EXPECT_FALSE(keys.rotate_key("cvs_1", until, {"cvs_1", {}, "partner", "cv", clock_.now()}, {})) << "a taken prefix";
    EXPECT_FALSE(keys.keys().value()[0].expires) << "nothing of it was done";
    ASSERT_TRUE(keys.rotate_key("cvs_1", until, {"cvs_2", {}, "partner", "cv", clock_.now()}, {}));
    ASSERT_TRUE(keys.rotate_key("cvs_1", until + 24h, {"cvs_3", {}, "partner", "cv", clock_.now()}, {}));
    EXPECT_EQ(keys.keys().value()[0].expires, until) << "an earlier end stays";
}

TEST_P(StoreConformance, KeepsPartnersWithTheirHistory) {
    PartnerStore& partners = *store_;
    const PartnerRecord made{"Interim", "a@b.example", "aangevraagd", {}, {}};
    ASSERT_TRUE(partners.add_partner(made, {0, "Interim", {}, "An", "aanvraag", ""}));
    EXPECT_EQ(partners.add_partner({"INTERIM", "", "aangevraagd", {}, {}}, {0, "INTERIM", {}, "An", "aanvraag", ""})
                  .error()
                  .code,
              ErrorCode::conflict);
    PartnerRecord changed{"Interim",
                          "c@d.example",
                          "actief",
                          ContractRecord{"R-1", test::some_day, "Bo"},
                          {{"cv", "anoniem", 5, 6}, {"referentie", "volledig", 7, 8}}};
    for (const auto& expected : {PartnerRecord{"Interim", "", "goedgekeurd", {}, {}},
                                 PartnerRecord{"Interim", "", "aangevraagd", {}, {{"cv", "volledig", 5, 6}}}}) {
        EXPECT_EQ(partners.change_partner(changed, expected, {0, "Interim", {}, "An", "x", ""}, false).error().code,
                  ErrorCode::conflict)
            << "somebody else was first";
    }
    clock_.advance(-1h);  // the clock is turned back
    ASSERT_TRUE(partners.change_partner(changed, made, {0, "Interim", {}, "Cis", "activering", "d"}, false));
    const auto found = partners.partner("interim").value().value();
    EXPECT_EQ(found.name, "Interim");
    EXPECT_EQ(found.state, "actief");
    EXPECT_EQ(found.contract->signed_by, "Bo");
    EXPECT_EQ(found.contract->signed_on, test::some_day);
    EXPECT_EQ(found.subscriptions, changed.subscriptions);
    const auto events = partners.partner_events("Interim").value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].who, "Cis");
    EXPECT_GE(events[1].instant, events[0].instant) << "time does not fall along the history";
    EXPECT_FALSE(partners.partner("nobody").value());
    EXPECT_EQ(partners.partners().value().size(), 1U);
}

TEST_P(StoreConformance, AddsUsageUpByDayAndKeepsTheLatestUseOfAKey) {
    PartnerStore& partners = *store_;
    ASSERT_TRUE(partners.add_partner({"Interim", "", "actief", {}, {}}, {0, "Interim", {}, "An", "aanvraag", ""}));
    ASSERT_TRUE(partners.insert_key({"cvs_1", {}, "Interim", "", clock_.now()}, {}));
    const auto revision = partners.keys_revision().value();
    const Instant late = clock_.now() + 2h;
    const std::vector<UsageRecord> usage{{"Interim", "cv", test::some_day, 10, 1}};
    ASSERT_TRUE(partners.add_usage(usage, std::vector<KeyUse>{{"cvs_1", late}}));
    ASSERT_TRUE(partners.add_usage(usage, std::vector<KeyUse>{{"cvs_1", late - 1h}}));
    const auto days = partners.usage("Interim").value();
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].served, 20U);
    EXPECT_EQ(days[0].refused, 2U);
    EXPECT_EQ(partners.keys().value()[0].last_used, late);
    EXPECT_EQ(partners.keys_revision().value(), revision) << "use is no news for who admits";
    EXPECT_GE(partners.latest_instant().value(), late);
}

TEST_P(StoreConformance, TellsTheWholeHistoryOfOneCv) {
    ASSERT_TRUE(store_->append(std::vector{make_write(make_id(1), "a"), make_write(make_id(2), "b")}));
    ASSERT_TRUE(store_->append(std::vector{make_write(make_id(1), "c")}));
    ASSERT_TRUE(store_->append(std::vector{make_erasure(make_id(1))}));
    const auto history = store_->history(make_id(1)).value();
    ASSERT_EQ(history.size(), 3U);
    EXPECT_EQ(history[0].seq, 1U);
    EXPECT_EQ(history[0].superseded_by, 3U);
    EXPECT_EQ(history[1].version, 2U);
    EXPECT_EQ(history[2].status, candidate::Status::erased);
    EXPECT_TRUE(store_->history(make_id(3)).value().empty());
    EXPECT_TRUE(store_->scrub(std::chrono::seconds{1}).value());
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreConformance,
    testing::Values(Implementation{
        "sqlite",
        [](const std::filesystem::path& folder, const Clock& clock) {
            return SqliteStore::open(folder / "cv.db", SqliteStore::Mode::create_if_missing, clock).value();
        }}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace cvstroom::store
