#include "http/negotiation.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <vector>

namespace cvstroom::http {
namespace {

TEST(Negotiation, ChoosesACoding) {
    const std::vector<std::pair<std::string_view, Coding>> table = {
        {"", Coding::identity},
        {"gzip", Coding::gzip},
        {"zstd", Coding::zstd},
        {"gzip, zstd", Coding::zstd},
        {"gzip, deflate, br, zstd", Coding::zstd},
        {"GZip;Q=0.5", Coding::gzip},
        {"x-gzip", Coding::gzip},
        {"zstd;q=0.5, gzip;q=0.8", Coding::gzip},
        {"zstd;q=0.5,gzip;q=0.5", Coding::zstd},
        {"gzip;q=0.001", Coding::gzip},
        {"gzip;q=0", Coding::identity},
        {"gzip;q=0.000, zstd;q=0", Coding::identity},
        {"identity", Coding::identity},
        {"identity;q=0.5, gzip;q=0.4", Coding::identity},
        {"identity, gzip", Coding::gzip},
        {"identity;q=0", Coding::identity},
        {"*", Coding::zstd},
        {"*;q=0", Coding::identity},
        {"zstd;q=0, *", Coding::gzip},
        {"*;q=0.1, gzip", Coding::gzip},
        {"gzip;q=1, *;q=0", Coding::gzip},
        {"br", Coding::identity},
        {"  gzip \t;\tq = 0.7 ", Coding::gzip},
        // An element with a junk weight says nothing; the others still count.
        {"zstd;q=abc, gzip", Coding::gzip},
        {"zstd;q=, gzip", Coding::gzip},
        {"zstd;q=1.5, gzip;q=0.1", Coding::gzip},
        {"zstd;q=-1", Coding::identity},
        {"zstd;q=0.1234", Coding::identity},
        {"zstd;q=2", Coding::identity},
        {"zstd;q=1.001", Coding::identity},
        {"zstd;q=0.", Coding::identity},
        {"zstd;level=3;q=0.2, gzip;q=0.1", Coding::zstd},
        {",,;;q=1,,gzip,,", Coding::gzip},
        {";", Coding::identity},
        {"gzip zstd", Coding::identity},
    };
    for (const auto& [field, expected] : table) EXPECT_EQ(choose_coding(field), expected) << '"' << field << '"';
}

TEST(Negotiation, ChoosesALanguage) {
    const std::vector<std::pair<std::string_view, Language>> table = {
        {"", Language::dutch},
        {"nl", Language::dutch},
        {"fr", Language::french},
        {"en", Language::english},
        {"FR-be", Language::french},
        {"en-GB,en;q=0.9,nl;q=0.8", Language::english},
        {"de-DE, fr;q=0.2", Language::french},
        {"de", Language::dutch},
        {"fr;q=0.5, en;q=0.7", Language::english},
        {"fr, en", Language::french},
        {"en, fr", Language::english},
        {"fr;q=0", Language::dutch},
        {"nl;q=0, en;q=0.1", Language::english},
        {"*", Language::dutch},
        {"de, *;q=0.5", Language::dutch},
        {"fr;q=0.3, *;q=0.5", Language::dutch},
        {"fr;q=0.3, fr-BE;q=0.9, en;q=0.5", Language::french},
        {"french", Language::dutch},
        {"frr", Language::dutch},
        {"fr_BE", Language::dutch},
        {"f", Language::dutch},
        {"fr-", Language::french},
        {"fr;q=junk, en;q=0.1", Language::english},
        {",;,q=1;=;", Language::dutch},
    };
    for (const auto& [field, expected] : table) EXPECT_EQ(choose_language(field), expected) << '"' << field << '"';
}

std::string unpack_gzip(const std::string& packed, std::size_t size) {
    std::string plain(size, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return plain;
}

std::string unpack_zstd(const std::string& packed, std::size_t size) {
    std::string plain(size, '\0');
    EXPECT_EQ(ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size()), size);
    return plain;
}

Response with_body(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

TEST(EncodeBody, CompressesAndSaysSo) {
    const std::string plain(5000, 'x');
    for (int i = 0; i < 3; ++i) {  // the compressors are used again
        auto response = with_body(plain).set("ETag", "\"7\"");
        encode_body(response, Coding::gzip);
        EXPECT_EQ(response.field("Content-Encoding"), "gzip");
        EXPECT_EQ(response.field("Vary"), "Accept-Encoding");
        EXPECT_EQ(response.field("ETag"), "\"7-gzip\"");
        EXPECT_EQ(unpack_gzip(std::string(view(response.body)), plain.size()), plain);

        response = with_body(plain).set("ETag", "\"7\"");
        encode_body(response, Coding::zstd);
        EXPECT_EQ(response.field("Content-Encoding"), "zstd");
        EXPECT_EQ(response.field("ETag"), "\"7-zstd\"");
        EXPECT_EQ(unpack_zstd(std::string(view(response.body)), plain.size()), plain);
    }
}

TEST(EncodeBody, LeavesASharedBodyToItsOtherOwners) {
    const auto shared = std::make_shared<const std::string>(5000, 'x');
    Response response;
    response.body = shared;
    encode_body(response, Coding::zstd);
    EXPECT_LT(view(response.body).size(), shared->size());
    EXPECT_EQ(*shared, std::string(5000, 'x'));
}

TEST(EncodeBody, LeavesAloneWhatIsNotWorthIt) {
    auto small = with_body("short").set("ETag", "\"7\"");
    encode_body(small, Coding::gzip);
    EXPECT_EQ(view(small.body), "short");
    EXPECT_EQ(small.field("ETag"), "\"7\"");
    EXPECT_EQ(small.field("Vary"), "");

    std::string noise;
    unsigned state = 1;
    for (int i = 0; i < 4000; ++i) noise.push_back(static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U));
    auto random = with_body(noise);
    encode_body(random, Coding::zstd);
    EXPECT_EQ(view(random.body), noise);
    EXPECT_EQ(random.field("Content-Encoding"), "");
}

TEST(EncodeBody, LeavesAloneWhatIsEncodedAlready) {
    auto response = with_body(std::string(5000, 'x')).set("Content-Encoding", "zstd").set("ETag", "\"7-zstd\"");
    encode_body(response, Coding::gzip);
    EXPECT_EQ(view(response.body).size(), 5000U);
    EXPECT_EQ(response.field("ETag"), "\"7-zstd\"");
}

TEST(EncodeBody, TellsCachesEvenOfThePlainForm) {
    auto response = with_body(std::string(5000, 'x')).set("Vary", "Accept-Language");
    encode_body(response, Coding::identity);
    EXPECT_EQ(response.field("Vary"), "Accept-Language, Accept-Encoding");
    encode_body(response, Coding::identity);
    EXPECT_EQ(response.field("Vary"), "Accept-Language, Accept-Encoding");
    EXPECT_EQ(response.field("Content-Encoding"), "");
}

TEST(EncodeBody, LeavesAWeakTagWeak) {
    auto response = with_body(std::string(5000, 'x')).set("ETag", "W/\"7\"");
    encode_body(response, Coding::gzip);
    EXPECT_EQ(response.field("ETag"), "W/\"7\"");
}

}  // namespace
}  // namespace cvstroom::http
