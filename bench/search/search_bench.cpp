// Searches over generated CVs: cvstroom's engine beside PostgreSQL and Lucene in one run, in turn, with the same
// answers. bench/search/run starts it with everything that it needs.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

#include "bench/search/engines.hpp"
#include "index/text_extension.hpp"
#include "search/bit_kernels.hpp"

namespace cvstroom::bench {
namespace {

struct Options {
    std::uint64_t cvs = 1'000'000;
    std::size_t queries = 1200;
    std::uint64_t seed = 1;
    int rounds = 5;
    std::string postgres;
    std::string lucene;
    std::filesystem::path folder = ".";
    std::filesystem::path results;
};

// Times of one engine on one query, in microseconds.
using Times = std::vector<double>;

double percentile(Times times, double share) {
    std::sort(times.begin(), times.end());
    return times[std::min(times.size() - 1, static_cast<std::size_t>(share * static_cast<double>(times.size())))];
}

double median(const Times& times) {
    return percentile(times, 0.5);
}

class Bench {
  public:
    explicit Bench(Options options) : options_(std::move(options)) {}

    int run() {
        prepare();
        load();
        queries_ = make_queries(options_.queries, *corpus_, index_, lists_->places(), options_.seed);
        for (const auto& query : queries_) pointers_.push_back(&query);
        times_.assign(engines_.size(), std::vector<Times>(queries_.size()));
        ask_round(false);  // warms up, and checks
        for (int round = 0; round < options_.rounds; ++round) ask_round(true);
        report();
        if (!options_.results.empty()) write_results();
        return 0;
    }

  private:
    void prepare() {
        fmt::print("{} CVs, {} queries, seed {}, {} rounds, bitset loops: {}\n", options_.cvs, options_.queries,
                   options_.seed, options_.rounds, search::kernels().name);
        lists_ = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
        const auto generator = sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1).value();
        corpus_ = std::make_unique<Corpus>(Corpus::make(options_.cvs, *lists_, *generator, index_));
        words_ = options_.folder / "words.tsv";
        if (!options_.postgres.empty() || !options_.lucene.empty()) corpus_->write_words(words_, index_.dictionary());
        engines_.push_back(make_cvstroom(index_));
        if (!options_.lucene.empty()) {
            engines_.push_back(make_lucene(options_.lucene, options_.folder / "lucene", index_.dictionary()));
        }
        if (!options_.postgres.empty()) engines_.push_back(make_postgres(options_.postgres, index_.dictionary()));
    }
    void load() {
        fmt::print("\n{:<12} {:>10} {:>12}\n", "", "load s", "bytes a CV");
        for (auto& engine : engines_) {
            const auto loaded = engine->load(*corpus_, words_);
            fmt::print("{:<12} {:>10} {:>12.1f}\n", engine->name(),
                       loaded.seconds > 0 ? fmt::format("{:.1f}", loaded.seconds) : "reused",
                       loaded.bytes / static_cast<double>(options_.cvs));
        }
        const auto& segment = *index_.snapshot()->parts.front().segment;
        fmt::print("  of cvstroom's, rows {:.1f}, terms {:.1f}, free text {:.1f}\n",
                   static_cast<double>(segment.row_bytes()) / segment.size(),
                   static_cast<double>(segment.posting_bytes()) / segment.size(),
                   static_cast<double>(segment.extension()->bytes()) / segment.size());
    }
    // In turn, some queries at a time: whatever else the machine does hits all alike.
    void ask_round(bool counts) {
        constexpr std::size_t turn = 100;
        for (std::size_t first = 0; first < queries_.size(); first += turn) {
            const auto some = std::span(pointers_).subspan(first, std::min(turn, queries_.size() - first));
            std::vector<Answer> reference;
            for (std::size_t engine = 0; engine < engines_.size(); ++engine) {
                auto answers = engines_[engine]->ask(some);
                for (std::size_t i = 0; i < some.size(); ++i) {
                    if (counts) times_[engine][first + i].push_back(answers[i].microseconds);
                    if (engine > 0) check(*some[i], reference[i], answers[i], engines_[engine]->name());
                }
                if (engine == 0) reference = std::move(answers);
            }
        }
    }
    void check(const Query& query, const Answer& expected, const Answer& got, const std::string& engine) {
        if (expected.total == got.total && expected.page == got.page) return;
        give_up(fmt::format("answers differ: cvstroom finds {}, {} finds {} for {}", expected.total, engine, got.total,
                            line_of(query, index_.dictionary())));
    }

    // Every query counts with its median over the rounds.
    Times medians(std::size_t engine, const std::string& kind) const {
        Times all;
        for (std::size_t i = 0; i < queries_.size(); ++i) {
            if (kind.empty() || queries_[i].kind == kind) all.push_back(median(times_[engine][i]));
        }
        return all;
    }
    double ratio(std::size_t engine, const std::string& kind) const {
        double logarithms = 0;
        const auto own = medians(0, kind);
        const auto other = medians(engine, kind);
        for (std::size_t i = 0; i < own.size(); ++i) logarithms += std::log(other[i] / own[i]);
        return std::exp(logarithms / static_cast<double>(own.size()));
    }
    std::vector<std::string> kinds() const {
        std::vector<std::string> kinds;
        for (const auto& query : queries_) kinds.push_back(query.kind);
        std::sort(kinds.begin(), kinds.end());
        kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
        return kinds;
    }
    // A line for each engine and kind of query: CVs, engine, kind, median µs, 99th percentile, times as long as
    // cvstroom.
    void write_results() const {
        std::ofstream out(options_.results, std::ios::app);
        auto all = kinds();
        all.emplace_back("all");
        for (std::size_t engine = 0; engine < engines_.size(); ++engine) {
            for (const auto& kind : all) {
                const std::string which = kind == "all" ? "" : kind;
                Times times;
                for (std::size_t i = 0; i < queries_.size(); ++i) {
                    if (!which.empty() && queries_[i].kind != which) continue;
                    times.insert(times.end(), times_[engine][i].begin(), times_[engine][i].end());
                }
                fmt::print(out, "{}\t{}\t{}\t{:.2f}\t{:.2f}\t{:.2f}\n", options_.cvs, engines_[engine]->name(), kind,
                           median(medians(engine, which)), percentile(times, 0.99), ratio(engine, which));
            }
        }
    }
    void report() const {
        auto kinds = this->kinds();
        fmt::print("\nmedian of each class in µs, and how many times as long as cvstroom (geometric mean)\n{:<28}", "");
        for (const auto& engine : engines_) fmt::print(" {:>12} {:>8}", engine->name(), "");
        fmt::print("\n");
        kinds.emplace_back();
        for (const auto& kind : kinds) {
            fmt::print("{:<28}", kind.empty() ? "all" : kind);
            for (std::size_t engine = 0; engine < engines_.size(); ++engine) {
                fmt::print(" {:>12.1f} {:>8}", median(medians(engine, kind)),
                           engine == 0 ? "" : fmt::format("{:.1f}x", ratio(engine, kind)));
            }
            fmt::print("\n");
        }
        fmt::print("\nall queries and rounds\n{:<12} {:>10} {:>10} {:>10} {:>12}\n", "", "p50 µs", "p95 µs", "p99 µs",
                   "queries/s");
        for (std::size_t engine = 0; engine < engines_.size(); ++engine) {
            Times all;
            for (const auto& times : times_[engine]) all.insert(all.end(), times.begin(), times.end());
            const double sum = std::accumulate(all.begin(), all.end(), 0.0);
            fmt::print("{:<12} {:>10.1f} {:>10.1f} {:>10.1f} {:>12.0f}\n", engines_[engine]->name(),
                       percentile(all, 0.5), percentile(all, 0.95), percentile(all, 0.99),
                       static_cast<double>(all.size()) / sum * 1e6);
        }
    }

    Options options_;
    std::shared_ptr<const reference::ReferenceData> lists_;
    index::Index index_{&index::text_extension()};
    std::unique_ptr<Corpus> corpus_;
    std::filesystem::path words_;
    std::vector<std::unique_ptr<Engine>> engines_;
    std::vector<Query> queries_;
    std::vector<const Query*> pointers_;
    std::vector<std::vector<Times>> times_;  // by engine, by query
};

}  // namespace
}  // namespace cvstroom::bench

int main(int argc, char** argv) {
    cvstroom::bench::Options options;
    CLI::App app("Compares searches over generated CVs; bench/search/run starts it with the other engines.");
    app.add_option("--cvs", options.cvs, "CVs to generate")->capture_default_str();
    app.add_option("--queries", options.queries)->capture_default_str();
    app.add_option("--rounds", options.rounds, "that count, after one that warms up")->capture_default_str();
    app.add_option("--seed", options.seed, "of the queries")->capture_default_str();
    app.add_option("--postgres", options.postgres, "connection of a PostgreSQL to compare with");
    app.add_option("--lucene", options.lucene, "command that starts LuceneEngine");
    app.add_option("--results", options.results, "file to add the figures to, as tab-separated lines");
    app.add_option("--folder", options.folder, "for files of this run")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return cvstroom::bench::Bench(options).run();
}
