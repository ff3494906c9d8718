// Small clients of the feed, each with a method of its own, that live through cuts and restarts and end equal.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/store.hpp"

namespace cvstroom::test {

// Every page of a closed window that anybody was ever given, to be asked for again. Thread-safe.
class WindowLedger {
  public:
    // False when the same request had another answer before.
    bool record(const std::string& target, const std::string& body);
    std::map<std::string, std::string> pages() const;  // target to SHA-256 of the body
    std::uint64_t repeats() const { return repeats_; }

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> pages_;
    std::atomic<std::uint64_t> repeats_{0};
};

struct MirrorCounts {
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> failures{0};  // cut, refused, in vain: tried again
    std::atomic<std::uint64_t> resumes{0};   // streams taken up from a line
    std::atomic<std::uint64_t> entries{0};
};

// What a mirror holds of a CV.
struct HeldCopy {
    store::Version version = 0;
    std::string document;
};

// One thread each. What it holds may be looked at when it has ended.
class SmallMirror {
  public:
    enum class Method {
        windows,  // chained by `tot`, pages by offset of random sizes, each document fetched afterwards
        cursor,   // `vervolg`, waiting for changes with `wacht`
        stream,   // NDJSON with documents, resumed from any line
    };

    SmallMirror(Method method, std::uint16_t port, std::string key, std::uint64_t seed, WindowLedger& ledger);
    ~SmallMirror();

    // Goes on until it has applied everything up to `goal`, then ends.
    void finish(Instant goal);
    bool has_ended() const { return has_ended_; }
    void join();

    const char* name() const;
    const std::map<Uuid, HeldCopy>& copies() const { return copies_; }
    const MirrorCounts& counts() const { return counts_; }
    const std::string& fault() const { return fault_; }  // what must never happen, and did; empty: nothing

  private:
    struct Entry {
        Uuid cv;
        std::string status;
        store::Version version = 0;
        std::optional<std::string> document;
    };

    void run();
    void step();
    void step_window();
    void step_cursor();
    void step_stream();
    std::string get(const std::string& target);
    void apply(const Entry& entry);
    void fetch_missing();
    void note_position(std::string_view page);

    const Method method_;
    const std::uint16_t port_;
    const std::string key_;
    WindowLedger& ledger_;
    std::mt19937_64 random_;
    std::map<Uuid, HeldCopy> copies_;
    std::map<Uuid, store::Version> wanted_;  // announced, not fetched yet
    std::string from_;                       // the `tot` of the answer before; empty: the initial load
    std::string cursor_;
    std::optional<Instant> covered_;
    std::string fault_;
    MirrorCounts counts_;
    std::atomic<std::int64_t> goal_{0};
    std::atomic<bool> has_ended_{false};
    std::thread thread_;
};

}  // namespace cvstroom::test
