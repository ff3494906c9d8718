// What the killed writer tells the test about each write, once the store has acknowledged it: one fixed-size record, so
// that a pipe carries it whole or not at all (POSIX: writes up to PIPE_BUF are atomic).
#pragma once

#include <cstdint>

#include "base/uuid.hpp"

namespace cvstroom::test {

struct Acknowledgement {
    Uuid cv;
    std::uint64_t seq;
    std::uint32_t version;
    std::uint32_t status;
    std::uint64_t content;  // what the document says; 0 for an erasure
    std::uint32_t batch;    // writes that share a number share a transaction
    std::uint32_t batch_size;
};

}  // namespace cvstroom::test
