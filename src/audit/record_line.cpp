#include "audit/record_line.hpp"

#include <simdjson.h>

#include <algorithm>

#include "base/json_writer.hpp"

namespace cvstroom::audit {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint64_t format_version = 1;
constexpr std::string_view seal_begin = "{\"seal\":";
constexpr std::string_view code_key = "\"code\":\"";
constexpr std::size_t code_length = 64;
constexpr std::string_view seal_end = "\"}";

std::string text_of(const dom::object& object, std::string_view name) {
    std::string_view value;
    return object[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

std::optional<std::uint64_t> number_of(const dom::object& object, std::string_view name) {
    std::uint64_t value = 0;
    return object[name].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

// The object lives in the parser, which is this thread's.
std::optional<dom::object> parse_object(std::string_view line) {
    thread_local dom::parser parser;
    dom::object object;
    if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
    return object;
}

bool read_cvs(const dom::object& record, std::vector<Disclosed>& into) {
    dom::object cvs;
    if (record["cvs"].get(cvs) != simdjson::SUCCESS) return false;
    for (const auto& member : cvs) {
        const auto id = Uuid::parse(member.key);
        std::uint64_t version = 0;
        if (!id || member.value.get(version) != simdjson::SUCCESS) return false;
        into.push_back({*id, static_cast<std::uint32_t>(version)});
    }
    return true;
}

}  // namespace

std::optional<Sha256> parse_code(std::string_view hex) {
    Sha256 code{};
    if (hex.size() != code_length) return std::nullopt;
    for (std::size_t i = 0; i < code_length; ++i) {
        const auto digit = std::string_view("0123456789abcdef").find(hex[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        code[i / 2] = static_cast<std::uint8_t>(unsigned{code[i / 2]} << 4U | static_cast<unsigned>(digit));
    }
    return code;
}

void append_header(std::string& out, const Header& header) {
    JsonWriter json(out);
    json.begin_object().member("audit", format_version).member("chain", header.chain).member("file", header.file);
    json.member("opened", format_instant(header.opened)).member("previous", to_hex(header.previous)).end_object();
    out += '\n';
}

void append_record(std::string& out, const Entry& entry) {
    JsonWriter json(out);
    json.begin_object().member("at", format_instant(entry.at)).member("trace", entry.trace);
    json.member("partner", entry.partner).member("key", entry.key).member("resource", entry.resource);
    json.member("members", entry.members).key("cvs").begin_object();
    for (const auto& [cv, version] : entry.cvs) {
        out += out.back() == '{' ? "\"" : ",\"";
        cv.append_to(out);
        out += "\":";
        out += std::to_string(version);
    }
    out += "}}\n";
}

void append_seal_opening(std::string& out, const Seal& seal) {
    out.append(seal_begin).append(std::to_string(seal.number));
    out.append(",\"records\":").append(std::to_string(seal.records));
    out.append(seal.is_closing ? ",\"closing\":true," : ",").append(code_key);
}

void append_seal_code(std::string& out, const Sha256& code) {
    out.append(to_hex(code)).append(seal_end).append(1, '\n');
}

bool is_seal(std::string_view line) {
    return line.starts_with(seal_begin);
}

std::size_t sealed_length(std::string_view seal_line) {
    return seal_line.size() - std::min(seal_line.size(), code_length + seal_end.size());
}

std::optional<Header> read_header(std::string_view line) {
    const auto object = parse_object(line);
    if (!object || number_of(*object, "audit") != format_version) return std::nullopt;
    const auto chain = Uuid::parse(text_of(*object, "chain"));
    const auto file = number_of(*object, "file");
    const auto opened = parse_instant(text_of(*object, "opened"));
    const auto previous = parse_code(text_of(*object, "previous"));
    if (!chain || !file || !opened || !previous) return std::nullopt;
    return Header{*chain, *file, *opened, *previous};
}

std::optional<Entry> read_record(std::string_view line) {
    const auto object = parse_object(line);
    if (!object) return std::nullopt;
    const auto at = parse_instant(text_of(*object, "at"));
    if (!at) return std::nullopt;
    Entry entry{*at,
                text_of(*object, "trace"),
                text_of(*object, "partner"),
                text_of(*object, "key"),
                text_of(*object, "resource"),
                text_of(*object, "members"),
                {}};
    if (!read_cvs(*object, entry.cvs)) return std::nullopt;
    return entry;
}

std::optional<Seal> read_seal(std::string_view line) {
    if (!is_seal(line)) return std::nullopt;
    const auto object = parse_object(line);
    if (!object) return std::nullopt;
    const auto number = number_of(*object, "seal");
    const auto records = number_of(*object, "records");
    const auto code = parse_code(text_of(*object, "code"));
    if (!number || !records || !code) return std::nullopt;
    bool is_closing = false;
    if ((*object)["closing"].get(is_closing) != simdjson::SUCCESS) is_closing = false;
    return Seal{*number, *records, is_closing, *code};
}

}  // namespace cvstroom::audit
