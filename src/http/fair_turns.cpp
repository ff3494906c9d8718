#include "http/fair_turns.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace cvstroom::http {
namespace {

// Reading, decrypting and answering a request costs about this much beside its handling; it is not measured one by one.
constexpr std::chrono::nanoseconds overhead = std::chrono::microseconds{10};

}  // namespace

bool FairTurns::may_begin(std::uint64_t flow) {
    const auto found = flows_.find(flow);
    return found == flows_.end() || (found->second.waiting.empty() && found->second.spent < quantum);
}

void FairTurns::ended(std::uint64_t flow, std::chrono::nanoseconds took) {
    flows_[flow].spent += took + overhead;
    schedule_turn();
}

void FairTurns::defer(std::uint64_t flow, Work work) {
    flows_[flow].waiting.push_back(std::move(work));
    ++waiting_;
    schedule_turn();
}

// Behind everything that is ready now: all sockets get their say before the next turn begins.
void FairTurns::schedule_turn() {
    if (std::exchange(is_turn_scheduled_, true)) return;
    boost::asio::post(context_, [this] { begin_turn(); });
}

void FairTurns::begin_turn() {
    is_turn_scheduled_ = false;
    for (auto& [number, flow] : flows_) flow.spent = std::max(flow.spent - quantum, std::chrono::nanoseconds::zero());
    // Serving may bring in new flows, and the map must not change under the loop: one step, then look it up again.
    std::vector<std::uint64_t> ready;
    for (const auto& [number, flow] : flows_) {
        if (!flow.waiting.empty()) ready.push_back(number);
    }
    for (const auto number : ready) serve(flows_[number]);
    std::erase_if(flows_,
                  [](const auto& each) { return each.second.waiting.empty() && each.second.spent.count() == 0; });
    if (!flows_.empty()) schedule_turn();
}

void FairTurns::serve(Flow& flow) {
    while (!flow.waiting.empty() && flow.spent < quantum) {
        const Work work = std::move(flow.waiting.front());
        flow.waiting.pop_front();
        --waiting_;
        const auto begun = now_();
        work();
        flow.spent += now_() - begun + overhead;
    }
}

}  // namespace cvstroom::http
