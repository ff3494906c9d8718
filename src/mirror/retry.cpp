#include "mirror/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace cvstroom::mirror {
namespace {

// A server that asks for more is asked again after this: a typing error there must not stop a mirror for years.
constexpr Milliseconds longest_obeyed = std::chrono::hours{24};

}  // namespace

Milliseconds Backoff::wait(unsigned attempt) {
    const unsigned doublings = std::min(attempt > 0 ? attempt - 1 : 0U, 20U);
    const auto ceiling = std::min(policy_.longest, policy_.first * (std::int64_t{1} << doublings));
    return Milliseconds{std::uniform_int_distribution<std::int64_t>(0, ceiling.count())(random_)};
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
    const auto seconds = curl_getdate(std::string(text).c_str(), nullptr);
    if (seconds < 0) return std::nullopt;
    return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

std::optional<Milliseconds> parse_retry_after(std::string_view retry_after, std::string_view date) {
    retry_after = trim(retry_after);
    if (retry_after.empty()) return std::nullopt;
    if (const auto seconds = parse_unsigned(retry_after)) {
        const auto most = static_cast<std::uint64_t>(longest_obeyed.count() / 1000);
        return Milliseconds{static_cast<std::int64_t>(std::min(*seconds, most)) * 1000};
    }
    const auto until = parse_http_date(retry_after);
    const auto now = parse_http_date(date);
    if (!until || !now) return std::nullopt;
    return std::clamp(std::chrono::duration_cast<Milliseconds>(*until - *now), Milliseconds{0}, longest_obeyed);
}

}  // namespace cvstroom::mirror
