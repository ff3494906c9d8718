#include "index/segment_file.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#include "base/durable_file.hpp"
#include "index/file_reader.hpp"

namespace cvstroom::index {
namespace {

constexpr std::array<char, 8> magic{'C', 'V', 'S', 'E', 'G', 'M', 'T', '\n'};
constexpr std::uint32_t format = 1;

struct FileHeader {
    std::array<char, 8> magic;
    std::uint32_t format;
    std::uint32_t reserved;
    std::uint64_t image_bytes;      // the segment's image follows this header
    std::uint64_t extension_bytes;  // and then what the extension saved
    std::array<char, 16> extension;
    std::array<char, 16> padding;  // so that the image stands at a multiple of 64 bytes
};
static_assert(sizeof(FileHeader) == 64);

std::array<char, 16> name_of(const ExtensionKind* kind) {
    std::array<char, 16> name{};
    if (kind != nullptr) kind->name().copy(name.data(), name.size() - 1);
    return name;
}

}  // namespace

Result<SavedPart> write_segment(const std::filesystem::path& folder, const Segment& segment,
                                const ExtensionKind* kind) {
    std::string extension;
    if (segment.extension() != nullptr) segment.extension()->save(extension);
    const FileHeader header{magic, format, 0, segment.image().size(), extension.size(), name_of(kind), {}};
    const std::array<std::span<const std::byte>, 3> pieces{std::as_bytes(std::span(&header, 1)), segment.image(),
                                                           std::as_bytes(std::span(extension))};
    SavedPart part;
    part.checksum = checksum_of(pieces);
    for (const auto piece : pieces) part.bytes += piece.size();
    if (auto written = write_durably(folder / part.file_name(), pieces); !written)
        return tl::unexpected(written.error());
    return part;
}

Result<std::shared_ptr<const Segment>> read_segment(const std::filesystem::path& folder, const SavedPart& part,
                                                    const ExtensionKind* kind) {
    const auto file = folder / part.file_name();
    const auto corrupt = [&file](const char* what) { return fail(ErrorCode::corrupt, what, file.string()); };
    const auto content = read_file(file);
    if (!content) return tl::unexpected(content.error());
    const std::span<const std::byte> bytes = content->bytes();
    if (bytes.size() != part.bytes || bytes.size() < sizeof(FileHeader)) return corrupt("is not as long as it was");
    if (checksum_of(bytes) != part.checksum) return corrupt("is damaged: its checksum is wrong");
    FileHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto body = bytes.subspan(sizeof header);
    if (header.magic != magic || header.format != format) return corrupt("is no segment of this format");
    if (header.extension != name_of(kind)) return corrupt("was made with another analysis of texts");
    if (header.image_bytes > body.size() || header.extension_bytes != body.size() - header.image_bytes)
        return corrupt("is not as long as its own numbers say");
    if (header.image_bytes < sizeof(SegmentHeader)) return corrupt("has a segment that is shorter than its head");
    MemoryBlock image(header.image_bytes);
    std::memcpy(image.bytes().data(), body.data(), image.size());
    std::shared_ptr<const Extension> extension;
    if (kind != nullptr) {
        Row rows = 0;
        std::memcpy(&rows, body.data() + offsetof(SegmentHeader, rows), sizeof rows);
        const auto saved = body.subspan(header.image_bytes);
        auto loaded = kind->load({reinterpret_cast<const char*>(saved.data()), saved.size()}, rows);
        if (!loaded) return corrupt(loaded.error().message.c_str());
        extension = std::move(*loaded);
    }
    auto segment = Segment::open(std::move(image), std::move(extension));
    if (!segment) return corrupt(segment.error().message.c_str());
    return segment;
}

}  // namespace cvstroom::index
