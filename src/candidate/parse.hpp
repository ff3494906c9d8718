// From bytes to a valid Candidate, or to the list of everything that is wrong with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "candidate/candidate.hpp"
#include "candidate/code_book.hpp"

namespace cvstroom::candidate {

// One fault: where (JSON Pointer, RFC 6901; "" is the whole document), and what would be right.
struct Fault {
    std::string pointer;
    std::string message;
    bool operator==(const Fault&) const = default;
};

struct ParseLimits {
    std::size_t bytes = 1024 * 1024;  // of one document
    std::size_t depth = 32;           // objects and arrays within each other
    std::size_t faults = 100;         // reported at most; a last fault says that there are more
};

// Reads one JSON document. Refused whole: text that is no JSON or no UTF-8, a document too large or too deep, members
// that stand twice in one object (also inside unknown members), a wrong type, format or range, an unknown code, a known
// required member that is missing. A `null` counts as a wrong type: absent members are left out (Belgif jsn-null).
// Not thread-safe: keep one Parser a thread; it reuses its buffers.
class Parser {
  public:
    explicit Parser(const CodeBook& codes, ParseLimits limits = {});
    ~Parser();
    Parser(Parser&&) noexcept;
    Parser& operator=(Parser&&) noexcept;

    tl::expected<Candidate, std::vector<Fault>> parse(std::string_view json);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cvstroom::candidate
