#include "api/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace cvstroom::api {
namespace {

constexpr unsigned status_limit = 600;

// From a cached detail to a large load, in seconds.
const prometheus::Histogram::BucketBoundaries& time_bounds() {
    static const prometheus::Histogram::BucketBoundaries bounds{0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01,
                                                                0.03,    0.1,     0.3,    1,      3,     10,    60};
    return bounds;
}

prometheus::MetricFamily make_family(const Sample& sample) {
    prometheus::MetricFamily family;
    family.name = sample.name;
    family.help = sample.help;
    family.type = sample.is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    return family;
}

void add_value(prometheus::MetricFamily& family, const Sample& sample) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
    (sample.is_counter ? metric.counter.value : metric.gauge.value) = sample.value;
    family.metric.push_back(std::move(metric));
}

// Samples of the same name become one family, whichever sources they came from.
void append_families(const std::vector<Sample>& samples, std::vector<prometheus::MetricFamily>& families) {
    for (const auto& sample : samples) {
        const auto found = std::find_if(families.begin(), families.end(),
                                        [&](const auto& family) { return family.name == sample.name; });
        auto& family = found == families.end() ? families.emplace_back(make_family(sample)) : *found;
        add_value(family, sample);
    }
}

}  // namespace

// A family finds a counter by its labels under a lock; here each is looked up once and then only counted.
struct Metrics::Requests {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& counts;
    std::array<prometheus::Histogram*, resource_count> times{};
    std::array<std::array<std::atomic<prometheus::Counter*>, status_limit>, resource_count> by_status{};

    Requests()
        : counts(prometheus::BuildCounter()
                     .Name("cvstroom_requests_total")
                     .Help("Requests answered, by resource and status.")
                     .Register(registry)) {
        auto& family = prometheus::BuildHistogram()
                           .Name("cvstroom_request_seconds")
                           .Help("Time from a whole request to its answer, by resource.")
                           .Register(registry);
        for (std::size_t i = 0; i < resource_count; ++i) {
            const std::string label(name(static_cast<Resource>(i)));
            times[i] = &family.Add({{"resource", label}}, time_bounds());
        }
    }

    prometheus::Counter& counter(Resource resource, unsigned status) {
        auto& known = by_status[static_cast<std::size_t>(resource)][std::min(status, status_limit - 1)];
        if (auto* found = known.load(std::memory_order_acquire)) return *found;
        auto& added = counts.Add({{"resource", std::string(name(resource))}, {"status", std::to_string(status)}});
        known.store(&added, std::memory_order_release);  // two threads may both add it: it is the same one
        return added;
    }
};

Metrics::Metrics() : requests_(std::make_unique<Requests>()) {}
Metrics::~Metrics() = default;

void Metrics::observe(Resource resource, unsigned status, std::chrono::nanoseconds took) {
    requests_->counter(resource, status).Increment();
    requests_->times[static_cast<std::size_t>(resource)]->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::add_source(Source source) {
    sources_.push_back(std::move(source));
}

std::string Metrics::scrape() const {
    auto families = requests_->registry.Collect();
    std::vector<Sample> samples;
    for (const auto& source : sources_) source(samples);
    append_families(samples, families);
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace cvstroom::api
