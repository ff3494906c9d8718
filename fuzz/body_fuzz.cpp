// Whatever a client sends as the body of a batch, a receipt, a list of faults or a check is read or refused; what is
// read lies within its limits, and a refusal is JSON that names each fault.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/candidate_batch_request.hpp"
#include "api/fault_list.hpp"
#include "api/held_list.hpp"
#include "api/receipt_body.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"

namespace {

using namespace cvstroom;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_refusal(std::vector<http::Issue> issues) {
    const auto count = issues.size();
    const auto response = http::to_response(http::bad_request(std::move(issues)), http::Language::english);
    const std::string body(http::view(response.body));
    simdjson::dom::parser parser;
    simdjson::dom::array listed;
    require(parser.parse(body)["issues"].get(listed) == simdjson::SUCCESS);
    require(listed.size() == count);
}

void check_batch(std::string_view text) {
    std::vector<http::Issue> issues;
    const auto asked = api::read_batch_request(text, issues);
    if (!issues.empty()) return check_refusal(std::move(issues));
    require(!asked.empty() && asked.size() <= 500);
}

void check_receipt(std::string_view text) {
    api::ReceiptBody body(text);
    if (!body.issues.empty()) check_refusal(std::move(body.issues));
}

void check_faults(std::string_view text) {
    std::vector<http::Issue> issues;
    const auto faults = api::read_faults(text, issues);
    if (!issues.empty()) return check_refusal(std::move(issues));
    require(faults.size() <= sandbox::fault_names().size());
    for (const auto& fault : faults) {
        require(fault.share >= 1 && fault.share <= sandbox::Fault::most_share);
        require(fault.lasts.count() >= 1 && fault.lasts <= sandbox::Fault::longest);
        require(fault.pause.count() >= 0 && fault.pause <= sandbox::Fault::longest_pause);
    }
}

void check_held(std::string_view text) {
    for (const bool is_lines : {false, true}) {
        std::vector<http::Issue> issues;
        api::read_held(text, is_lines, issues);
        require(issues.size() <= 20);
        if (!issues.empty()) check_refusal(std::move(issues));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_batch(text);
    check_receipt(text);
    check_faults(text);
    check_held(text);
    return 0;
}
