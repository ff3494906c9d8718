// What a partner's client asked and was given, as far as it shows whether the client works well.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/finding.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// A request to /kandidaten/bulk.
struct BulkAsked {
    std::string target;  // path and query: equal for a request that is tried again
    std::optional<Instant> from;
    std::optional<std::string> cursor;
    std::string window;  // `van` and `tot` as sent: pages by offset belong together when they are equal
    std::uint64_t offset = 0;

    bool starts_over() const { return !from && !cursor && offset == 0; }
};

struct BulkEntry {
    Uuid cv;
    store::Version version = 0;
    bool has_document = false;
};

// What one answer of bulk, or one line of its stream, told.
struct BulkTold {
    std::vector<BulkEntry> entries;
    std::optional<Instant> until;  // `tot`
    std::string cursor;            // `vervolg`
    bool is_last = false;          // `laatste`, or a stream's closing line
};

// Not thread-safe. Memory: some 50 bytes for each CV that the client was told of.
class ClientRecord {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // A request that was on its way when the client was told to wait is not held against it.
    static constexpr std::chrono::milliseconds on_its_way{250};

    void asked(Time now, const std::string& target);
    void asked_bulk(const BulkAsked& request);

    // Only answers that went out whole, or lines of a stream that went out.
    void told(const BulkAsked& request, const BulkTold& answer);
    void told_in_stream(const BulkAsked& request, const BulkTold& line);
    void delivered(const Uuid& cv, store::Version version);  // the document itself
    void told_to_wait(Time now, std::chrono::seconds wait);
    void told_that_history_is_gone() { must_start_over_ = true; }
    // Another history answers from now on: what was told of the one before says nothing of it.
    void begin_other_history();

    struct Seen {
        store::Version told = 0;       // the newest version that the feed told of
        store::Version delivered = 0;  // the newest document
    };
    Seen seen(const Uuid& cv) const;

    // What is wrong with the calls so far.
    Findings findings() const;

  private:
    struct Unfinished {
        std::string target;  // of the request that was answered last
        std::string window;
        std::uint64_t next_offset = 0;
        std::string cursor;
        bool is_stream = false;
    };

    bool continues(const BulkAsked& request) const;
    void check_from(const BulkAsked& request);

    std::unordered_map<Uuid, Seen, UuidHash> seen_;
    Findings findings_;
    std::optional<Unfinished> unfinished_;
    std::set<Instant> ends_;  // every `tot` that was given; the latest ten thousand
    Time told_to_wait_{};
    Time wait_until_{};
    bool must_start_over_ = false;
};

}  // namespace cvstroom::api
