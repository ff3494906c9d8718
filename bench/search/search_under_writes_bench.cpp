// Searches of one thread while changes come in: the same queries quiet and under writes, in turn, in one run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <thread>

#include "bench/search/database.hpp"
#include "bench/search/queries.hpp"
#include "index/follower.hpp"
#include "index/text_extension.hpp"
#include "search/engine.hpp"
#include "store/intake.hpp"

namespace cvstroom::bench {
namespace {

struct Options {
    std::uint64_t cvs = 1'000'000;
    std::uint64_t changes_a_second = 1000;
    int turns = 3;
    double seconds = 5;
    std::filesystem::path folder = ".";
};

// Stores new versions of random CVs at a steady rate, twenty in a transaction, while it lives.
class Writer {
  public:
    Writer(store::Store& store, const Options& options, const reference::ReferenceData& lists,
           const sandbox::Generator& generator)
        : thread_([&] { write(store, options, lists, generator); }) {}
    ~Writer() {
        stopping_ = true;
        thread_.join();
    }
    std::uint64_t written() const { return written_; }

  private:
    void write(store::Store& store, const Options& options, const reference::ReferenceData& lists,
               const sandbox::Generator& generator) {
        constexpr std::uint64_t batch = 20;
        store::Intake intake(lists);
        std::string json;
        auto next = std::chrono::steady_clock::now();
        std::uint64_t state = static_cast<std::uint64_t>(next.time_since_epoch().count());
        while (!stopping_) {
            std::vector<store::Write> writes;
            for (std::uint64_t n = 0; n < batch; ++n) {
                state = state * 6364136223846793005U + 1442695040888963407U;
                json.clear();
                generator.append((state >> 33U) % options.cvs, json);
                // Another person's content under this id would do as well: all that counts is that something changed.
                json.insert(1, fmt::format("\"iklId\":{},", state >> 40U));
                auto write = intake.prepare(without_second_ikl(json));
                if (write) writes.push_back(std::move(*write));
            }
            if (const auto stored = store.append(writes)) written_ += writes.size();
            next += std::chrono::microseconds{1'000'000 * batch / options.changes_a_second};
            std::this_thread::sleep_until(next);
        }
    }
    static std::string without_second_ikl(std::string json) {
        const auto second = json.find("\"iklId\":", 10);
        if (second == std::string::npos) return json;
        const auto comma = json.find_first_of(",}", second);
        return json.erase(second, json[comma] == ',' ? comma + 1 - second : comma - second);
    }

    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> written_ = 0;
    std::thread thread_;
};

std::vector<double> search_for(double seconds, const std::vector<Query>& queries, const index::Index& index) {
    std::vector<double> times;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t n = 0; seconds_since(begin) < seconds; ++n) {
        const auto& query = queries[n % queries.size()];
        const auto started = std::chrono::steady_clock::now();
        const auto snapshot = index.snapshot();
        search::run(query.plan, *snapshot, query.offset, query.count);
        times.push_back(seconds_since(started) * 1e6);
    }
    return times;
}

void print(const char* what, std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
    };
    fmt::print("{:<14} {:>9} searches, p50 {:>7.1f} µs, p95 {:>7.1f} µs, p99 {:>7.1f} µs, p99.9 {:>7.1f} µs\n", what,
               times.size(), at(0.5), at(0.95), at(0.99), at(0.999));
}

int run(const Options& options) {
    const auto lists = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    const auto generator = sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1).value();
    const auto database = options.folder / fmt::format("cv-{}.db", options.cvs);
    const auto store = open_database(database, options.cvs, *lists, *generator);
    index::Index index(&index::text_extension());
    const reference::CurrentLists current(lists);
    index::Follower follower(*store, index, current);
    if (!follower.rebuild({})) return 1;
    const auto corpus = Corpus::make(options.cvs, *lists, *generator, index);
    const auto queries = make_queries(1200, corpus, index, lists->places(), 1);
    follower.start();
    std::vector<double> quiet;
    std::vector<double> busy;
    search_for(1, queries, index);
    std::uint64_t written = 0;
    for (int turn = 0; turn < options.turns; ++turn) {
        const auto calm = search_for(options.seconds, queries, index);
        quiet.insert(quiet.end(), calm.begin(), calm.end());
        const Writer writer(*store, options, *lists, *generator);
        search_for(0.5, queries, index);
        const auto before = writer.written();
        const auto times = search_for(options.seconds, queries, index);
        written += writer.written() - before;
        busy.insert(busy.end(), times.begin(), times.end());
    }
    print("quiet", quiet);
    print("under writes", busy);
    const auto p99 = [](const std::vector<double>& sorted) { return sorted[sorted.size() * 99 / 100]; };
    fmt::print("{:.0f} changes a second; p99 {:.2f} times the quiet one; {} segments, {} dead rows\n",
               static_cast<double>(written) / (options.turns * options.seconds), p99(busy) / p99(quiet),
               index.snapshot()->parts.size(), [&] {
                   std::uint64_t dead = 0;
                   for (const auto& part : index.snapshot()->parts) dead += part.dead->size();
                   return dead;
               }());
    follower.stop();
    return 0;
}

}  // namespace
}  // namespace cvstroom::bench

int main(int argc, char** argv) {
    cvstroom::bench::Options options;
    CLI::App app("Searches while changes come in, beside the same searches when none do.");
    app.add_option("--cvs", options.cvs)->capture_default_str();
    app.add_option("--changes", options.changes_a_second, "a second")->capture_default_str();
    app.add_option("--turns", options.turns, "of quiet and writes")->capture_default_str();
    app.add_option("--seconds", options.seconds, "of each half of a turn")->capture_default_str();
    app.add_option("--folder", options.folder, "where the database is made, or kept from before")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return cvstroom::bench::run(options);
}
