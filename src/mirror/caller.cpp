#include "mirror/caller.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <map>

namespace cvstroom::mirror {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Of answers in a row that say "too much": after so many, the mirror stops instead of waiting for ever.
constexpr unsigned most_refusals = 100;
// When more calls than this are left and none succeeds any more, it is not the single CVs that are sick.
constexpr std::size_t most_sick = 3;

Error stopped() {
    return {ErrorCode::unavailable, "stopped; start again, and it goes on from here", ""};
}

Error key_refused(const HttpResponse& response) {
    return {ErrorCode::refused, fmt::format("the key is refused ({}); check --key-file", describe(response)), ""};
}

Error untrusted(const HttpResponse& response) {
    return {ErrorCode::refused,
            fmt::format("the server's certificate is not trusted ({}); give its authority with --ca-file",
                        response.failure),
            ""};
}

Error went_on_failing(const std::string& why) {
    return {ErrorCode::unavailable, fmt::format("the API does not answer as it should: {}", why), ""};
}

}  // namespace

Verdict verdict_of(const HttpResponse& response) {
    if (response.status == 0) return response.is_untrusted ? Verdict::untrusted : Verdict::again;
    if (response.status == 401 || response.status == 403) return Verdict::key_refused;
    if (response.status == 429 || response.status == 503) return Verdict::too_much;
    if (response.status == 408 || response.status == 425 || response.status >= 500) return Verdict::again;
    return Verdict::accept;
}

std::string describe(const HttpResponse& response) {
    if (response.status == 0) return response.failure;
    simdjson::dom::parser parser;
    simdjson::dom::object problem;
    std::string_view text;
    if (parser.parse(response.body.data(), response.body.size()).get(problem) == simdjson::SUCCESS &&
        (problem["detail"].get(text) == simdjson::SUCCESS || problem["title"].get(text) == simdjson::SUCCESS)) {
        return fmt::format("{}: {}", response.status, text);
    }
    return fmt::format("status {}", response.status);
}

Milliseconds Caller::pause_after(const HttpResponse& response, Verdict verdict, unsigned attempt) {
    const auto own = backoff_.wait(attempt);
    if (verdict == Verdict::too_much) ++traffic_.throttled;
    const auto asked = parse_retry_after(response.retry_after, response.date);
    // Never before what the server asks for; a little after it, so that not all come at once.
    return asked ? *asked + std::min(own, Milliseconds{250}) : own;
}

HttpResponse Caller::once(HttpRequest request) {
    add_key(request);
    ++traffic_.requests;
    auto response = http_.perform(std::move(request));
    traffic_.bytes += response.body.size();
    return response;
}

Result<void> Caller::wait_out(const HttpResponse& response, Attempts& attempts) {
    if (http_.is_stopped()) return tl::unexpected(stopped());
    const auto verdict = verdict_of(response);
    if (verdict == Verdict::key_refused) return tl::unexpected(key_refused(response));
    if (verdict == Verdict::untrusted) return tl::unexpected(untrusted(response));
    const bool is_too_much = verdict == Verdict::too_much;
    unsigned& count = is_too_much ? attempts.refused : attempts.failed;
    if (++count >= (is_too_much ? most_refusals : policy_.attempts)) {
        return tl::unexpected(went_on_failing(describe(response)));
    }
    const auto wait = pause_after(response, verdict, count);
    ++traffic_.retries;
    observer_.on_retry(describe(response), wait);
    if (!http_.sleep(wait)) return tl::unexpected(stopped());
    return {};
}

Result<HttpResponse> Caller::call(HttpRequest request) {
    Attempts attempts;
    for (;;) {
        auto response = once(request);
        if (http_.is_stopped()) return tl::unexpected(stopped());
        if (verdict_of(response) == Verdict::accept) return response;
        if (auto done = wait_out(response, attempts); !done) return tl::unexpected(done.error());
    }
}

// The calls of one call_all(): which are due, which are under way, and what has become of the rest.
class Caller::Run {
  public:
    Run(Caller& caller, std::size_t count, const Work& work) : caller_(caller), work_(work), left_(count) {
        for (std::size_t i = 0; i < count; ++i) due_.emplace(SteadyClock::time_point{}, Job{i, 0, 0});
    }

    Result<void> finish() {
        while (left_ > 0 && !error_) {
            if (caller_.http_.is_stopped()) error_ = stopped();
            if (!error_) start_due();
            wait();
        }
        // What is still under way refers to this run.
        while (caller_.http_.under_way() > before_) caller_.http_.run(Milliseconds{100});
        if (error_) return tl::unexpected(*error_);
        return {};
    }

  private:
    struct Job {
        std::size_t index;
        unsigned attempts;
        std::uint64_t successes_before;  // when it first failed
    };

    void start_due() {
        const auto now = SteadyClock::now();
        if (now < paused_until_) return;
        while (!due_.empty() && due_.begin()->first <= now && under_way_ < caller_.limit_.current()) {
            const Job job = due_.begin()->second;
            due_.erase(due_.begin());
            auto request = work_.request(job.index);
            caller_.add_key(request);
            ++caller_.traffic_.requests;
            ++under_way_;
            caller_.http_.start(std::move(request),
                                [this, job](HttpResponse response) { take(job, std::move(response)); });
        }
    }

    void wait() {
        if (under_way_ > 0) return caller_.http_.run(Milliseconds{100});
        if (left_ == 0 || error_ || due_.empty()) return;
        const auto until = std::max(due_.begin()->first, paused_until_);
        const auto time = std::chrono::ceil<Milliseconds>(until - SteadyClock::now());
        if (time.count() > 0) caller_.http_.sleep(time);
    }

    void take(Job job, HttpResponse response) {
        --under_way_;
        if (error_) return;
        const auto verdict = verdict_of(response);
        if (verdict == Verdict::key_refused) {
            error_ = key_refused(response);
        } else if (verdict == Verdict::untrusted) {
            error_ = untrusted(response);
        } else if (verdict == Verdict::too_much) {
            slow_down(job, response);
        } else if (verdict == Verdict::again) {
            if (response.is_timeout) caller_.limit_.on_congestion(under_way_);
            fail_once(job, response, describe(response));
        } else {
            judge(job, response);
        }
    }

    void judge(Job job, HttpResponse& response) {
        caller_.traffic_.bytes += response.body.size();
        caller_.limit_.on_success();
        refusals_ = 0;
        std::string why;
        if (work_.accept(job.index, response, why) == Outcome::again) return fail_once(job, response, why);
        ++successes_;
        --left_;
    }

    // The whole client pauses: the limit is the partner's, not one request's.
    void slow_down(Job job, const HttpResponse& response) {
        caller_.limit_.on_congestion(under_way_);
        if (++refusals_ >= most_refusals) {
            error_ = went_on_failing(describe(response));
            return;
        }
        const auto pause = caller_.pause_after(response, Verdict::too_much, std::min(refusals_, 8U));
        const auto until = SteadyClock::now() + pause;
        if (until > paused_until_) {
            paused_until_ = until;
            caller_.observer_.on_retry(describe(response), pause);
        }
        ++caller_.traffic_.retries;
        due_.emplace(until, job);
    }

    void fail_once(Job job, const HttpResponse& response, const std::string& why) {
        if (job.attempts == 0) job.successes_before = successes_;
        if (++job.attempts < caller_.policy_.attempts) {
            const auto pause = caller_.pause_after(response, Verdict::again, job.attempts);
            ++caller_.traffic_.retries;
            caller_.observer_.on_retry(why, pause);
            due_.emplace(SteadyClock::now() + pause, job);
        } else if (successes_ == job.successes_before && left_ > most_sick) {
            error_ = went_on_failing(why);
        } else {
            work_.give_up(job.index, why);
            --left_;
        }
    }

    Caller& caller_;
    const Work& work_;
    std::size_t left_;
    std::size_t before_ = caller_.http_.under_way();
    std::size_t under_way_ = 0;
    std::uint64_t successes_ = 0;
    unsigned refusals_ = 0;
    SteadyClock::time_point paused_until_{};
    std::multimap<SteadyClock::time_point, Job> due_;
    std::optional<Error> error_;
};

Result<void> Caller::call_all(std::size_t count, const Work& work) {
    return Run(*this, count, work).finish();
}

}  // namespace cvstroom::mirror
