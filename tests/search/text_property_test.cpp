// Free text, distance, facets and orders against the reference evaluator and against SQLite FTS5, through changes and
// merges.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <set>

#include "search/engine.hpp"
#include "search/explanation.hpp"
#include "search/facets.hpp"
#include "search/ranking.hpp"
#include "search/sources.hpp"
#include "search/text_ranking.hpp"
#include "tests/search/reference_text.hpp"
#include "tests/search/text_world.hpp"

namespace cvstroom::search {
namespace {

using index::Dimension;
using test::real_lists;
using test::TextWorld;

std::string random_term(TextWorld& world) {
    const auto kind = world.below(6);
    if (kind == 0) return '"' + world.text(3) + '"';
    std::string word = world.word();
    while (index::fold(word).empty()) word = world.word();
    if (kind != 1) return word;
    const auto folded = index::fold(word);
    return folded.size() > 4 && folded.find(' ') == std::string::npos ? folded.substr(0, 3 + world.below(3)) + '*'
                                                                      : word;
}

// A query that has something to look for and is valid.
TextQuery random_query(TextWorld& world) {
    for (;;) {
        std::string text;
        for (std::uint32_t n = world.below(3) + 1; n > 0; --n) {
            text += (world.one_in(5) ? "-" : "") + random_term(world) + ' ';
        }
        std::vector<LocalText> faults;
        auto query = parse_text_query(text, faults);
        if (faults.empty()) return query;
    }
}

Criteria random_criteria(TextWorld& world) {
    Criteria criteria;
    criteria.keep_unknown = world.one_in(3);
    if (!world.one_in(4)) criteria.text = random_query(world);
    if (world.one_in(2)) {
        constexpr std::array<reference::Postcode, 4> centres{1000, 9300, 2800, 8400};
        criteria.around = Around{world.one_of(centres), std::nullopt};
        if (!world.one_in(4)) criteria.around->kilometres = 1 + world.below(80);
    }
    if (world.one_in(3)) {
        criteria.criteria.push_back({Dimension::language, world.one_in(3), {{"N", 2}, {"F", 0}}, {}});
    }
    if (world.one_in(5)) criteria.criteria.push_back({Dimension::region, false, {{"BE23", 0}}, {{"BE231B", 0}}});
    return criteria;
}

struct Planned {
    Plan plan;
    Sources sources;
};

Planned plan_for(const TextWorld& world, const Criteria& criteria) {
    Planned planned{make_plan(criteria, world.index.dictionary()), {}};
    planned.sources = add_sources(criteria, real_lists().places(), planned.plan);
    return planned;
}

std::vector<store::Seq> seqs_of(const std::vector<const TextWorld::Published*>& expected) {
    std::vector<store::Seq> seqs;
    for (const auto* each : expected) seqs.push_back(each->seq);
    return seqs;
}

std::string describe(const Criteria& criteria) {
    return criteria.text ? to_string(*criteria.text) : "no text";
}

void grow(TextWorld& world) {
    world.apply_batch(world.below(60) + 1, 300);
    while (world.one_in(3) && world.index.merge()) {
    }
}

class TextProperty : public testing::TestWithParam<std::uint32_t> {};

TEST_P(TextProperty, FindsWhatTheReferenceEvaluatorFinds) {
    TextWorld world(GetParam());
    for (int round = 0; round < 25; ++round) {
        grow(world);
        for (int query = 0; query < 15; ++query) {
            const auto criteria = random_criteria(world);
            const auto page = run(plan_for(world, criteria).plan, *world.index.snapshot(), 0, 1000);
            std::vector<store::Seq> got;
            for (const auto& row : page.rows) got.push_back(row.seq);
            ASSERT_EQ(got, seqs_of(world.expected(criteria))) << describe(criteria);
            ASSERT_EQ(page.total, got.size());
        }
    }
}

TEST_P(TextProperty, ReadsSingleDocumentsAsTheIndexDoes) {
    TextWorld world(GetParam() + 100);
    world.apply_batch(80, 100);
    candidate::FactReader reader;
    for (int query = 0; query < 20; ++query) {
        Criteria criteria;
        criteria.text = random_query(world);
        for (const auto& [id, each] : world.published) {
            const auto json = candidate::to_canonical(each.cv);
            const auto* facts = *reader.read(json);
            const bool is_match = test::matches(each.cv, *criteria.text);
            ASSERT_EQ(matches(*criteria.text, *facts), is_match) << describe(criteria) << json;
            if (!is_match) continue;
            // Each term that is asked for is found somewhere.
            std::set<std::string> found;
            for (const auto& finding : explain(criteria, *facts, real_lists())) found.insert(finding.asked);
            for (const auto& term : criteria.text->terms) {
                ASSERT_EQ(found.contains(term.typed), !term.is_excluded) << describe(criteria);
            }
        }
    }
}

TEST_P(TextProperty, SortsByDistanceThenNewestFirst) {
    TextWorld world(GetParam() + 200);
    for (int round = 0; round < 10; ++round) {
        grow(world);
        auto criteria = random_criteria(world);
        criteria.around = Around{9300, std::nullopt};
        const auto metres = [](const candidate::Candidate& cv) {
            const auto postcode = test::postcode_of(cv);
            const auto code = candidate::parse_postcode(postcode);
            const auto distance = real_lists().places().distance(9300, code);
            return distance ? std::lround(*distance * 1000) : 1'000'000'000L;
        };
        auto expected = world.expected(criteria);
        std::stable_sort(expected.begin(), expected.end(),
                         [&](const auto* a, const auto* b) { return metres(a->cv) < metres(b->cv); });
        const auto planned = plan_for(world, criteria);
        const std::uint32_t offset = world.below(static_cast<std::uint32_t>(expected.size()) + 3);
        const auto page =
            run_by_distance(planned.plan, *planned.sources.distances, *world.index.snapshot(), offset, 25);
        ASSERT_EQ(page.total, expected.size());
        ASSERT_EQ(page.rows.size(),
                  std::min<std::size_t>(25, expected.size() - std::min<std::size_t>(offset, expected.size())));
        for (std::size_t i = 0; i < page.rows.size(); ++i) {
            ASSERT_EQ(page.rows[i].row.seq, expected[offset + i]->seq) << i;
        }
    }
}

TEST_P(TextProperty, CountsFacetsAsTheReferenceDoes) {
    TextWorld world(GetParam() + 300);
    for (int round = 0; round < 8; ++round) {
        grow(world);
        const auto criteria = random_criteria(world);
        for (const auto dimension :
             {Dimension::language, Dimension::region, Dimension::study, Dimension::certificate}) {
            const auto others = without_own(criteria, dimension);
            std::vector<const candidate::Candidate*> cvs;
            for (const auto* each : world.expected(others)) cvs.push_back(&each->cv);
            const auto truth = test::count_facet(cvs, dimension, real_lists());
            const auto facet =
                count_facet(dimension, plan_for(world, others).plan, *world.index.snapshot(), world.index.dictionary());
            std::map<std::string, std::uint64_t> got;
            for (const auto& value : facet.values) got[value.code] = value.count;
            ASSERT_EQ(got, truth.values);
            ASSERT_EQ(facet.distinct, truth.values.size());
            ASSERT_EQ(facet.silent, truth.silent);
            ASSERT_TRUE(std::is_sorted(facet.values.begin(), facet.values.end(),
                                       [](const auto& a, const auto& b) { return a.count > b.count; }));
        }
    }
}

// The formula, over the documents: BM25F with the frequencies of all rows that the snapshot has. Without dead rows,
// those are the published ones.
double score_of(const std::vector<std::string>& title, const std::vector<std::string>& query, double rows,
                const std::map<std::string, double>& rows_with, double average) {
    double sum = 0;
    for (const auto& word : query) {
        const double frequency = 4.0 * static_cast<double>(std::count(title.begin(), title.end(), word));
        const double length = 4.0 * static_cast<double>(title.size());
        const double with = rows_with.at(word);
        sum += std::log(1 + (rows - with + 0.5) / (with + 0.5)) * frequency * 2.2 /
               (frequency + 1.2 * (0.25 + 0.75 * length / average));
    }
    return sum;
}

TEST(TextRanking, IsBm25) {
    index::Index index(&index::text_extension());
    const std::vector<std::vector<std::string>> titles{
        {"kok"}, {"kok", "kok"}, {"bakker", "kok", "slager"}, {"bakker"}, {"slager", "slager", "slager", "bakker"}};
    std::vector<index::Entry> entries;
    std::map<std::string, double> rows_with;
    double length = 0;
    for (std::uint32_t n = 0; n < titles.size(); ++n) {
        index::Entry entry;
        entry.change = {n + 1, Instant{}, test::make_id(n), candidate::Status::open, 1, test::some_day, 0};
        entry.document.extension = "0";
        for (const auto& word : titles[n])
            entry.document.extension += (entry.document.extension == "0" ? "" : " ") + word;
        entry.document.extension += '\n';
        for (const auto& word : std::set<std::string>(titles[n].begin(), titles[n].end())) ++rows_with[word];
        length += 4.0 * static_cast<double>(titles[n].size());
        entries.push_back(entry);
    }
    index.apply(entries, titles.size());
    std::vector<LocalText> faults;
    const std::vector<std::string> words{"kok", "bakker"};
    const TextPlan plan(parse_text_query("kok bakker", faults));
    TextRanker ranker(plan, *index.snapshot());
    ranker.enter(0);
    for (std::uint32_t n = 0; n < titles.size(); ++n) {
        EXPECT_NEAR(ranker.score(n), score_of(titles[n], words, 5, rows_with, length / 5), 1e-4) << n;
    }
}

TEST_P(TextProperty, RanksEveryMatchOnceAndBestFirst) {
    TextWorld world(GetParam() + 400);
    for (int round = 0; round < 10; ++round) {
        grow(world);
        Criteria criteria;
        criteria.text = random_query(world);
        const auto planned = plan_for(world, criteria);
        const auto& text = planned.sources.text->plan();
        const auto whole = run_by_relevance(planned.plan, text, *world.index.snapshot(), 0, 10'000);
        std::vector<store::Seq> got;
        for (std::size_t i = 0; i < whole.rows.size(); ++i) {
            got.push_back(whole.rows[i].row.seq);
            ASSERT_GT(whole.rows[i].score, 0) << describe(criteria);
            if (i > 0) {
                ASSERT_LE(whole.rows[i].score, whole.rows[i - 1].score);
            }
        }
        // Pages are slices of the whole.
        const std::uint32_t offset = world.below(static_cast<std::uint32_t>(got.size()) + 2);
        const auto page = run_by_relevance(planned.plan, text, *world.index.snapshot(), offset, 7);
        for (std::size_t i = 0; i < page.rows.size(); ++i) ASSERT_EQ(page.rows[i].row.seq, got[offset + i]);
        std::sort(got.rbegin(), got.rend());
        ASSERT_EQ(got, seqs_of(world.expected(criteria)));
    }
}

// Sanitized code is slow: it gets fewer worlds.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint32_t worlds = 2;
#else
constexpr std::uint32_t worlds = 8;
#endif
INSTANTIATE_TEST_SUITE_P(Seeds, TextProperty, testing::Range(1U, worlds + 1));

// SQLite FTS5 beside the index, fed with the same analysed words: each a token of its own, in four columns, one for
// the word and one for each language's stem.
class FullTextSearch {
  public:
    FullTextSearch() {
        EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
        run("CREATE VIRTUAL TABLE t USING fts5(cv UNINDEXED, word, dutch, french, english, tokenize='ascii')");
    }
    ~FullTextSearch() { sqlite3_close(database_); }
    FullTextSearch(const FullTextSearch&) = delete;
    FullTextSearch& operator=(const FullTextSearch&) = delete;

    void add(store::Seq cv, const std::string& text) {
        std::string columns[4];
        index::TokenList list;
        index::tokenize(text, list);
        for (std::size_t i = 0; i < list.tokens.size(); ++i) {
            const auto forms = forms_of(list.word(i));
            for (std::size_t column = 0; column < 4; ++column) columns[column] += forms[column] + ' ';
        }
        run("INSERT INTO t VALUES (" + std::to_string(cv) + ",'" + columns[0] + "','" + columns[1] + "','" +
            columns[2] + "','" + columns[3] + "')");
    }

    std::set<store::Seq> find(const TextQuery& query) {
        std::string sql = "SELECT cv FROM t";
        for (const auto& term : query.terms) {
            if (!term.is_excluded) sql += " INTERSECT SELECT cv FROM t WHERE t MATCH '" + match_of(term) + "'";
        }
        for (const auto& term : query.terms) {
            if (term.is_excluded) sql += " EXCEPT SELECT cv FROM t WHERE t MATCH '" + match_of(term) + "'";
        }
        return run(sql);
    }

    // FTS5 has no phrase of which a step is one of several columns.
    static bool can_find(const TextQuery& query) {
        return std::all_of(query.terms.begin(), query.terms.end(), [](const TextTerm& term) {
            return term.steps.size() == 1 ||
                   std::all_of(term.steps.begin(), term.steps.end(),
                               [](const TextStep& step) { return step.how != TextStep::How::inflected; });
        });
    }

  private:
    // A token of letters and digits for any word.
    static std::string token(std::string_view word) {
        static constexpr char digits[] = "0123456789abcdef";
        std::string made = "w";
        for (const char c : word) {
            made += digits[static_cast<unsigned char>(c) >> 4U];
            made += digits[static_cast<unsigned char>(c) & 15U];
        }
        return made;
    }
    std::array<std::string, 4> forms_of(std::string_view word) {
        return {token(word), token(stemmer_.stem(index::StemLanguage::dutch, word)),
                token(stemmer_.stem(index::StemLanguage::french, word)),
                token(stemmer_.stem(index::StemLanguage::english, word))};
    }
    std::string match_of(const TextTerm& term) {
        if (term.steps.size() == 1 && term.steps[0].how == TextStep::How::inflected) {
            const auto forms = forms_of(term.steps[0].word);
            return "word: " + forms[0] + " OR dutch: " + forms[1] + " OR french: " + forms[2] +
                   " OR english: " + forms[3];
        }
        std::string phrase = "word: ";
        for (const auto& step : term.steps) {
            if (&step != &term.steps.front()) phrase += " + ";
            phrase += token(step.word);
            if (step.how == TextStep::How::prefix) phrase += " *";
        }
        return phrase;
    }
    std::set<store::Seq> run(const std::string& sql) {
        std::set<store::Seq> found;
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database_) << ": " << sql;
        int step = 0;
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
            found.insert(static_cast<store::Seq>(sqlite3_column_int64(statement, 0)));
        }
        EXPECT_EQ(step, SQLITE_DONE) << sqlite3_errmsg(database_) << ": " << sql;
        sqlite3_finalize(statement);
        return found;
    }

    sqlite3* database_ = nullptr;
    index::Stemmer stemmer_;
};

TEST_P(TextProperty, FindsWhatSqliteFindsInTheSameWords) {
    TextWorld world(GetParam() + 500);
    world.apply_batch(150, 1000);
    world.apply_batch(150, 1000);
    FullTextSearch sqlite;
    for (const auto& [id, each] : world.published) {
        for (const auto& text : test::texts_of(each.cv)) sqlite.add(each.seq, text);
    }
    int compared = 0;
    while (compared < 100) {
        Criteria criteria;
        criteria.text = random_query(world);
        if (!FullTextSearch::can_find(*criteria.text)) continue;
        ++compared;
        const auto page = run(plan_for(world, criteria).plan, *world.index.snapshot(), 0, 1000);
        std::set<store::Seq> got;
        for (const auto& row : page.rows) got.insert(row.seq);
        ASSERT_EQ(got, sqlite.find(*criteria.text)) << describe(criteria);
    }
}

}  // namespace
}  // namespace cvstroom::search
