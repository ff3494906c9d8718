// Saved text that is not what was written is refused, or safe to use.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "index/text_segment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cvstroom::index;
    const auto segment = TextSegment::from_bytes({reinterpret_cast<const char*>(data), size});
    if (!segment) return 0;
    std::vector<Row> rows;
    std::vector<std::uint8_t> marks;
    std::vector<std::uint64_t> bits;
    for (WordId id = 0; id < (*segment)->words(); ++id) {
        rows.clear();
        (*segment)->rows_of(id).append_to(rows);
        marks.assign(rows.size(), 0);
        (*segment)->rows_of(id).mark(rows, marks.data());
        for (std::size_t container = 0; container * container_rows < (*segment)->size(); ++container) {
            bits.assign(container_words, 0);
            (*segment)->rows_of(id).add_to(container, bits.data());
        }
        (*segment)->find((*segment)->word(id));
    }
    std::size_t words = 0;
    for (Row row = 0; row < (*segment)->size(); ++row) {
        (*segment)->each_text(row, [&](const RowText& text) { each_word(text.words, [&](WordId) { ++words; }); });
    }
    return 0;
}
