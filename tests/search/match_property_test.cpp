// One large segment against CRoaring: codes of every density, ranks, silence, exclusion, dead rows, ranges of the log
// and rows from a source. Every count, page and set of rows must agree, in whichever form the match comes out.
#include "search/match.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <roaring/roaring.hh>
#include <set>

#include "index/segment_builder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::search {
namespace {

// Debian 12 ships CRoaring 0.2, which has its class in the global namespace.
using Rows = ::Roaring;
using index::Row;

constexpr Row size = 150'000;  // three blocks, the last one short
constexpr std::uint16_t ranks = 5;

// Code c is in one row of each; among them every row, and none.
constexpr std::uint32_t one_in[] = {1, 2, 3, 7, 20, 40, 63, 65, 100, 300, 1000, 5000, 40'000};
constexpr index::CodeNumber code_count = std::size(one_in);

struct World {
    index::Part part;
    std::map<std::pair<index::CodeNumber, std::uint16_t>, Rows> at_least;
    Rows dead;

    explicit World(std::uint32_t seed, bool has_dead) {
        std::mt19937 random(seed);
        index::SegmentBuilder builder;
        index::DocumentTerms document;
        for (Row row = 0; row < size; ++row) {
            document.terms.clear();
            for (index::CodeNumber code = 0; code < code_count; ++code) {
                if (random() % one_in[code] != 0) continue;
                // Every other code has ranks; some rows have one code twice, and then the greater rank counts.
                const auto rank = static_cast<std::uint16_t>(code % 2 == 0 ? 0 : random() % ranks);
                if (rank > 0 && random() % 4 == 0) document.terms.push_back(index::term_key(code, 0));
                document.terms.push_back(index::term_key(code, rank));
                for (std::uint16_t least = 0; least <= rank; ++least) at_least[{code, least}].add(row);
            }
            builder.add({test::make_id(row), seq_of(row), {}, 1}, document);
        }
        std::vector<Row> killed;
        for (Row row = 0; has_dead && row < size; ++row) {
            if (random() % 50 == 0) killed.push_back(row);
        }
        for (const Row row : killed) dead.add(row);
        part.segment = builder.build();
        part.dead = std::make_shared<index::DeadRows>(killed.empty() ? index::DeadRows()
                                                                     : index::DeadRows().with(killed, size));
    }
    static store::Seq seq_of(Row row) { return row * store::Seq{3} + 10; }
    Rows rows_of(const CodeAtLeast& wanted) const {
        const auto found = at_least.find({wanted.code, wanted.rank});
        return found == at_least.end() ? Rows() : found->second;
    }
    static Rows everything() {
        Rows rows;
        rows.addRange(0, size);
        return rows;
    }
};

class GivenRows final : public RowSource {
  public:
    enum class Form { list, bits, halves, candidates };
    GivenRows(std::vector<Row> rows, Form form) : rows_(std::move(rows)), form_(form) {
        index::RowList::write(rows_, units_);
    }
    Found add_sets(const index::Segment&, SourceSets& sets) const override {
        if (rows_.empty()) return Found::nothing;
        sets.begin_clause();
        switch (form_) {
            case Form::list:
                sets.add(index::RowsView::of_list(index::RowList(units_.data()), static_cast<Row>(rows_.size())));
                return Found::exact;
            case Form::bits:
                sets.add(bits(sets, 1));
                return Found::exact;
            case Form::halves:  // that overlap, and whose union is of a known size
                sets.add(bits(sets, 1));
                sets.add(bits(sets, 2));
                sets.set_size(rows_.size());
                return Found::exact;
            case Form::candidates:
                break;
        }
        const auto all = sets.make_words(size);
        for (Row row = 0; row < size; ++row) all[row / 64] |= std::uint64_t{1} << (row % 64);
        sets.add(index::RowsView::of_bits(all.data(), size));
        return Found::candidates;
    }
    void finish(const index::Segment&, std::vector<Row>& rows) const override {
        std::erase_if(rows, [&](Row row) { return !std::binary_search(rows_.begin(), rows_.end(), row); });
    }
    const std::vector<Row>& rows() const { return rows_; }

  private:
    // One row in so many.
    index::RowsView bits(SourceSets& sets, std::size_t one_in) const {
        const auto words = sets.make_words(size);
        Row count = 0;
        for (std::size_t i = 0; i < rows_.size(); i += one_in, ++count) {
            words[rows_[i] / 64] |= std::uint64_t{1} << (rows_[i] % 64);
        }
        return index::RowsView::of_bits(words.data(), count);
    }

    std::vector<Row> rows_;
    std::vector<std::uint16_t> units_;
    Form form_;
};

class Query {
  public:
    Query(const World& world, std::mt19937& random) : world_(world), random_(random), expected_(World::everything()) {
        for (std::uint32_t n = below(5); n > 0; --n) add_clause();
        if (below(4) == 0) add_source(1 + below(2) * below(3000), static_cast<GivenRows::Form>(below(4)));
        for (std::uint32_t n = below(3) == 0 ? below(3) : 0; n > 0; --n) {
            plan.excluded.push_back(any_code());
            expected_ -= world.rows_of(plan.excluded.back());
        }
        if (below(3) == 0) limit();
        expected_ -= world.dead;
    }

    // One clause whose size is known.
    static Query of_known_size(const World& world, std::mt19937& random) {
        Query query(world, random, World::everything());
        query.add_source(1 + query.below(10), GivenRows::Form::halves);
        query.expected_ -= world.dead;
        return query;
    }

    void check(MatchScratch& scratch, std::set<MatchForm>& seen) const {
        std::vector<Row> expected(expected_.cardinality());
        expected_.toUint32Array(expected.data());
        const Match match(plan, world_.part, scratch);
        seen.insert(match.form());
        ASSERT_EQ(match.count(), expected.size());
        for (const std::uint64_t skip : {std::uint64_t{0}, std::uint64_t{below(30)}, std::uint64_t{below(size)},
                                         std::uint64_t{expected.size() / 2}}) {
            std::vector<index::RowData> page;
            match.append(skip, 50, page);
            ASSERT_EQ(page.size(), skip >= expected.size() ? 0 : std::min<std::uint64_t>(50, expected.size() - skip));
            for (std::size_t i = 0; i < page.size(); ++i) {
                ASSERT_EQ(page[i].seq, World::seq_of(expected[expected.size() - 1 - skip - i])) << "skip " << skip;
            }
        }
        const MatchedRows rows = match.rows();
        ASSERT_EQ(rows.count, expected.size());
        for (index::CodeNumber code = 0; code <= code_count; ++code) {
            EXPECT_EQ(count_with_code(rows, *world_.part.segment, code),
                      expected_.and_cardinality(world_.rows_of({code, 0})));
        }
        for (std::size_t i = 0; i < expected.size(); i += 97) ASSERT_TRUE(rows.contains(expected[i]));
        for (Row row = 0; row < size; row += 101) ASSERT_EQ(rows.contains(row), expected_.contains(row));
    }

    Plan plan;

  private:
    Query(const World& world, std::mt19937& random, Rows expected)
        : world_(world), random_(random), expected_(std::move(expected)) {}

    std::uint32_t below(std::uint32_t count) const { return static_cast<std::uint32_t>(random_()) % count; }
    CodeAtLeast any_code() { return {below(code_count + 1), static_cast<std::uint16_t>(below(2) * below(ranks + 1))}; }

    void add_clause() {
        Clause clause;
        Rows rows;
        for (std::uint32_t n = below(3) == 0 ? below(6) + 1 : 1; n > 0; --n) {
            clause.any_of.push_back(any_code());
            rows |= world_.rows_of(clause.any_of.back());
        }
        if (below(5) == 0) {
            clause.silent = below(10) == 0 ? no_code : below(code_count);
            rows |= World::everything() - world_.rows_of({*clause.silent, 0});
        }
        expected_ &= rows;
        plan.clauses.push_back(std::move(clause));
    }
    void add_source(std::uint32_t one_in, GivenRows::Form form) {
        std::vector<Row> rows;
        for (Row row = 0; row < size; ++row) {
            if (below(one_in) == 0) rows.push_back(row);
        }
        Rows selected(rows.size(), rows.data());
        expected_ &= selected;
        Clause clause;
        clause.rows = std::make_shared<GivenRows>(std::move(rows), form);
        plan.clauses.push_back(std::move(clause));
    }
    void limit() {
        plan.from = below(3 * size);
        if (below(2) == 0) plan.until = plan.from + below(3 * size);
        Rows range;
        for (Row row = 0; row < size; ++row) {
            if (World::seq_of(row) >= plan.from && World::seq_of(row) < plan.until) range.add(row);
        }
        expected_ &= range;
    }

    const World& world_;
    std::mt19937& random_;
    Rows expected_;
};

class MatchProperty : public testing::TestWithParam<std::uint32_t> {};

TEST_P(MatchProperty, AgreesWithRoaringInEveryForm) {
    const World world(GetParam(), GetParam() % 2 == 0);
    std::mt19937 random(GetParam());
    MatchScratch scratch;
    std::set<MatchForm> seen;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int queries = 60;
#else
    constexpr int queries = 700;
#endif
    for (int n = 0; n < queries; ++n) {
        const Query query = n % 20 == 0 ? Query::of_known_size(world, random) : Query(world, random);
        ASSERT_NO_FATAL_FAILURE(query.check(scratch, seen)) << "query " << n;
    }
    EXPECT_TRUE(seen.contains(MatchForm::walk));
    EXPECT_TRUE(seen.contains(MatchForm::blocks));
    EXPECT_TRUE(seen.contains(MatchForm::counted));
    EXPECT_TRUE(seen.contains(MatchForm::nothing));
}

INSTANTIATE_TEST_SUITE_P(Seeds, MatchProperty, testing::Range(1U, 5U));

}  // namespace
}  // namespace cvstroom::search
