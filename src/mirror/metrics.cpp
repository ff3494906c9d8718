#include "mirror/metrics.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/time.hpp"

namespace cvstroom::mirror {
namespace {

double seconds_of(const std::string& instant) {
    const auto read = parse_instant(instant);
    return read ? static_cast<double>(read->time_since_epoch().count()) / 1e6 : 0;
}

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help, double value) {
    text +=
        fmt::format("# HELP cvstroom_mirror_{0} {1}\n# TYPE cvstroom_mirror_{0} {2}\ncvstroom_mirror_{0} {3:.17g}\n",
                    name, help, type, value);
}

void add_count(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
    add(text, name, "counter", help, static_cast<double>(value));
}

}  // namespace

std::string to_prometheus(const MirrorFigures& figures) {
    std::string text;
    add(text, "cvs", "gauge", "CVs that the copy holds.", static_cast<double>(figures.held));
    add(text, "unresolved", "gauge", "CVs that could not be learnt and are asked again.",
        static_cast<double>(figures.unresolved));
    add(text, "following", "gauge", "1 when the copy is complete, 0 while it is being listed.",
        figures.state.phase == Phase::following ? 1 : 0);
    add(text, "failed", "gauge", "1 when the last run ended with an error.", figures.has_failed ? 1 : 0);
    add(text, "covered_timestamp_seconds", "gauge",
        "Everything that changed at the source before this instant is in the copy.",
        seconds_of(figures.state.covered_until));
    add(text, "last_success_timestamp_seconds", "gauge", "When a pass last ended well.",
        seconds_of(figures.state.succeeded_at));
    add_count(text, "created_total", "CVs added since the start.", figures.applied.created);
    add_count(text, "updated_total", "CVs replaced since the start.", figures.applied.updated);
    add_count(text, "removed_total", "CVs removed since the start.", figures.applied.removed);
    add_count(text, "commits_total", "Transactions since the start.", figures.commits);
    add_count(text, "requests_total", "Requests since the start.", figures.traffic.requests);
    add_count(text, "retries_total", "Requests that were made again after a failure.", figures.traffic.retries);
    add_count(text, "throttled_total", "Answers 429 or 503.", figures.traffic.throttled);
    add_count(text, "received_bytes_total", "Bytes of bodies, decoded.", figures.traffic.bytes);
    return text;
}

Result<void> write_metrics(const std::filesystem::path& file, const MirrorFigures& figures) {
    auto beside = file;
    beside += ".new";
    std::ofstream output(beside, std::ios::binary | std::ios::trunc);
    output << to_prometheus(figures);
    output.close();
    std::error_code error;
    if (output) std::filesystem::rename(beside, file, error);
    if (!output || error) return fail(ErrorCode::io, "the metrics cannot be written", file.string());
    return {};
}

}  // namespace cvstroom::mirror
