// Saved text that is not what was written is refused, or safe to use.
#include <cstddef>
#include <cstdint>
#include <string>

#include "index/text_segment_builder.hpp"

namespace {

using namespace cvstroom::index;

std::string whole_segment() {
    TextSegmentBuilder builder;
    for (int row = 0; row < 300; ++row) {
        builder.add_text(TextField::title, "magazijnier in " + std::to_string(row % 7));
        builder.add_text(TextField::employer, "zilver en co");
        if (row % 3 == 0) builder.add_text(TextField::study, "cursus " + std::to_string(row));
        builder.end_row();
    }
    std::string bytes;
    builder.build()->append_to(bytes);
    return bytes;
}

// Bytes from nothing would hardly pass the first checks: the input tells what to change in a segment that is whole,
// three bytes a change: two for the place, one for the value there.
std::string changed(const std::uint8_t* data, std::size_t size) {
    static const std::string whole = whole_segment();
    std::string bytes = whole;
    for (; size >= 3; data += 3, size -= 3) {
        const std::size_t place = data[0] + std::size_t{data[1]} * 256;
        bytes[place % bytes.size()] = static_cast<char>(data[2]);
    }
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto segment = TextSegment::from_bytes(changed(data, size));
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
        const auto count = [&](std::span<const std::uint8_t> text) { each_word(text, [&](WordId) { ++words; }); };
        (*segment)->row_texts().each(
            row, [&](PairId pair) { count((*segment)->words_of_pair(pair)); },
            [&](const OwnText& text) { count(text.words); });
    }
    return 0;
}
