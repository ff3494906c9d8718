#include "base/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <new>

namespace cvstroom {
namespace {

constexpr std::string_view base64url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const unsigned char* as_bytes(std::string_view data) {
    return reinterpret_cast<const unsigned char*>(data.data());
}

// Looked up once: OpenSSL's one-shot functions look their algorithm up by name at every call, which takes longer than
// a short digest.
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

EVP_MAC* hmac_algorithm() {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    return algorithm;
}

}  // namespace

Sha256 sha256(std::string_view data) {
    thread_local RunningSha256 running;
    running.add(data);
    return running.finish();
}

Sha256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
    return HmacSha256(key).code(data);
}

void RunningSha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

RunningSha256::RunningSha256() : context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::bad_alloc();
    begin();
}

void RunningSha256::begin() {
    if (EVP_DigestInit_ex(context_.get(), sha256_algorithm(), nullptr) != 1) throw std::bad_alloc();
}

void RunningSha256::add(std::string_view data) {
    EVP_DigestUpdate(context_.get(), data.data(), data.size());
}

Sha256 RunningSha256::finish() {
    Sha256 digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    begin();
    return digest;
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const {
    EVP_MAC_CTX_free(context);
}

HmacSha256::HmacSha256(std::span<const std::uint8_t> key) : context_(EVP_MAC_CTX_new(hmac_algorithm())) {
    char name[] = "SHA256";
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                OSSL_PARAM_construct_end()};
    if (!context_ || EVP_MAC_init(context_.get(), key.data(), key.size(), parameters.data()) != 1)
        throw std::bad_alloc();
}

Sha256 HmacSha256::code(std::string_view data) {
    Sha256 code{};
    std::size_t length = 0;
    EVP_MAC_update(context_.get(), as_bytes(data), data.size());
    EVP_MAC_final(context_.get(), code.data(), &length, code.size());
    if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1) throw std::bad_alloc();  // with the same key
    return code;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(std::span<std::uint8_t> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 0x0FU]);
    }
    return text;
}

std::string to_base64url(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8U) | static_cast<std::uint8_t>(c);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text.push_back(base64url_alphabet[(buffer >> bits) & 0x3FU]);
        }
    }
    if (bits > 0) text.push_back(base64url_alphabet[(buffer << (6 - bits)) & 0x3FU]);
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = base64url_alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>((buffer >> bits) & 0xFFU));
        }
    }
    const bool has_stray_bits = bits >= 6 || (buffer & ((1U << bits) - 1U)) != 0;
    if (has_stray_bits) return std::nullopt;
    return bytes;
}

}  // namespace cvstroom
