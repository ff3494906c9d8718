#include "http/self_signed.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace cvstroom::http {
namespace {

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

bool add_extension(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
    std::uint64_t serial = 0;
    std::memcpy(&serial, bytes.data(), sizeof serial);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

bool set_name(X509* certificate) {
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* host = reinterpret_cast<const unsigned char*>("localhost");
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1;
}

bool set_validity(X509* certificate, int days) {
    constexpr long an_hour_ago = -3600;  // clocks of client and server may differ a little
    return X509_gmtime_adj(X509_getm_notBefore(certificate), an_hour_ago) != nullptr &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, nullptr) != nullptr;
}

Certificate make_certificate(EVP_PKEY* key, int days) {
    Certificate certificate(X509_new());
    constexpr long version_3 = 2;
    const bool is_made = certificate && X509_set_version(certificate.get(), version_3) == 1 &&
                         set_random_serial(certificate.get()) && set_name(certificate.get()) &&
                         set_validity(certificate.get(), days) && X509_set_pubkey(certificate.get(), key) == 1 &&
                         add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                         add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                         add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                         add_extension(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                         X509_sign(certificate.get(), key, EVP_sha256()) > 0;
    return is_made ? std::move(certificate) : nullptr;
}

Result<File> create(const std::filesystem::path& path, mode_t mode) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (descriptor < 0) return fail(ErrorCode::io, std::string("cannot create: ") + std::strerror(errno), path);
    // A file that was there already keeps its own mode: the key's is set before a byte of it is written.
    if (::fchmod(descriptor, mode) != 0) {
        const int cause = errno;
        ::close(descriptor);
        return fail(ErrorCode::io, std::string("cannot set the mode: ") + std::strerror(cause), path);
    }
    File file(::fdopen(descriptor, "w"));
    if (!file) ::close(descriptor);
    return file;
}

template <typename Write>
Result<void> write_pem(const std::filesystem::path& path, mode_t mode, Write write) {
    auto file = create(path, mode);
    if (!file) return tl::unexpected(file.error());
    if (!*file || write(file->get()) != 1 || std::fflush(file->get()) != 0) {
        return fail(ErrorCode::io, "cannot write", path);
    }
    return {};
}

}  // namespace

Result<void> write_self_signed(const std::filesystem::path& certificate, const std::filesystem::path& key, int days) {
    const Key made_key(EVP_EC_gen("P-256"));
    const Certificate made = made_key ? make_certificate(made_key.get(), days) : nullptr;
    if (!made) {
        ERR_clear_error();
        return fail(ErrorCode::unavailable, "OpenSSL could not make a certificate");
    }
    const auto wrote_key = write_pem(key, 0600, [&](std::FILE* file) {
        return PEM_write_PKCS8PrivateKey(file, made_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    if (!wrote_key) return wrote_key;
    return write_pem(certificate, 0644, [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
}

}  // namespace cvstroom::http
