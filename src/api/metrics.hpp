// The node's metrics, for Prometheus to scrape (docs/operations.md lists them).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/call_record.hpp"

namespace cvstroom::api {

// One value that is read when it is scraped: the length of a queue, the size of an index.
struct Sample {
    std::string name;  // "cvstroom_…", base units; a counter's ends in "_total"
    std::string help;
    double value = 0;
    bool is_counter = false;
    std::vector<std::pair<std::string, std::string>> labels;
};

// Thread-safe. Labels never hold anything of a person, nor a key.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // One answered request. Costs some 100 ns.
    void observe(Resource resource, unsigned status, std::chrono::nanoseconds took);

    // Called at every scrape, on the scraping thread; must be quick. What it refers to outlives the last scrape.
    using Source = std::function<void(std::vector<Sample>&)>;
    void add_source(Source source);

    // Everything, in Prometheus' text format (version 0.0.4).
    std::string scrape() const;

  private:
    struct Requests;
    std::unique_ptr<Requests> requests_;
    std::vector<Source> sources_;
};

}  // namespace cvstroom::api
