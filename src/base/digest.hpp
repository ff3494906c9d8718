// Digests, authentication codes and random bytes (OpenSSL), with their text forms.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX
struct evp_md_ctx_st;   // OpenSSL's EVP_MD_CTX

namespace cvstroom {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view data);
Sha256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);

// SHA-256 of what comes in pieces. One thread at a time.
class RunningSha256 {
  public:
    RunningSha256();
    void add(std::string_view data);
    Sha256 finish();  // and begins anew

  private:
    void begin();

    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Codes under one key, which is set up once. One thread at a time.
class HmacSha256 {
  public:
    explicit HmacSha256(std::span<const std::uint8_t> key);
    Sha256 code(std::string_view data);

  private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const;
    };
    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

// Takes the same time wherever the two differ. Lengths are not secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Bytes from the operating system's generator; aborts when there are none, because nothing safe can follow.
void fill_random(std::span<std::uint8_t> bytes);

std::string to_hex(std::span<const std::uint8_t> bytes);

// RFC 4648 §5 without padding, for cursors in URLs. Decoding refuses every non-canonical form.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cvstroom
