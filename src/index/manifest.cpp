#include "index/manifest.hpp"

#include <fmt/format.h>

#include <memory>

#include "index/byte_stream.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cvstroom::index {
namespace {

constexpr std::string_view magic = "CVINDEX\n";
constexpr std::uint32_t format = 1;
constexpr std::size_t extension_length = 16;

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_part(const SavedPart& part, ByteWriter& out) {
    out.put(part.checksum);
    out.put(part.bytes);
    out.put(part.erasures);
    out.put(static_cast<std::uint32_t>(part.dead.size()));
    for (const Row row : part.dead) out.put(row);
}

SavedPart get_part(ByteReader& in) {
    SavedPart part;
    part.checksum = in.get<std::uint64_t>();
    part.bytes = in.get<std::uint64_t>();
    part.erasures = in.get<std::uint32_t>();
    const auto dead = in.get<std::uint32_t>();
    if (dead > in.left() / sizeof(Row)) return part;  // found out by who reads on
    part.dead.reserve(dead);
    for (std::uint32_t i = 0; i < dead; ++i) part.dead.push_back(in.get<Row>());
    return part;
}

}  // namespace

std::string SavedPart::file_name() const {
    return fmt::format("{:016x}.segment", checksum);
}

std::uint64_t checksum_of(std::span<const std::span<const std::byte>> pieces) {
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(), XXH3_freeState);
    XXH3_64bits_reset(state.get());
    for (const auto piece : pieces) XXH3_64bits_update(state.get(), piece.data(), piece.size());
    return XXH3_64bits_digest(state.get());
}

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::string encode(const Manifest& manifest) {
    ByteWriter out;
    out.put_text(magic);
    out.put(format);
    out.put(std::uint32_t{0});
    out.put(manifest.epoch);
    out.put(manifest.watermark);
    out.put(manifest.instant);
    out.put(manifest.fingerprint);
    std::string extension = manifest.extension.substr(0, extension_length);
    extension.resize(extension_length, '\0');
    out.put_text(extension);
    out.put(static_cast<std::uint32_t>(manifest.names.size()));
    out.put(static_cast<std::uint32_t>(manifest.parts.size()));
    for (const auto& name : manifest.names) {
        out.put(static_cast<std::uint16_t>(name.size()));
        out.put_text(name);
    }
    for (const auto& part : manifest.parts) put_part(part, out);
    out.put(checksum_of(std::as_bytes(std::span(out.bytes()))));
    return std::move(out.bytes());
}

Result<Manifest> decode_manifest(std::span<const std::byte> bytes) {
    const auto corrupt = [](std::string what) { return fail(ErrorCode::corrupt, std::move(what)); };
    if (!text_of(bytes).starts_with(magic)) return corrupt("is no manifest of a saved index");
    ByteReader in(bytes.subspan(magic.size()));
    const auto version = in.get<std::uint32_t>();
    if (version != format) return corrupt(fmt::format("has format {}; this program writes format {}", version, format));
    constexpr std::size_t checksum_length = sizeof(std::uint64_t);
    if (bytes.size() < magic.size() + checksum_length) return corrupt("is cut");
    ByteReader end(bytes.last(checksum_length));
    if (end.get<std::uint64_t>() != checksum_of(bytes.first(bytes.size() - checksum_length)))
        return corrupt("is damaged: its checksum is wrong");
    Manifest manifest;
    in.get<std::uint32_t>();
    manifest.epoch = in.get<Uuid>();
    manifest.watermark = in.get<store::Seq>();
    manifest.instant = in.get<std::int64_t>();
    manifest.fingerprint = in.get<std::uint64_t>();
    const auto extension = in.get_text(extension_length);
    manifest.extension = extension.substr(0, extension.find('\0'));
    const auto names = in.get<std::uint32_t>();
    const auto parts = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < names && in.is_good(); ++i) {
        manifest.names.emplace_back(in.get_text(in.get<std::uint16_t>()));
    }
    for (std::uint32_t i = 0; i < parts && in.is_good(); ++i) manifest.parts.push_back(get_part(in));
    if (!in.is_good() || in.left() != checksum_length) return corrupt("is not as long as its own numbers say");
    return manifest;
}

}  // namespace cvstroom::index
