#include "http/response_head.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace cvstroom::http {
namespace {

void append_number(std::string& out, std::size_t number) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out.append("HTTP/1.1 200 OK\r\n");
        return;
    }
    out.append("HTTP/1.1 ");
    append_number(out, status);
    const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    out.append(" ").append(reason.data(), reason.size()).append("\r\n");
}

void append_value(std::string& out, std::string_view value) {
    const std::size_t begin = out.size();
    out.append(value);
    const auto is_break = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_break, ' ');
}

// 1xx and 204 must not name a length; a 304 would have to name that of the 200, which is not known here.
bool names_length(unsigned status) {
    return status >= 200 && status != 204 && status != 304;
}

}  // namespace

bool carries_body(unsigned status, bool is_head) {
    return !is_head && names_length(status);
}

void append_head(std::string& out, const Response& response, std::string_view date, bool keep_alive, bool chunked) {
    append_status_line(out, response.status);
    out.append("Date: ").append(date).append("\r\n");
    for (const auto& [name, value] : response.fields) {
        out.append(name).append(": ");
        append_value(out, value);
        out.append("\r\n");
    }
    if (chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    } else if (names_length(response.status) && !response.source) {
        out.append("Content-Length: ");
        append_number(out, view(response.body).size());
        out.append("\r\n");
    }
    if (!keep_alive) out.append("Connection: close\r\n");
    out.append("Strict-Transport-Security: max-age=31536000\r\n\r\n");
}

void append_chunk(std::string& out, std::string_view bytes, bool is_last) {
    if (!bytes.empty()) {
        char digits[16];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), bytes.size(), 16).ptr;
        out.append(digits, static_cast<std::size_t>(end - digits)).append("\r\n").append(bytes).append("\r\n");
    }
    if (is_last) out.append("0\r\n\r\n");
}

}  // namespace cvstroom::http
