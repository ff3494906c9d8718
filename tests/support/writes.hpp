// Writes for tests of the store and of what follows it.
#pragma once

#include <string>

#include "base/digest.hpp"
#include "base/uuid.hpp"
#include "store/document_codec.hpp"
#include "store/store.hpp"

namespace cvstroom::test {

// Id number `n`: the same number is the same CV.
inline Uuid make_id(std::uint32_t n) {
    Uuid id;
    for (std::size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<std::uint8_t>(n >> (8 * (3 - i)));
    id.bytes[6] = 0x40;
    id.bytes[8] = 0x80;
    return id;
}

inline constexpr Date some_day{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{13}};

// Stores `json` as it is: the store does not look into documents.
inline store::Write make_write(const Uuid& id, const std::string& json,
                               candidate::Status status = candidate::Status::open) {
    store::Write write;
    write.cv = id;
    write.status = status;
    write.changed_on = some_day;
    if (status != candidate::Status::erased) {
        write.document = store::compress_document(json);
        write.digest = sha256(json);
    }
    return write;
}

inline store::Write make_erasure(const Uuid& id) {
    return make_write(id, "", candidate::Status::erased);
}

}  // namespace cvstroom::test
