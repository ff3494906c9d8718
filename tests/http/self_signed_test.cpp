#include "http/self_signed.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <memory>

namespace cvstroom::http {
namespace {

class SelfSigned : public testing::Test {
  protected:
    SelfSigned() {
        std::string name = (std::filesystem::temp_directory_path() / "cvstroom-certificate-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~SelfSigned() override { std::filesystem::remove_all(folder_); }

    std::unique_ptr<X509, decltype(&X509_free)> read_certificate() const {
        const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(certificate().c_str(), "r"),
                                                                      &std::fclose);
        return {PEM_read_X509(file.get(), nullptr, nullptr, nullptr), &X509_free};
    }

    std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }
    std::filesystem::path key() const { return folder_ / "key.pem"; }

    std::filesystem::path folder_;
};

TEST_F(SelfSigned, NamesThisMachineAndNoOther) {
    ASSERT_TRUE(write_self_signed(certificate(), key(), 10));
    const auto read = read_certificate();
    ASSERT_TRUE(read);
    EXPECT_EQ(X509_check_host(read.get(), "localhost", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_ip_asc(read.get(), "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(read.get(), "::1", 0), 1);
    EXPECT_EQ(X509_check_host(read.get(), "example.org", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_verify(read.get(), X509_get0_pubkey(read.get())), 1);
}

TEST_F(SelfSigned, IsValidFromNowForItsDays) {
    ASSERT_TRUE(write_self_signed(certificate(), key(), 10));
    const auto read = read_certificate();
    EXPECT_LT(X509_cmp_current_time(X509_get0_notBefore(read.get())), 0);
    int days = 0;
    int seconds = 0;
    ASSERT_EQ(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(read.get())), 1);
    EXPECT_GE(days, 9);
    EXPECT_LE(days, 10);
}

TEST_F(SelfSigned, KeyFitsAndIsForItsOwnerOnly) {
    {
        std::ofstream(key()) << "an older key, readable to all";
        ::chmod(key().c_str(), 0644);
    }
    ASSERT_TRUE(write_self_signed(certificate(), key(), 10));
    struct stat information {};
    ASSERT_EQ(::stat(key().c_str(), &information), 0);
    EXPECT_EQ(information.st_mode & 0777U, 0600U);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context.get(), certificate().c_str()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), key().c_str(), SSL_FILETYPE_PEM), 1);
    EXPECT_EQ(SSL_CTX_check_private_key(context.get()), 1);
}

TEST_F(SelfSigned, SaysWhichFileCannotBeWritten) {
    const auto refused = write_self_signed(certificate(), folder_ / "absent" / "key.pem", 10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::io);
    EXPECT_EQ(refused.error().where, folder_ / "absent" / "key.pem");
}

}  // namespace
}  // namespace cvstroom::http
