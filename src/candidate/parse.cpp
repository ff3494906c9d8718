#include "candidate/parse.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <new>

#include "candidate/document_reader.hpp"

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t first_capacity = 16 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// What is wrong with a text as a whole, and what to do about it.
std::string explain(simdjson::error_code error, std::string_view json, const ParseLimits& limits) {
    if (json.starts_with(byte_order_mark)) return "starts with a byte order mark; send UTF-8 without one";
    switch (error) {
        case simdjson::EMPTY:
            return "is empty; send one JSON object";
        case simdjson::UTF8_ERROR:
            return "is not valid UTF-8; encode the whole document as UTF-8";
        case simdjson::DEPTH_ERROR:
            return fmt::format("is too deep; at most {} objects and arrays may stand within each other", limits.depth);
        case simdjson::NUMBER_ERROR:
            return "has a number that is no JSON or does not fit 64 bits; send longer ones as strings";
        case simdjson::STRING_ERROR:
            return "has a string with a wrong escape; write \\uXXXX in pairs for characters above U+FFFF";
        case simdjson::UNESCAPED_CHARS:
        case simdjson::UNCLOSED_STRING:
            return "has a string that is not closed, or a control character in one; escape those, a line end as \\n";
        default:
            return fmt::format("is not one whole JSON value ({}); send one JSON object and nothing after it",
                               simdjson::error_message(error));
    }
}

tl::unexpected<std::vector<Fault>> refuse(std::string message) {
    return tl::unexpected(std::vector<Fault>{{"", std::move(message)}});
}

}  // namespace

struct Parser::State {
    const CodeBook& codes;
    ParseLimits limits;
    dom::parser json{};
};

Parser::Parser(const CodeBook& codes, ParseLimits limits) : state_(new State{codes, limits}) {
    // The parser counts the whole document as a level too.
    if (state_->json.allocate(first_capacity, limits.depth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
}

Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

tl::expected<Candidate, std::vector<Fault>> Parser::parse(std::string_view json) {
    const ParseLimits& limits = state_->limits;
    if (json.size() > limits.bytes) {
        return refuse(fmt::format("is {} bytes long; at most {} are allowed", json.size(), limits.bytes));
    }
    if (json.empty()) return refuse(explain(simdjson::EMPTY, json, limits));
    dom::element document;
    const auto error = state_->json.parse(json.data(), json.size()).get(document);
    if (error != simdjson::SUCCESS) return refuse(explain(error, json, limits));
    ValueReader values(state_->codes, limits, json);
    Candidate candidate = read_candidate(values, document);
    if (!values.faults().empty()) return tl::unexpected(values.faults().take());
    return candidate;
}

}  // namespace cvstroom::candidate
