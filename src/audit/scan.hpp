// Reads one audit file through and checks every seal in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/chain.hpp"
#include "audit/record_line.hpp"

namespace cvstroom::audit {

// What a seal must follow. What is not known is not checked.
struct Before {
    std::optional<Sha256> code;
    std::optional<std::uint64_t> seal;
};

struct Scan {
    std::optional<Header> header;
    std::optional<Seal> last;    // the last good seal
    std::uint64_t records = 0;   // in sealed groups
    std::size_t end = 0;         // of the last good seal's line
    std::size_t unfinished = 0;  // bytes after it that no seal covers: a group that a crash cut off
    bool is_torn = false;        // … with blocks missing in it, as a power cut leaves it
    std::size_t fault_line = 0;  // counted from 1; 0: no fault
    std::string fault;

    bool is_closed() const { return last && last->is_closing; }
};

// `on_seal` (may be empty) gets every good seal. O(bytes).
Scan scan_file(std::string_view content, const Key& key, const Before& before,
               const std::function<void(const Seal&)>& on_seal = {});

}  // namespace cvstroom::audit
