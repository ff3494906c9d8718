// What `cvstroom search` prints.
#pragma once

#include <cstdint>
#include <iosfwd>

#include "index/index.hpp"
#include "search/plan.hpp"

namespace cvstroom::cli {

struct SearchReport {
    std::uint64_t offset = 0;
    std::uint32_t count = 20;
    bool explains = false;
    bool is_json = false;

    // Searches, and writes the answer.
    void write(const search::Plan& plan, const index::Index& index, std::ostream& out) const;
};

}  // namespace cvstroom::cli
