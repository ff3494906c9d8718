// What a node tells of itself at /metrics beside its requests; docs/operations.md lists every name.
#pragma once

#include "api/metrics.hpp"
#include "audit/recorder.hpp"
#include "base/time.hpp"
#include "index/index.hpp"
#include "store/store.hpp"

namespace cvstroom::cli {

// All outlive the last scrape.
void add_store_metrics(api::Metrics& metrics, store::Store& store, const index::Index& index, const Clock& clock);

void add_audit_metrics(api::Metrics& metrics, const audit::Recorder& recorder);

// Memory, processor time, descriptors and start time of this process, under the names that Prometheus' own client
// libraries use.
void add_process_metrics(api::Metrics& metrics);

}  // namespace cvstroom::cli
