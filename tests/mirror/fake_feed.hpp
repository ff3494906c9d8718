// The server's side of the feed (SPEC 5) in miniature, with switches for what goes wrong between it and a mirror.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/mirror/raw_server.hpp"

namespace cvstroom::test {

struct FeedFaults {
    bool has_streams = true;
    bool has_batches = true;
    std::size_t cut_after_lines = 0;   // every stream ends after so many, without its closing line; 0: none does
    unsigned wrong_digests = 0;        // so many streams have one
    unsigned gone = 0;                 // so many requests with a cursor are 410
    bool is_down = false;              // 500 for everything
    std::size_t down_after_lines = 0;  // … from the moment that so many lines were sent; 0: never
    bool is_stuck = false;             // `vervolg` leads back to the same page
    std::size_t page_size = 100;
    bool takes_receipts = true;  // else that path is a 404
    unsigned restless = 0;       // so many streams are followed by a change at once
};

class FakeFeed {
  public:
    FakeFeed();

    static constexpr const char* key = "feed-key-1234";
    const RawServer& server() const { return server_; }

    void put(int n, const std::string& text);
    void remove(int n);
    // An entry as it is, whatever the log says before it.
    void append(int n, const std::string& status, std::uint64_t version, const std::string& text);
    // The log is as it was when it had so many entries, and of another epoch: a restored backup.
    void restore(std::size_t entries);
    std::size_t size() const;

    void set(const FeedFaults& faults);
    std::map<std::string, std::string> published() const;
    std::size_t lines_sent() const;
    std::size_t documents_asked() const;        // by batches and details
    std::vector<std::string> receipts() const;  // the bodies, also of those that were refused
    // The digests are of the log's first entries from now on: of an instant that has passed.
    void pin_control(std::size_t entries);
    // Before the next batch is answered, this CV changes.
    void change_before_batch(int n, const std::string& text);
    // The next stream has this CV's line without a document: it changes while the stream is on its way.
    void change_during_stream(int n, const std::string& text);
    // Batches leave this CV out, and its detail is a 500; 0: none.
    void make_unreachable(int n);
    unsigned streams_sent() const;

  private:
    struct Entry {
        std::string id;
        std::string status;
        std::uint64_t version = 0;
        std::string json;
    };
    struct Place {
        bool is_listing = true;
        std::size_t position = 0;  // in the log
        std::size_t index = 0;     // in the listing of that position, or in the window
        std::size_t until = 0;     // in the log: where the window ends; 0: not yet asked for
    };
    RawAnswer answer(const RawRequest& request);
    RawAnswer bulk(const RawRequest& request);
    RawAnswer stream(const Place& place);
    RawAnswer page(const Place& place, std::size_t count);
    RawAnswer control(const RawRequest& request) const;
    RawAnswer batch(const RawRequest& request);
    RawAnswer detail(const std::string& id);
    std::vector<Entry> window(const Place& place) const;
    std::string next_cursor(const Place& place, std::size_t entries) const;
    std::string end_cursor(const Place& place) const;
    std::string covered() const { return "2026-02-13T12:00:00.000000Z"; }
    std::uint64_t version_of(const std::string& id) const;
    void put_locked(int n, const std::string& text);
    const Entry* current(const std::string& id) const;

    mutable std::mutex mutex_;
    std::vector<Entry> log_;
    unsigned epoch_ = 1;
    FeedFaults faults_;
    std::size_t lines_sent_ = 0;
    std::size_t documents_asked_ = 0;
    std::vector<std::string> receipts_;
    std::size_t control_entries_ = SIZE_MAX;
    int changing_ = 0;
    std::string changing_to_;
    int superseded_ = 0;
    std::string superseded_by_;
    std::string unreachable_;
    unsigned streams_sent_ = 0;
    RawServer server_;  // last: it calls the others
};

}  // namespace cvstroom::test
