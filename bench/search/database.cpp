#include "bench/search/database.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "store/bulk_load.hpp"

namespace cvstroom::bench {

std::unique_ptr<store::SqliteStore> open_database(const std::filesystem::path& file, std::uint64_t cvs,
                                                  const reference::ReferenceData& lists,
                                                  const sandbox::Generator& generator) {
    static const SystemClock clock;
    auto store = store::SqliteStore::open(file, store::SqliteStore::Mode::create_if_missing, clock).value();
    if (store->head().value().published == cvs) return store;
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t next = 0;
    const auto lines = [&](std::string& line) {
        if (next == cvs) return false;
        line.clear();
        generator.append(next++, line);
        return true;
    };
    const auto summary = store::load_lines(*store, lists, lines, [](const store::LineOutcome&) {});
    if (!summary || summary->created != cvs) {
        std::fprintf(stderr, "%s: cannot be filled: is it of another size?\n", file.c_str());
        std::exit(1);
    }
    std::printf("import: %.0f CVs/s\n", static_cast<double>(cvs) / seconds_since(begin));
    return store;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double resident_bytes() {
    std::ifstream status("/proc/self/statm");
    double total = 0;
    double resident = 0;
    status >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace cvstroom::bench
