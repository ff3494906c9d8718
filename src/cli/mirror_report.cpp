#include "cli/mirror_report.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/json_writer.hpp"
#include "mirror/mirror.hpp"

namespace cvstroom::cli {
namespace {

constexpr auto metrics_interval = std::chrono::seconds{1};

std::string json_text(const std::string& text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

}  // namespace

// Pre of all that writes: the lock is held.
void MirrorReport::event(const std::string& name, const std::string& members) {
    fmt::print("{{\"event\":\"{}\",\"at\":\"{}\"{}{}}}\n", name, mirror::present_moment(), members.empty() ? "" : ",",
               members);
    std::fflush(stdout);
}

void MirrorReport::finish_bar() {
    if (bar_) bar_->finish(done_);
    bar_.reset();
}

void MirrorReport::on_phase(const mirror::State& state, std::uint64_t total) {
    const std::lock_guard lock(mutex_);
    figures_.state = state;
    if (options_.json) {
        return event("phase", fmt::format("\"phase\":\"{}\",\"generation\":{},\"done\":{},\"total\":{}",
                                          mirror::name(state.phase), state.generation, state.listed, total));
    }
    finish_bar();
    if (state.phase == mirror::Phase::listing) {
        bar_ = std::make_unique<Progress>("mirroring", "CVs", total, state.listed);
        done_ = state.listed;
    }
}

void MirrorReport::on_commit(const mirror::State& state, const mirror::Applied& applied) {
    const std::lock_guard lock(mutex_);
    figures_.state = state;
    figures_.applied.created += applied.created;
    figures_.applied.updated += applied.updated;
    figures_.applied.removed += applied.removed;
    ++figures_.commits;
    if (!options_.metrics_file.empty()) write_metrics(false);
    if (options_.json) {
        return event(
            "commit",
            fmt::format("\"created\":{},\"updated\":{},\"removed\":{},\"listed\":{},\"total\":{},\"covered_until\":{}",
                        applied.created, applied.updated, applied.removed, state.listed, state.list_total,
                        json_text(state.covered_until)));
    }
    if (bar_) {
        bar_->update(done_ = state.listed);
    } else if (applied.created + applied.updated + applied.removed > 0) {
        fmt::print(stderr, "{}  {} new, {} changed, {} removed\n", mirror::present_moment(), applied.created,
                   applied.updated, applied.removed);
    }
}

void MirrorReport::on_retry(const std::string& why, std::chrono::milliseconds wait) {
    const std::lock_guard lock(mutex_);
    if (options_.json) return event("retry", fmt::format("\"why\":{},\"wait_ms\":{}", json_text(why), wait.count()));
    if (wait >= std::chrono::seconds{1})
        fmt::print(stderr, "\nasking again in {:.1f} s: {}\n", static_cast<double>(wait.count()) / 1e3, why);
}

void MirrorReport::on_note(const std::string& note) {
    const std::lock_guard lock(mutex_);
    if (options_.json) return event("note", "\"text\":" + json_text(note));
    fmt::print(stderr, "{}{}\n", bar_ ? "\n" : "", note);
}

void MirrorReport::write_metrics(bool is_last) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_last && now - metrics_written_ < metrics_interval) return;
    metrics_written_ = now;
    if (const auto done = mirror::write_metrics(options_.metrics_file, figures_); !done) {
        fmt::print(stderr, "{}\n", to_string(done.error()));
    }
}

void MirrorReport::finish(mirror::Sink& sink, const mirror::Traffic& traffic, const std::string& error) {
    const std::lock_guard lock(mutex_);
    finish_bar();
    figures_.traffic = traffic;
    figures_.has_failed = !error.empty();
    const auto held = sink.count();
    const auto unresolved = sink.unresolved();
    figures_.held = held ? *held : 0;
    figures_.unresolved = unresolved ? unresolved->size() : 0;
    if (!options_.metrics_file.empty()) write_metrics(true);
    const auto& applied = figures_.applied;
    if (options_.json) {
        event(
            "end",
            fmt::format(
                "\"ok\":{},\"held\":{},\"created\":{},\"updated\":{},\"removed\":{},\"unresolved\":{},\"requests\":{},"
                "\"retries\":{},\"covered_until\":{}{}",
                error.empty(), figures_.held, applied.created, applied.updated, applied.removed, figures_.unresolved,
                traffic.requests, traffic.retries, json_text(figures_.state.covered_until),
                error.empty() ? "" : ",\"error\":" + json_text(error)));
        return;
    }
    fmt::print(stderr, "{} CVs held: {} new, {} changed, {} removed; {} requests, {} of them again\n", figures_.held,
               applied.created, applied.updated, applied.removed, traffic.requests, traffic.retries);
    if (!unresolved || unresolved->empty()) return;
    fmt::print(stderr, "{} CVs could not be learnt; they are asked again in the next pass:\n", unresolved->size());
    for (std::size_t i = 0; i < unresolved->size() && i < 10; ++i) {
        fmt::print(stderr, "  {}  {}\n", (*unresolved)[i].cv.to_string(), (*unresolved)[i].reason);
    }
}

}  // namespace cvstroom::cli
