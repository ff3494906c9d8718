#include "http/query.hpp"

#include <optional>

#include "base/text.hpp"

namespace cvstroom::http {
namespace {

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

// Nothing for a '%' without two hexadecimal digits.
std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i] == '+' ? ' ' : text[i]);
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const auto high = hex_value(text[i + 1]);
        const auto low = hex_value(text[i + 2]);
        if (!high || !low) return std::nullopt;
        decoded.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
    }
    return decoded;
}

bool is_clean(std::string_view text) {
    return text.find('\0') == std::string_view::npos && is_valid_utf8(text);
}

// Reads one side of a parameter; `where` is what the error names.
Result<std::string> read_part(std::string_view raw, const std::string& where) {
    auto decoded = decode(raw);
    if (!decoded) return fail(ErrorCode::invalid_input, "a '%' must be followed by two hexadecimal digits", where);
    if (!is_clean(*decoded)) return fail(ErrorCode::invalid_input, "the text must be UTF-8 without NUL", where);
    return std::move(*decoded);
}

Result<Parameter> read_parameter(std::string_view part) {
    const std::size_t equals = part.find('=');
    const std::string_view raw_name = part.substr(0, equals);
    // A name that cannot be decoded is named as it was sent, unless that would put broken text in an answer.
    auto name = read_part(raw_name, is_clean(raw_name) ? std::string(raw_name) : std::string());
    if (!name) return tl::unexpected(name.error());
    if (name->empty()) return fail(ErrorCode::invalid_input, "a parameter needs a name");
    if (equals == std::string_view::npos) {
        return fail(ErrorCode::invalid_input, "a parameter needs '=' and a value", std::move(*name));
    }
    auto value = read_part(part.substr(equals + 1), *name);
    if (!value) return tl::unexpected(value.error());
    return Parameter{std::move(*name), std::move(*value)};
}

bool is_kept(char c) {
    const bool is_letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter_or_digit || std::string_view("-._~,:/").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::vector<Parameter>> parse_query(std::string_view query) {
    std::vector<Parameter> parameters;
    if (query.empty()) return parameters;
    for (const std::string_view part : split(query, '&')) {
        auto parameter = read_parameter(part);
        if (!parameter) return tl::unexpected(parameter.error());
        parameters.push_back(std::move(*parameter));
    }
    return parameters;
}

std::string encode_query_value(std::string_view value) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(value.size());
    for (const char c : value) {
        if (is_kept(c)) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(digits[byte >> 4U]);
        encoded.push_back(digits[byte & 0x0FU]);
    }
    return encoded;
}

}  // namespace cvstroom::http
