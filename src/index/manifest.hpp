// The manifest of a saved index: which files belong to it, and what they were made from. docs/index-format.md has its
// bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "index/extension.hpp"
#include "store/store.hpp"

namespace cvstroom::index {

struct SavedPart {
    std::uint64_t checksum = 0;  // of the segment's file, which it also names
    std::uint64_t bytes = 0;     // length of that file
    std::uint32_t erasures = 0;  // see Part
    std::vector<Row> dead;       // ascending

    // "0123456789abcdef.segment"
    std::string file_name() const;
};

struct Manifest {
    Uuid epoch;                      // of the store's history
    store::Seq watermark = 0;        // the log is applied up to here
    std::int64_t instant = 0;        // of that entry: another history has another one there
    std::uint64_t fingerprint = 0;   // see indexing_fingerprint()
    std::string extension;           // ExtensionKind::name(); empty without one
    std::vector<std::string> names;  // of the dictionary, by number: the dimension as a byte, then the code
    std::vector<SavedPart> parts;    // oldest first
};

std::string encode(const Manifest& manifest);

// corrupt says what is wrong: not a manifest, of another version, cut, or with a wrong checksum.
Result<Manifest> decode_manifest(std::span<const std::byte> bytes);

// XXH3, 64 bits, of the pieces one after the other.
std::uint64_t checksum_of(std::span<const std::span<const std::byte>> pieces);
std::uint64_t checksum_of(std::span<const std::byte> bytes);

}  // namespace cvstroom::index
