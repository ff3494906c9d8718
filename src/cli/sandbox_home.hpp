// The folder of a sandbox: its database, certificate and keys, made once and used again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace cvstroom::cli {

struct SandboxHome {
    std::filesystem::path folder;

    std::filesystem::path database() const { return folder / "cv.db"; }
    std::filesystem::path certificate() const { return folder / "certificate.pem"; }
    std::filesystem::path private_key() const { return folder / "private-key.pem"; }
    std::filesystem::path partner_key() const { return folder / "partner.key"; }
    std::filesystem::path administration_key() const { return folder / "administration.key"; }
    std::filesystem::path progress() const { return folder / "steps"; }  // how far its history has come
    std::filesystem::path marker() const { return folder / "sandbox"; }  // says what is in it, once it is complete
};

struct SandboxContents {
    std::uint64_t cvs = 10'000;  // generated ones, beside the eight of the API's description
    std::uint64_t seed = 1;
};

// Makes the sandbox unless it is there already with the same contents; a sandbox with other contents, or one whose
// making was interrupted, is made anew. conflict when the folder holds something that is no sandbox.
Result<void> prepare_sandbox(const SandboxHome& home, const SandboxContents& contents,
                             const std::filesystem::path& resources);

Result<std::string> read_key_file(const std::filesystem::path& file);

}  // namespace cvstroom::cli
