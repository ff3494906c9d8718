// The engine against the reference evaluator: random CVs, random changes, random merges, random criteria. Every total
// and every page must agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "candidate/canonical.hpp"
#include "index/index.hpp"
#include "index/terms.hpp"
#include "search/engine.hpp"
#include "tests/search/reference_evaluator.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::search {
namespace {

using candidate::Candidate;
using index::Dimension;

const reference::ReferenceData& lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return *loaded;
}

// Few codes of each kind, so that random criteria meet random documents often.
const std::map<Dimension, std::vector<std::string>> codes{
    {Dimension::study, {"MAE5AHH", "MAN1NOO", "UEH5AHH"}},
    {Dimension::region, {"BE231A", "BE231B", "BE231", "BE234B", "BE23", "BE241A", "BE2", "BE1"}},
    {Dimension::profession, {"M140201-1", "M130201-1", "N130101-1"}},
    {Dimension::competence, {"11721", "18138", "24557", "16394"}},
    {Dimension::soft_skill, {"5", "8", "12"}},
    {Dimension::language, {"N", "F", "E", "D"}},
    {Dimension::driving_licence, {"B", "BE", "D_VAK"}},
    {Dimension::own_car, {"true", "false"}},
    {Dimension::certificate, {"ATT001", "ATT002"}},
    {Dimension::work_regime, {"V", "D"}},
    {Dimension::work_system, {"D", "2", "3"}},
};

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_);
    }
    bool one_in(std::uint32_t count) { return below(count) == 0; }
    const std::string& code(Dimension dimension) {
        const auto& known = codes.at(dimension);
        return known[below(static_cast<std::uint32_t>(known.size()))];
    }
    std::vector<std::string> some(Dimension dimension, std::uint32_t most) {
        std::vector<std::string> found;
        for (std::uint32_t n = below(most) + 1; n > 0; --n) found.push_back(code(dimension));
        return found;
    }

  private:
    std::mt19937 random_;
};

void add_competences(Candidate& cv, Dice& dice) {
    auto& competences = cv.competences.emplace();
    const auto add = [&](const char* type, Dimension dimension) -> candidate::Competence& {
        competences.emplace_back();
        competences.back().type = type;
        competences.back().code = dice.code(dimension);
        return competences.back();
    };
    for (std::uint32_t n = dice.below(4); n > 0; --n) {
        auto& language = add("talen", Dimension::language);
        if (!dice.one_in(5)) language.level = std::to_string(dice.below(4));
    }
    for (std::uint32_t n = dice.below(3); n > 0; --n) {
        auto& competence = add("technischeCompetentie", Dimension::competence);
        if (!dice.one_in(5)) competence.score = std::to_string(41 + dice.below(3));
    }
    for (std::uint32_t n = dice.below(2); n > 0; --n) add("softSkill", Dimension::soft_skill);
}

void add_studies(Candidate& cv, Dice& dice) {
    auto& studies = cv.educations.emplace();
    for (std::uint32_t n = dice.below(3); n > 0; --n) {
        candidate::Education study;
        study.type = dice.one_in(6) ? "cursus" : "studie";
        study.name = dice.code(Dimension::study);
        if (!dice.one_in(4)) study.obtained_in = 1990 + dice.below(30);
        if (!dice.one_in(4)) study.has_diploma = !dice.one_in(3);
        studies.push_back(study);
    }
}

void add_certifications(Candidate& cv, Dice& dice) {
    auto& certifications = cv.certifications.emplace();
    for (std::uint32_t n = dice.below(3); n > 0; --n) {
        candidate::Certification each;
        const bool is_licence = !dice.one_in(3);
        each.type = is_licence ? "rijbewijs" : "attest";
        each.code = dice.code(is_licence ? Dimension::driving_licence : Dimension::certificate);
        if (is_licence && dice.one_in(2)) each.has_own_car = dice.one_in(2);
        certifications.push_back(each);
    }
}

void add_wanted_job(Candidate& cv, Dice& dice) {
    auto& job = cv.wanted_job.emplace();
    if (!dice.one_in(4)) job.regions = dice.some(Dimension::region, 3);
    if (!dice.one_in(4)) job.work_regimes = dice.some(Dimension::work_regime, 2);
    if (!dice.one_in(4)) job.work_systems = dice.some(Dimension::work_system, 2);
    auto& functions = job.functions.emplace();
    for (std::uint32_t n = dice.below(3); n > 0; --n) {
        candidate::WantedFunction function;
        if (!dice.one_in(4)) function.experience = std::to_string(dice.below(5));
        function.profile = candidate::ProfessionProfile{dice.code(Dimension::profession), {}};
        functions.push_back(function);
    }
}

Candidate random_candidate(const Uuid& id, Dice& dice) {
    Candidate cv;
    cv.id = id;
    cv.changed_on = test::some_day;
    if (!dice.one_in(8)) add_competences(cv, dice);
    if (!dice.one_in(8)) add_studies(cv, dice);
    if (!dice.one_in(8)) add_certifications(cv, dice);
    if (!dice.one_in(8)) add_wanted_job(cv, dice);
    return cv;
}

Value random_value(Dimension dimension, Dice& dice) {
    Value value{dice.code(dimension), 0};
    if (dice.one_in(2)) return value;
    if (dimension == Dimension::language) value.least_rank = static_cast<std::uint16_t>(dice.below(4));
    if (dimension == Dimension::profession) value.least_rank = static_cast<std::uint16_t>(dice.below(5));
    if (dimension == Dimension::competence) value.least_rank = static_cast<std::uint16_t>(41 + dice.below(3));
    if (dimension == Dimension::study)
        value.least_rank = static_cast<std::uint16_t>(dice.one_in(2) ? 1 : 1990 + dice.below(30));
    return value;
}

struct Published {
    Candidate cv;
    store::Seq seq;
    Instant instant;
};

// The index and, beside it, the plain truth.
class World {
  public:
    explicit World(std::uint32_t seed) : dice(seed) {}

    void apply_batch(std::uint32_t size, std::uint32_t ids) {
        std::map<Uuid, index::Entry> batch;  // the last change of a CV in the batch is the one that counts
        std::vector<index::Entry> entries;
        for (std::uint32_t n = 0; n < size; ++n) {
            const Uuid id = test::make_id(dice.below(ids));
            index::Entry entry;
            entry.change = {++seq_, instant_of(seq_), id, candidate::Status::open, 1, test::some_day, 0};
            if (batch.contains(id)) {
                for (auto& earlier : entries) {
                    if (earlier.change.cv == id) earlier.counts = false;
                }
            }
            if (dice.one_in(6)) {
                entry.change.status = candidate::Status::erased;
                published.erase(id);
            } else {
                Published now{random_candidate(id, dice), seq_, instant_of(seq_)};
                collect(now.cv, entry.document.terms);
                published.insert_or_assign(id, std::move(now));
            }
            batch[id] = entry;
            entries.push_back(std::move(entry));
        }
        {
            const std::lock_guard lock(truths_mutex_);
            truths_[seq_] = std::make_shared<const Truth>(published);
        }
        index.apply(entries, seq_);
    }

    // What was published when the index stood at this watermark. Any thread.
    using Truth = std::map<Uuid, Published>;
    std::shared_ptr<const Truth> truth_at(store::Seq watermark) const {
        const std::lock_guard lock(truths_mutex_);
        return truths_.at(watermark);
    }

    static Instant instant_of(store::Seq seq) {
        return Instant{std::chrono::microseconds{static_cast<std::int64_t>(seq)}};
    }

    Criteria random_criteria() { return random_criteria(dice, seq_); }
    static Criteria random_criteria(Dice& dice, store::Seq last) {
        Criteria criteria;
        std::vector<Dimension> dimensions;
        for (const auto& [dimension, known] : codes) dimensions.push_back(dimension);
        for (std::uint32_t n = dice.below(4); n > 0; --n) {
            const auto pick = dice.below(static_cast<std::uint32_t>(dimensions.size()));
            Criterion criterion{dimensions[pick], dice.one_in(4), {}, {}};
            dimensions.erase(dimensions.begin() + pick);
            for (std::uint32_t k = dice.below(3) + (dice.one_in(4) ? 0U : 1U); k > 0; --k) {
                criterion.wanted.push_back(random_value(criterion.dimension, dice));
            }
            if (dice.one_in(3)) criterion.excluded.push_back(random_value(criterion.dimension, dice));
            criteria.criteria.push_back(std::move(criterion));
        }
        criteria.keep_unknown = dice.one_in(3);
        if (dice.one_in(4)) criteria.changed_from = instant_of(dice.below(static_cast<std::uint32_t>(last) + 10));
        if (dice.one_in(4)) criteria.changed_until = instant_of(dice.below(static_cast<std::uint32_t>(last) + 10));
        return criteria;
    }

    std::vector<store::Seq> expected(const Criteria& criteria) const { return expected(criteria, published); }
    static std::vector<store::Seq> expected(const Criteria& criteria, const std::map<Uuid, Published>& published) {
        std::vector<store::Seq> seqs;
        for (const auto& [id, each] : published) {
            if (test::satisfies(each.cv, each.instant, criteria, lists())) seqs.push_back(each.seq);
        }
        std::sort(seqs.rbegin(), seqs.rend());
        return seqs;
    }

    Plan plan(const Criteria& criteria) const {
        Plan made = make_plan(criteria, index.dictionary());
        // An instant here is its seq: see instant_of().
        if (criteria.changed_from)
            made.from = static_cast<store::Seq>(criteria.changed_from->time_since_epoch().count());
        if (criteria.changed_until)
            made.until = static_cast<store::Seq>(criteria.changed_until->time_since_epoch().count());
        return made;
    }

    Dice dice;
    index::Index index;
    std::map<Uuid, Published> published;

  private:
    void collect(const Candidate& cv, std::vector<index::TermKey>& terms) {
        candidate::FactReader reader;
        const std::string json = candidate::to_canonical(cv);
        index::collect_terms(**reader.read(json), lists(), index.dictionary(), terms);
    }

    store::Seq seq_ = 0;
    mutable std::mutex truths_mutex_;
    std::map<store::Seq, std::shared_ptr<const Truth>> truths_;
};

void expect_agreement(World& world, const Criteria& criteria) {
    const auto expected = world.expected(criteria);
    const auto snapshot = world.index.snapshot();
    const std::uint64_t offset =
        world.dice.one_in(2) ? 0 : world.dice.below(static_cast<std::uint32_t>(expected.size()) + 5);
    const std::uint32_t count = world.dice.below(50) + 1;
    const Page page = run(world.plan(criteria), *snapshot, offset, count);
    ASSERT_EQ(page.total, expected.size());
    std::vector<store::Seq> wanted;
    for (std::uint64_t i = offset; i < expected.size() && i < offset + count; ++i) wanted.push_back(expected[i]);
    std::vector<store::Seq> got;
    for (const auto& row : page.rows) got.push_back(row.seq);
    ASSERT_EQ(got, wanted) << "offset " << offset << ", count " << count;
}

class EngineProperty : public testing::TestWithParam<std::uint32_t> {};

TEST_P(EngineProperty, AgreesWithTheReferenceEvaluatorThroughChangesAndMerges) {
    World world(GetParam());
    for (int round = 0; round < 30; ++round) {
        world.apply_batch(world.dice.below(60) + 1, 300);
        while (world.dice.one_in(3) && world.index.merge()) {
        }
        for (int query = 0; query < 12; ++query)
            ASSERT_NO_FATAL_FAILURE(expect_agreement(world, world.random_criteria()));
    }
}

TEST_P(EngineProperty, FindsEveryPublishedCvAndNoOther) {
    World world(GetParam());
    for (int round = 0; round < 20; ++round) {
        world.apply_batch(world.dice.below(40) + 1, 60);
        if (world.dice.one_in(2)) world.index.merge();
        const auto snapshot = world.index.snapshot();
        EXPECT_EQ(snapshot->live(), world.published.size());
        for (std::uint32_t n = 0; n < 60; ++n) {
            const auto place = snapshot->find(test::make_id(n));
            const auto truth = world.published.find(test::make_id(n));
            ASSERT_EQ(place.has_value(), truth != world.published.end()) << n;
            if (place) {
                ASSERT_EQ(snapshot->parts[place->part].segment->row(place->row).seq, truth->second.seq);
            }
        }
    }
}

// Chooses the versions whose seq leaves a remainder, as a set or by looking at the rows that are left.
class RemainderSource final : public RowSource {
  public:
    RemainderSource(store::Seq divisor, bool is_set) : divisor_(divisor), is_set_(is_set) {}
    bool selects(store::Seq seq) const { return seq % divisor_ == 0; }
    Found add_sets(const index::Segment& segment, SourceSets& sets) const override {
        const auto words = sets.make_words(segment.size());
        std::uint32_t count = 0;
        for (index::Row row = 0; row < segment.size(); ++row) {
            if (is_set_ && !selects(segment.row(row).seq)) continue;
            words[row / 64] |= std::uint64_t{1} << (row % 64);
            ++count;
        }
        if (count == 0) return Found::nothing;
        sets.begin_clause();
        sets.add(index::RowsView::of_bits(words.data(), count));
        return is_set_ ? Found::exact : Found::candidates;
    }
    void finish(const index::Segment& segment, std::vector<index::Row>& rows) const override {
        std::erase_if(rows, [&](index::Row row) { return !selects(segment.row(row).seq); });
    }

  private:
    store::Seq divisor_;
    bool is_set_;
};

TEST_P(EngineProperty, TakesRowsFromASourceAsOneMoreClause) {
    World world(GetParam());
    for (int round = 0; round < 40; ++round) {
        world.apply_batch(world.dice.below(60) + 1, 300);
        if (world.dice.one_in(3)) world.index.merge();
        const auto criteria = world.random_criteria();
        const auto source = std::make_shared<RemainderSource>(world.dice.below(40) + 1, world.dice.one_in(2));
        Plan plan = world.plan(criteria);
        plan.clauses.push_back({{}, std::nullopt, source});
        auto expected = world.expected(criteria);
        std::erase_if(expected, [&](store::Seq seq) { return !source->selects(seq); });
        const auto snapshot = world.index.snapshot();
        std::vector<store::Seq> paged;
        for (const auto& row : run(plan, *snapshot, 0, 1000).rows) paged.push_back(row.seq);
        ASSERT_EQ(paged, expected);
        std::vector<store::Seq> visited;
        visit_matches(plan, *snapshot, [&](std::size_t part, const MatchedRows& rows) {
            const auto& segment = *snapshot->parts[part].segment;
            std::uint64_t count = 0;
            for (index::Row row = segment.size(); row-- > 0;) {
                if (!rows.contains(row)) continue;
                visited.push_back(segment.row(row).seq);
                ++count;
            }
            EXPECT_EQ(rows.count, count);
        });
        ASSERT_EQ(visited, expected);
    }
}

TEST_P(EngineProperty, CountsTheMatchesWithACode) {
    World world(GetParam());
    for (int round = 0; round < 10; ++round) {
        world.apply_batch(world.dice.below(60) + 1, 300);
        if (world.dice.one_in(2)) world.index.merge();
        Criteria criteria = world.random_criteria();
        criteria.keep_unknown = false;
        const auto snapshot = world.index.snapshot();
        for (const auto code : world.index.dictionary().codes_of(Dimension::language)) {
            std::uint64_t counted = 0;
            visit_matches(world.plan(criteria), *snapshot, [&](std::size_t part, const MatchedRows& rows) {
                counted += count_with_code(rows, *snapshot->parts[part].segment, code);
            });
            Criteria narrower = criteria;
            narrower.criteria.push_back(
                {Dimension::language, false, {{std::string(world.index.dictionary().code(code)), 0}}, {}});
            ASSERT_EQ(counted, world.expected(narrower).size());
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, EngineProperty, testing::Range(1U, 17U));

TEST(Engine, AnswersAnEmptyIndex) {
    const index::Index index;
    const Page page = run({}, *index.snapshot(), 0, 20);
    EXPECT_EQ(page.total, 0U);
    EXPECT_TRUE(page.rows.empty());
}

TEST(Engine, MergesKeepFewSegments) {
    World world(1);
    for (int round = 0; round < 200; ++round) {
        world.apply_batch(5, 100'000);
        while (world.index.merge()) {
        }
        ASSERT_LE(world.index.snapshot()->parts.size(), 8U);
    }
}

// Readers hold snapshots while one thread applies and another merges; ThreadSanitizer watches (DESIGN 3).
TEST(Engine, ReadersSeeWholeSnapshotsWhileChangesAndMergesRun) {
    World world(7);
    world.apply_batch(500, 1000);
    std::atomic<bool> is_done = false;
    std::thread merger([&] {
        while (!is_done) {
            if (!world.index.merge()) std::this_thread::yield();
        }
    });
    std::vector<std::thread> readers;
    for (int n = 0; n < 2; ++n) {
        readers.emplace_back([&] {
            store::Seq last = 0;
            while (!is_done) {
                const auto snapshot = world.index.snapshot();
                EXPECT_GE(snapshot->watermark, last);
                last = snapshot->watermark;
                const Page page = run({}, *snapshot, 0, 200);
                EXPECT_EQ(page.total, snapshot->live());
                for (std::size_t i = 1; i < page.rows.size(); ++i) EXPECT_LT(page.rows[i].seq, page.rows[i - 1].seq);
            }
        });
    }
    for (int round = 0; round < 150; ++round) world.apply_batch(20, 1000);
    is_done = true;
    merger.join();
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(world.index.snapshot()->live(), world.published.size());
}

// Every answer is right for the state of the log that its snapshot stands at, while one thread changes CVs and another
// merges and rewrites segments.
TEST(Engine, AgreesWithTheReferenceEvaluatorWhileChangesAndMergesRun) {
    World world(9);
    world.apply_batch(300, 400);
    std::atomic<bool> is_done = false;
    std::thread merger([&] {
        while (!is_done) {
            if (!world.index.merge() && !world.index.purge()) std::this_thread::yield();
        }
    });
    std::atomic<int> compared = 0;
    std::vector<std::thread> readers;
    for (std::uint32_t n = 0; n < 2; ++n) {
        readers.emplace_back([&, n] {
            Dice dice(100 + n);
            while (!is_done) {
                const auto snapshot = world.index.snapshot();
                const auto truth = world.truth_at(snapshot->watermark);
                const auto criteria = World::random_criteria(dice, snapshot->watermark);
                const Page page = run(world.plan(criteria), *snapshot, 0, 1000);
                std::vector<store::Seq> found;
                for (const auto& row : page.rows) found.push_back(row.seq);
                ASSERT_EQ(found, World::expected(criteria, *truth));
                ++compared;
            }
        });
    }
    for (int round = 0; round < 120; ++round) world.apply_batch(5, 400);
    while (compared < 200 && !testing::Test::HasFailure()) std::this_thread::yield();
    is_done = true;
    merger.join();
    for (auto& reader : readers) reader.join();
}

}  // namespace
}  // namespace cvstroom::search
