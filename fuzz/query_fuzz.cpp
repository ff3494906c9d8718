// Whatever a client writes in its query or its Accept fields is read or refused, and what is read survives a round
// trip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/conditional.hpp"
#include "http/negotiation.hpp"
#include "http/query.hpp"

namespace {

using namespace cvstroom;

std::string write_query(const std::vector<Parameter>& parameters) {
    std::string query;
    for (const auto& [name, value] : parameters) {
        if (!query.empty()) query.push_back('&');
        query.append(http::encode_query_value(name)).append("=").append(http::encode_query_value(value));
    }
    return query;
}

void check_query(std::string_view text) {
    const auto parameters = http::parse_query(text);
    if (!parameters) return;
    const auto again = http::parse_query(write_query(*parameters));
    if (!again || again->size() != parameters->size()) std::abort();
    for (std::size_t i = 0; i < again->size(); ++i) {
        if (again->at(i).name != parameters->at(i).name || again->at(i).value != parameters->at(i).value) std::abort();
    }
}

void check_negotiation(std::string_view text) {
    http::choose_language(text);
    http::Response response;
    response.body = std::string(text);
    response.set("ETag", "\"7\"");
    http::encode_body(response, http::choose_coding(text), 16);
    if (!http::names_etag(response.field("ETag"), "7")) std::abort();
    http::names_etag(text, "7");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_query(text);
    check_negotiation(text);
    return 0;
}
