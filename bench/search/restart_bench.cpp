// From the start of the program to the first right answer: from saved segments, and by a full rebuild from the store.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/search/database.hpp"
#include "index/follower.hpp"
#include "index/text_extension.hpp"
#include "search/engine.hpp"

namespace cvstroom::bench {
namespace {

struct Start {
    double seconds = 0;
    double bytes = 0;
    bool was_rebuilt = false;
};

// What a node does before it serves, and one search over everything.
Start start(const std::filesystem::path& database, const reference::CurrentLists& lists, bool saves) {
    const double before = resident_bytes();
    const auto begin = std::chrono::steady_clock::now();
    static const SystemClock clock;
    const auto store = store::SqliteStore::open(database, store::SqliteStore::Mode::open_existing, clock).value();
    const auto saved = index::SavedIndex::open(index::saved_index_folder(database)).value();
    index::Index index(&index::text_extension());
    index::Follower follower(*store, index, lists, saved.get());
    Start result;
    const auto opened = follower.open([&](std::uint64_t, std::uint64_t) { result.was_rebuilt = true; });
    if (!opened || search::run({}, *index.snapshot(), 0, 20).total != store->head()->published) {
        fmt::print(stderr, "the index is not right\n");
        std::exit(1);
    }
    result.seconds = seconds_since(begin);
    result.bytes = resident_bytes() - before;
    double terms = 0;
    double rows = 0;
    double extension = 0;
    for (const auto& part : index.snapshot()->parts) {
        rows += static_cast<double>(part.segment->row_bytes());
        terms += static_cast<double>(part.segment->posting_bytes());
        if (part.segment->extension() != nullptr) extension += static_cast<double>(part.segment->extension()->bytes());
    }
    const auto cvs = static_cast<double>(store->head()->published);
    fmt::print("  bytes a CV: rows {:.1f}, terms {:.1f}, text {:.1f}\n", rows / cvs, terms / cvs, extension / cvs);
    if (saves) {
        follower.start();
        const auto save_begin = std::chrono::steady_clock::now();
        follower.stop();
        fmt::print("  saved in {:.2f} s\n", seconds_since(save_begin));
    }
    return result;
}

int run(std::uint64_t cvs, const std::filesystem::path& folder) {
    const auto lists = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    const auto generator = sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1).value();
    const auto database = folder / fmt::format("cv-{}.db", cvs);
    open_database(database, cvs, *lists, *generator).reset();
    std::filesystem::remove_all(index::saved_index_folder(database));
    const reference::CurrentLists current(lists);
    const auto rebuilt = start(database, current, true);
    fmt::print("full rebuild of {} CVs: {:.2f} s, {:.0f} CVs/s\n", cvs, rebuilt.seconds,
               static_cast<double>(cvs) / rebuilt.seconds);
    for (int n = 0; n < 3; ++n) {
        const auto loaded = start(database, current, false);
        fmt::print("from saved segments:{} {:.2f} s, {:.1f} times as fast\n", loaded.was_rebuilt ? " NOT USED" : "",
                   loaded.seconds, rebuilt.seconds / loaded.seconds);
    }
    return 0;
}

}  // namespace
}  // namespace cvstroom::bench

int main(int argc, char** argv) {
    std::uint64_t cvs = 1'000'000;
    std::filesystem::path folder = ".";
    CLI::App app("Times a start from saved segments and a full rebuild.");
    app.add_option("--cvs", cvs)->capture_default_str();
    app.add_option("--folder", folder, "where the database is made, or kept from before")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return cvstroom::bench::run(cvs, folder);
}
