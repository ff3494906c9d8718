// A self-signed certificate for the sandbox and for tests.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace cvstroom::http {

// Writes an ECDSA P-256 key (mode 0600) and a certificate for localhost, 127.0.0.1 and ::1, valid for `days`.
Result<void> write_self_signed(const std::filesystem::path& certificate, const std::filesystem::path& key, int days);

}  // namespace cvstroom::http
