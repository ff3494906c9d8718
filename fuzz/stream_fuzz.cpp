// A server's bytes give the mirror the same lines, or the same kind of refusal, in whatever pieces they come.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mirror/stream_reader.hpp"

namespace {

using namespace cvstroom;

std::string read_all(std::string_view bytes, std::size_t piece) {
    std::string seen;
    mirror::StreamReader reader([&](mirror::StreamLine line) -> Result<void> {
        seen += line.listed.cv.to_string() + " " + line.cursor + " " + line.json + "\n";
        for (const auto& row : line.flat.rows) {
            for (std::size_t i = 0; i < mirror::shape_of(row.table).columns.size(); ++i) {
                const auto& cell = line.flat.cells.at(row.first_cell + i);
                if (cell.kind == mirror::Cell::Kind::text) seen += line.flat.text(cell);
            }
        }
        return {};
    });
    while (!bytes.empty() && reader.push(bytes.substr(0, piece))) bytes.remove_prefix(std::min(piece, bytes.size()));
    const auto end = reader.finish();
    return seen + (end ? "whole " + end->cursor : std::to_string(static_cast<int>(end.error().code)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = read_all(bytes, bytes.size() + 1);
    if (read_all(bytes, 1 + size % 13) != whole) std::abort();
    return 0;
}
