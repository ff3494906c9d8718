// A CV API as real ones are: the seed's three calls over a live table, and every fault that such APIs show.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "tests/mirror/raw_server.hpp"

namespace cvstroom::test {

// How often each fault comes, of 1,000 answers.
struct Faults {
    unsigned too_much = 0;          // 429 without Retry-After
    unsigned server_error = 0;      // 500
    unsigned cut_body = 0;          // the connection ends in the middle of it
    unsigned length_too_long = 0;   // Content-Length says more than comes
    unsigned length_too_short = 0;  // … or less
    unsigned other_cv = 0;          // a detail of another CV
};

class FakeProvider {
  public:
    // The provider's clock runs `skew` apart from this machine's. The same seed gives the same faults to the same
    // requests.
    explicit FakeProvider(std::chrono::seconds skew = std::chrono::hours{-3}, std::uint64_t seed = 1);

    static constexpr const char* key = "seed-key-1234";
    const RawServer& server() const { return server_; }

    // Changes to the table. The row of a CV has the instant of its last change and moves to the list's end with it.
    void put(int n, const std::string& text);
    void close(int n, const std::string& status = "GESLOTEN");
    void forget(int n);      // its detail is a 404; its row stays
    void remove_row(int n);  // and its row leaves the list too
    void put_late(int n, const std::string& text,
                  std::chrono::seconds earlier);  // stamped with an instant that has passed

    // On the provider's clock, the only one that counts: its Date field has whole seconds, and what comes within this
    // second is in the next window.
    void let_a_second_pass();

    void set_faults(const Faults& faults);
    void break_detail(int n, bool is_broken);          // 500 for ever
    void list_twice(bool does);                        // every row stands twice
    void cap_rows(std::size_t most, bool counts_all);  // a window gives no more rows; `aantal` says so or not
    // Called before each page is answered, outside the lock: what happens between two pages.
    void between_pages(std::function<void()> hook);
    // From now on everything is 429 with Retry-After, for so long.
    void storm(std::chrono::seconds length);
    // Requests that came while the storm's Retry-After ran, not counting those sent before the first answer could be
    // read.
    unsigned impatient_requests() const;
    unsigned detail_requests() const;

    // What a right copy holds: documents by id.
    std::map<std::string, std::string> published() const;

  private:
    struct Row {
        std::string status;
        std::string json;
        Instant changed;
        bool is_listed = true;
        bool is_known = true;
    };
    RawAnswer answer(const RawRequest& request);
    RawAnswer list(const RawRequest& request);
    RawAnswer detail(const RawRequest& request);
    RawAnswer faulty(RawAnswer good);
    std::vector<std::string> date_field() const;
    Instant now() const;

    mutable std::mutex mutex_;
    std::chrono::milliseconds skew_;
    std::mt19937_64 random_;
    std::map<std::string, Row> rows_;  // by id
    std::set<std::string> broken_;
    Faults faults_;
    bool lists_twice_ = false;
    std::size_t most_rows_ = SIZE_MAX;
    bool counts_all_ = true;
    std::function<void()> hook_;
    std::chrono::steady_clock::time_point storm_begins_{};
    std::chrono::steady_clock::time_point storm_ends_{};
    unsigned impatient_ = 0;
    unsigned details_ = 0;
    Instant last_{};
    RawServer server_;  // last: it calls the others
};

}  // namespace cvstroom::test
