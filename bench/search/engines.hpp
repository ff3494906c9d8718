// The engines that the benchmark compares, behind one interface.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/search/queries.hpp"

namespace cvstroom::bench {

struct Answer {
    double microseconds = 0;  // measured inside the engine's process; for PostgreSQL by its client on the same machine
    std::uint64_t total = 0;
    std::vector<std::uint64_t> page;  // seqs, newest first
};

struct Loaded {
    double seconds = 0;  // from words to ready; 0 when an earlier load was reused
    double bytes = 0;    // of the index: in memory, or in files that are mapped or cached
};

class Engine {
  public:
    virtual ~Engine() = default;
    virtual std::string name() const = 0;
    virtual Loaded load(const Corpus& corpus, const std::filesystem::path& words) = 0;
    // Asks the queries one after the other.
    virtual std::vector<Answer> ask(std::span<const Query* const> queries) = 0;
};

// The index in this process.
std::unique_ptr<Engine> make_cvstroom(index::Index& index);
// A server that runs already; `connection` as libpq takes it. Reuses the table cv when it has as many rows.
std::unique_ptr<Engine> make_postgres(const std::string& connection, const index::Dictionary& dictionary);
// `command` starts LuceneEngine; its index is kept in `folder`, and reused when it is there.
std::unique_ptr<Engine> make_lucene(const std::string& command, const std::filesystem::path& folder,
                                    const index::Dictionary& dictionary);

// An engine that fails ends the benchmark.
[[noreturn]] void give_up(const std::string& message);

}  // namespace cvstroom::bench
