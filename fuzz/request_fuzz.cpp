// A client's bytes give the same requests, or the same refusal, in whatever pieces they come.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "http/request_reader.hpp"

namespace {

using namespace cvstroom::http;

Limits small_limits() {
    Limits limits;
    limits.header_bytes = 1024;
    limits.target_bytes = 256;
    limits.body_bytes = 4096;
    return limits;
}

void append_request(std::string& out, const Request& request) {
    out.append(request.method).append(" ").append(request.path).append("?").append(request.query).append("\n");
    for (const auto& [name, value] : request.fields) out.append(name).append(":").append(value).append("\n");
    out.append(request.body).append("\n");
}

std::size_t give(RequestReader& reader, std::string_view bytes, std::size_t piece) {
    const auto space = reader.space();
    const std::size_t count = std::min({space.size(), bytes.size(), piece});
    std::memcpy(space.data(), bytes.data(), count);
    reader.received(count);
    return count;
}

// What the reader makes of the bytes when they come in pieces of this size. Refusals are told apart by no more than
// that they are: where a limit is passed depends on how much has come.
std::string read_all(std::string_view bytes, std::size_t piece) {
    const Limits limits = small_limits();
    RequestReader reader(limits, "192.0.2.1");
    std::string seen;
    while (true) {
        switch (reader.read()) {
            case RequestReader::State::complete:
                append_request(seen, reader.request());
                reader.next();
                break;
            case RequestReader::State::refused:
                return seen + "refused";
            case RequestReader::State::want_continue:
                break;
            case RequestReader::State::need_more:
                if (bytes.empty()) return seen;
                bytes.remove_prefix(give(reader, bytes, piece));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string whole = read_all(bytes, bytes.size());
    const std::string pieces = read_all(bytes, 1U + data[0] % 16U);
    if (whole != pieces) std::abort();
    return 0;
}
