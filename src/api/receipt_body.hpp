// The body of a receipt: {"vervolg": "…"}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/problem.hpp"

namespace cvstroom::api {

struct ReceiptBody {
    explicit ReceiptBody(std::string_view body);

    void add(std::string pointer, LocalText detail, std::string_view type = "schemaViolation");

    std::vector<http::Issue> issues;  // everything that is wrong with it, by JSON Pointer
    std::string cursor;
};

}  // namespace cvstroom::api
