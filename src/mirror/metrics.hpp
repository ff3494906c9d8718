// A mirror's figures as a Prometheus textfile, for node_exporter's textfile collector.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "mirror/observer.hpp"

namespace cvstroom::mirror {

struct MirrorFigures {
    Applied applied;  // since the start of this process
    std::uint64_t commits = 0;
    std::uint64_t held = 0;
    std::uint64_t unresolved = 0;
    bool has_failed = false;
    Traffic traffic;
    State state;
};

// The text exposition format, with HELP and TYPE lines. Holds no key and nothing of a person.
std::string to_prometheus(const MirrorFigures& figures);

// Replaces the file whole: the collector never reads half of one.
Result<void> write_metrics(const std::filesystem::path& file, const MirrorFigures& figures);

}  // namespace cvstroom::mirror
