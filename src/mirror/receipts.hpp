// Tells the API how far its changes have been applied (SPEC 5, /kandidaten/bulk/ontvangst), so that the provider sees
// which removals are still open, and at whom.
#pragma once

#include <chrono>
#include <string>

#include "mirror/cv_api.hpp"
#include "mirror/observer.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

// A receipt says only what is committed and complete. That one fails is no failure of the mirror: a later one covers
// it. One thread. The references must outlive it.
class Receipts {
  public:
    Receipts(CvApi& api, Sink& sink, Observer& observer) : api_(api), sink_(sink), observer_(observer) {}

    // Confirms `state`, which must be committed. `is_idle`: nothing more is coming now; else not more often than every
    // few seconds. Confirms nothing while a listing is under way, or a CV is not known: it may be one to be removed.
    // An API without receipts is asked once.
    void confirm(const State& state, bool is_idle);
    // How long to wait for changes at most before it is asked again, because something waits to be confirmed.
    std::chrono::seconds patience(std::chrono::seconds most) const;

  private:
    using Clock = std::chrono::steady_clock;
    void send(const std::string& cursor);

    CvApi& api_;
    Sink& sink_;
    Observer& observer_;
    std::string confirmed_;  // the cursor
    Clock::time_point sent_at_{};
    bool is_offered_ = true;
    bool is_waiting_ = false;  // for the few seconds to be over
};

}  // namespace cvstroom::mirror
