#include "cli/node_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cvstroom::cli {
namespace {

using Samples = std::vector<api::Sample>;

double seconds(std::chrono::microseconds time) {
    return std::chrono::duration<double>(time).count();
}

void add(Samples& samples, std::string name, std::string help, double value, bool is_counter = false) {
    samples.push_back({std::move(name), std::move(help), value, is_counter, {}});
}

void sample_log(Samples& samples, store::Store& store, store::Seq watermark, Instant now) {
    const auto head = store.head();
    add(samples, "cvstroom_store_up", "1 when the store answers.", head ? 1 : 0);
    if (!head) return;
    add(samples, "cvstroom_log_seq", "The change log's last entry.", static_cast<double>(head->seq), true);
    add(samples, "cvstroom_published_cvs", "CVs that are OPEN in the store.", static_cast<double>(head->published));
    add(samples, "cvstroom_index_lag_changes", "Entries of the change log that search does not know yet.",
        static_cast<double>(head->seq - std::min(head->seq, watermark)));
    add(samples, "cvstroom_feed_horizon_age_seconds",
        "How far the feed's safe horizon stands behind the clock; it moves when partners ask.",
        seconds(now - head->horizon));
}

void sample_index(Samples& samples, const index::Snapshot& snapshot) {
    std::uint64_t rows = 0;
    for (const auto& part : snapshot.parts) rows += part.segment->size();
    add(samples, "cvstroom_index_cvs", "CVs that search finds.", static_cast<double>(snapshot.live()));
    add(samples, "cvstroom_index_rows", "Rows in the index's segments, superseded ones too.",
        static_cast<double>(rows));
    add(samples, "cvstroom_index_segments", "Segments of the index.", static_cast<double>(snapshot.parts.size()));
}

// Pages, as the second number of /proc/self/statm (proc(5)).
double resident_bytes() {
    std::ifstream input("/proc/self/statm");
    double size = 0;
    double resident = 0;
    input >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator entries("/proc/self/fd", error);
    return error ? 0 : static_cast<double>(std::distance(begin(entries), end(entries)));
}

double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

void add_store_metrics(api::Metrics& metrics, store::Store& store, const index::Index& index, const Clock& clock) {
    metrics.add_source([&store, &index, &clock](Samples& samples) {
        const auto snapshot = index.snapshot();
        sample_log(samples, store, snapshot->watermark, clock.now());
        sample_index(samples, *snapshot);
    });
}

void add_audit_metrics(api::Metrics& metrics, const audit::Recorder& recorder) {
    metrics.add_source([&recorder](Samples& samples) {
        const auto status = recorder.status();
        const auto count = [&](std::string name, std::string help, std::uint64_t value) {
            add(samples, std::move(name), std::move(help), static_cast<double>(value), true);
        };
        count("cvstroom_audit_records_total", "Disclosures recorded.", status.records);
        count("cvstroom_audit_groups_total", "Groups of records, each made durable at once.", status.groups);
        count("cvstroom_audit_bytes_total", "Bytes written to the audit.", status.bytes);
        count("cvstroom_audit_refused_total", "Answers kept back because they could not be recorded.", status.failed);
        add(samples, "cvstroom_audit_failing", "1 when the last group could not be written.",
            status.failure.empty() ? 0 : 1);
    });
}

void add_process_metrics(api::Metrics& metrics) {
    const double started = seconds(SystemClock().now().time_since_epoch());
    metrics.add_source([started](Samples& samples) {
        add(samples, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
        add(samples, "process_cpu_seconds_total", "Processor time, of user and system.", processor_seconds(), true);
        add(samples, "process_open_fds", "Open file descriptors.", open_descriptors());
        add(samples, "process_start_time_seconds", "When the process started, in seconds since 1970.", started);
    });
}

}  // namespace cvstroom::cli
