// What the tests of the feed share: the program with thirty CVs, and answers read as JSON.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/wire/answers.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {

inline constexpr const char* api_path = "/services/openservices/v1";

inline std::string cv_id(int n) {
    const std::string digits = std::to_string(n);
    return std::string(8 - digits.size(), '0') + digits + "-0000-4000-8000-000000000000";
}

inline std::string cv_document(int n, const std::string& more = R"("gewensteJob":{"regios":["BE231A"]})") {
    return R"({"cvId":")" + cv_id(n) + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13",)" + more + "}";
}

// One program for all tests of a suite.
class FeedSuite : public testing::Test {
  protected:
    static constexpr int cvs = 30;

    static void SetUpTestSuite() {
        std::vector<std::string> documents;
        for (int n = 1; n <= cvs; ++n) documents.push_back(cv_document(n));
        program_ = std::make_unique<RunningProgram>(documents);
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(program_->stop(), 0) << program_->log();
        program_.reset();
    }

    static WireResponse get(const std::string& path, std::vector<std::string> fields = {}) {
        return ask(program_->port(), program_->key(), {"GET", api_path + path, std::move(fields), ""});
    }
    static WireResponse stream(const std::string& query, std::vector<std::string> fields = {}) {
        fields.push_back("Accept: application/x-ndjson");
        return get("/kandidaten/bulk" + query, std::move(fields));
    }
    static WireResponse post(const std::string& path, const std::string& body) {
        return ask(program_->port(), program_->key(),
                   {"POST", api_path + path, {"Content-Type: application/json"}, body});
    }
    static WireResponse administer(const std::string& method, const std::string& path, const std::string& body = "") {
        return ask(program_->administration_port(), program_->administration_key(),
                   {method, "/beheer/v1" + path, {}, body});
    }
    static void put(int n, const std::string& more) {
        const auto response = administer("PUT", "/kandidaten/" + cv_id(n), cv_document(n, more));
        ASSERT_LT(response.status, 300U) << response.body;
    }
    static void erase(int n) { ASSERT_EQ(administer("DELETE", "/kandidaten/" + cv_id(n)).status, 200U); }

    static std::vector<std::string> lines(const std::string& body) {
        std::vector<std::string> found;
        std::size_t begin = 0;
        for (std::size_t end; (end = body.find('\n', begin)) != std::string::npos; begin = end + 1) {
            found.push_back(body.substr(begin, end - begin));
        }
        EXPECT_EQ(begin, body.size()) << "the last line ends too";
        return found;
    }
    // The cursor of all there is now.
    static std::string now() { return text(lines(stream("").body).back(), "/vervolg"); }

    static std::unique_ptr<RunningProgram> program_;
};

inline std::unique_ptr<RunningProgram> FeedSuite::program_;

}  // namespace cvstroom::test
