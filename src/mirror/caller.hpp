// Calls of an API by an impatient but polite client: every request carries the key; what fails for a while is asked
// again with jitter; 429 and Retry-After are obeyed, for all requests of this client at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "mirror/concurrency_limit.hpp"
#include "mirror/http_client.hpp"
#include "mirror/observer.hpp"
#include "mirror/retry.hpp"

namespace cvstroom::mirror {

enum class Verdict {
    accept,    // an answer; what it means is the caller's to say
    again,     // a failure that may pass: no whole answer, 408, 425, 5xx
    too_much,  // 429, 503
    key_refused,
    untrusted,  // the server's certificate
};
Verdict verdict_of(const HttpResponse& response);

// The problem's own words (RFC 9457 `detail`, else `title`), or the status alone: "410: …".
std::string describe(const HttpResponse& response);

// Of one request, or of one stream without any progress.
struct Attempts {
    unsigned failed = 0;
    unsigned refused = 0;  // "too much": not its fault, and allowed more often
};

// One thread at a time.
class Caller {
  public:
    // The key goes into X-IBM-Client-Id and nowhere else. All references must outlive it.
    Caller(HttpClient& http, std::string key, RetryPolicy policy, Observer& observer)
        : http_(http),
          key_field_("X-IBM-Client-Id: " + std::move(key)),
          policy_(policy),
          backoff_(policy),
          observer_(observer) {}

    // Any answer that asking again would not change. Errors: `refused` (the key, the certificate), `unavailable` (it
    // went on failing, or the mirror is being stopped).
    Result<HttpResponse> call(HttpRequest request);

    // One try, without any waiting. For requests whose body is streamed: what has been read of it is not asked again.
    HttpResponse once(HttpRequest request);
    // After a try that failed: waits as the answer asks, or with jitter, and lengthens `attempts`; the errors of call()
    // when asking again will not help. Pre: verdict_of(response) is not `accept`.
    Result<void> wait_out(const HttpResponse& response, Attempts& attempts);

    // One of many calls that go side by side.
    enum class Outcome { done, again };
    struct Work {
        std::function<HttpRequest(std::size_t)> request;
        // Judges an answer; `again` asks once more, and `why` says what was wrong with it.
        std::function<Outcome(std::size_t, HttpResponse&, std::string& why)> accept;
        // This one went on failing while others succeeded.
        std::function<void(std::size_t, const std::string& why)> give_up;
    };
    // Does all of `count` calls, as many at a time as the server bears. Errors as of call(); `unavailable` also when
    // nothing succeeds any more: then it is the server, and not one CV.
    Result<void> call_all(std::size_t count, const Work& work);

    HttpClient& http() { return http_; }
    const Traffic& traffic() const { return traffic_; }
    Traffic& traffic() { return traffic_; }
    std::size_t concurrency() const { return limit_.current(); }

  private:
    struct Job;
    class Run;

    void add_key(HttpRequest& request) const { request.fields.push_back(key_field_); }
    Milliseconds pause_after(const HttpResponse& response, Verdict verdict, unsigned attempt);

    HttpClient& http_;
    std::string key_field_;
    RetryPolicy policy_;
    Backoff backoff_;
    Observer& observer_;
    ConcurrencyLimit limit_{16};
    Traffic traffic_;
};

}  // namespace cvstroom::mirror
