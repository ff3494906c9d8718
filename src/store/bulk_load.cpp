#include "store/bulk_load.hpp"

#include <algorithm>
#include <future>
#include <thread>

namespace cvstroom::store {
namespace {

constexpr std::size_t round_lines = 2048;

// The lines of one round and what was made of them.
struct Round {
    std::uint64_t first_line = 1;  // the number of lines[0]
    std::vector<std::string> lines;
    std::vector<tl::expected<Write, std::vector<candidate::Fault>>> prepared;
    Result<std::vector<WriteResult>> results;  // of the good lines, in order
};

bool is_blank(const std::string& line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
}

class Loader {
  public:
    Loader(Store& store, const CodesNow& codes_now) : store_(store), codes_now_(codes_now) {}

    // Before the first round is prepared, and when the codes were replaced.
    Result<void> take_codes() {
        auto codes = codes_now_();
        if (!codes) return tl::unexpected(std::move(codes.error()));
        intakes_.clear();
        codes_ = std::move(*codes);
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) intakes_.emplace_back(*codes_);
        return {};
    }

    static Round read(const LineSource& next, std::uint64_t first_line) {
        Round round;
        round.first_line = first_line;
        std::string line;
        while (round.lines.size() < round_lines && next(line)) round.lines.push_back(std::move(line));
        return round;
    }

    // Checks the lines on all cores.
    void prepare(Round& round) {
        round.prepared.resize(round.lines.size());
        std::vector<std::future<void>> shares;
        const std::size_t share = (round.lines.size() + intakes_.size() - 1) / intakes_.size();
        for (std::size_t worker = 0; worker < intakes_.size(); ++worker) {
            const std::size_t first = std::min(worker * share, round.lines.size());
            const std::size_t last = std::min(first + share, round.lines.size());
            shares.push_back(std::async(std::launch::async, [this, &round, worker, first, last] {
                for (std::size_t i = first; i < last; ++i) {
                    if (!is_blank(round.lines[i])) round.prepared[i] = intakes_[worker].prepare(round.lines[i]);
                }
            }));
        }
        for (auto& each : shares) each.get();
    }

    void store(Round& round) {
        std::vector<Write> writes;
        round.results = {};
        for (std::size_t i = 0; i < round.lines.size(); ++i) {
            if (!is_blank(round.lines[i]) && round.prepared[i]) writes.push_back(std::move(*round.prepared[i]));
        }
        if (!writes.empty()) round.results = store_.append(writes);
        if (!round.results) return;
        std::size_t next = 0;
        for (std::size_t i = 0; i < round.lines.size(); ++i) {
            if (!is_blank(round.lines[i]) && round.prepared[i]) round.prepared[i]->cv = writes[next++].cv;
        }
    }

    // Checks and stores a round again for as long as its codes were replaced before it was stored.
    Result<void> settle(Round& round) {
        const auto is_outdated = [&] { return !round.results && round.results.error().code == ErrorCode::conflict; };
        for (int checks = 1; is_outdated() && checks < most_checks; ++checks) {
            if (auto taken = take_codes(); !taken) return taken;
            prepare(round);
            store(round);
        }
        if (!round.results) return tl::unexpected(round.results.error());
        return {};
    }

  private:
    Store& store_;
    const CodesNow& codes_now_;
    std::shared_ptr<const candidate::CodeBook> codes_;
    std::vector<Intake> intakes_;  // one a worker
};

void count(LoadSummary& summary, Effect effect) {
    switch (effect) {
        case Effect::created:
            ++summary.created;
            break;
        case Effect::changed:
            ++summary.changed;
            break;
        case Effect::unchanged:
            ++summary.unchanged;
            break;
        case Effect::erased:
            ++summary.erased;
            break;
        case Effect::unknown:
            ++summary.unknown;
            break;
        case Effect::outdated:
            ++summary.refused;
            break;
    }
}

void report_round(Round& round, LoadSummary& summary, const LineReport& report) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < round.lines.size(); ++i) {
        if (is_blank(round.lines[i])) continue;
        ++summary.lines;
        LineOutcome outcome;
        outcome.line = round.first_line + i;
        if (round.prepared[i]) {
            outcome.cv = round.prepared[i]->cv;
            outcome.written = (*round.results)[next++];
            count(summary, outcome.written->effect);
        } else {
            outcome.faults = std::move(round.prepared[i].error());
            ++summary.refused;
        }
        report(outcome);
    }
}

}  // namespace

Result<LoadSummary> load_lines(Store& store, const CodesNow& codes_now, const LineSource& next,
                               const LineReport& report) {
    Loader loader(store, codes_now);
    if (auto taken = loader.take_codes(); !taken) return tl::unexpected(std::move(taken.error()));
    LoadSummary summary;
    std::optional<Round> writing;
    std::future<void> written;
    // One round is written while the next one is read and checked.
    const auto finish_writing = [&]() -> Result<void> {
        if (!writing) return {};
        written.get();
        if (auto settled = loader.settle(*writing); !settled) return settled;
        report_round(*writing, summary, report);
        return {};
    };
    for (std::uint64_t line = 1;;) {
        Round round = Loader::read(next, line);
        line += round.lines.size();
        const bool is_end = round.lines.empty();
        if (!is_end) loader.prepare(round);
        if (auto done = finish_writing(); !done) return tl::unexpected(done.error());
        if (is_end) return summary;
        writing = std::move(round);
        written = std::async(std::launch::async, [&loader, &writing] { loader.store(*writing); });
    }
}

}  // namespace cvstroom::store
