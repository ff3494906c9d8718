// The mirror of an API that has the seed's three calls and no more: ids from bulk windows by offset pages, one detail
// call a CV. Such an API promises nothing: its list moves while it is read, a late commit may bear an instant that was
// already passed, its clock is its own. So:
//   * windows overlap: each begins `look_back` before the end of the one before, in the API's own time (its Date
//   field);
//   * every listed CV is fetched, and its document compared with what is held: versions are counted here;
//   * now and then the whole list is read and every CV fetched anew (reconciliation); what is held and not listed is
//   asked
//     for by id, and its detail decides: nothing is removed on a list's word alone (pitfalls 2, 15, 19, 21);
//   * what could not be learnt is written down in the copy, asked again in every pass, and reported.
#pragma once

#include <unordered_map>

#include "mirror/mirror.hpp"
#include "mirror/seed_window.hpp"

namespace cvstroom::mirror {

struct SeedOptions {
    bool follows = false;
    std::chrono::seconds interval{60};
    std::chrono::seconds look_back{std::chrono::minutes{15}};
    std::chrono::seconds reconcile_every{std::chrono::hours{24}};
};

// One thread. All references must outlive it. Errors as of Mirror::run.
class SeedMirror {
  public:
    SeedMirror(CvApi& api, Sink& sink, Observer& observer, SeedOptions options)
        : api_(api), sink_(sink), observer_(observer), options_(options) {}
    Result<void> run();

  private:
    Result<void> open();
    Result<bool> step();
    Result<void> begin_listing(Instant now);
    Result<bool> list(Instant now);
    Result<bool> follow(Instant now);

    Result<Instant> server_time();
    Result<WindowList> full_list(Instant now);
    // Fetches them, all or what this generation has not seen yet, and commits as it goes.
    Result<void> fetch(const std::vector<ListedCv>& listed, bool skips_seen);
    Result<std::vector<ListedCv>> not_listed();
    bool is_reconciliation_due(Instant now) const;
    Result<void> commit(Batch batch);

    CvApi& api_;
    Sink& sink_;
    Observer& observer_;
    SeedOptions options_;
    State state_;
    bool has_listed_ = false;  // in this pass: once is enough
};

}  // namespace cvstroom::mirror
