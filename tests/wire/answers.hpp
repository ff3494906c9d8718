// Looking into answers: a member by JSON Pointer, and what becomes true in a moment.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/wire/tls_client.hpp"

namespace cvstroom::test {

// Fails the test, and gives what is empty, where there is no such text (or number) at `pointer`.
inline std::string text(const std::string& json, std::string_view pointer) {
    simdjson::dom::parser parser;
    std::string_view value;
    EXPECT_EQ(parser.parse(json).at_pointer(pointer).get(value), simdjson::SUCCESS) << pointer << " of " << json;
    return std::string(value);
}
inline std::int64_t number(const std::string& json, std::string_view pointer) {
    simdjson::dom::parser parser;
    std::int64_t value = -1;
    EXPECT_EQ(parser.parse(json).at_pointer(pointer).get(value), simdjson::SUCCESS) << pointer << " of " << json;
    return value;
}
inline std::string text(const WireResponse& response, std::string_view pointer) {
    return text(response.body, pointer);
}
inline std::int64_t number(const WireResponse& response, std::string_view pointer) {
    return number(response.body, pointer);
}

// SPEC 7: visible within a second. Asks until it holds; a machine that is busy with other tests gets ten.
inline bool soon(const std::function<bool()>& holds) {
    for (int tries = 0; tries < 400; ++tries) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
    return false;
}

}  // namespace cvstroom::test
