#include "store/document_codec.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

namespace cvstroom::store {
namespace {

TEST(DocumentCodec, ComesBackForEverySize) {
    for (const std::size_t size : {0U, 1U, 5'000U, 1'000'000U}) {
        std::string text(size, 'a');
        for (std::size_t i = 0; i < size; i += 7) text[i] = static_cast<char>(i);
        EXPECT_EQ(decompress_document(compress_document(text)).value(), text);
    }
}

TEST(DocumentCodec, RefusesACutFrame) {
    const std::string frame = compress_document(std::string(5'000, 'x') + "end");
    for (std::size_t length = 0; length < frame.size(); ++length) {
        EXPECT_FALSE(decompress_document(std::string_view(frame).substr(0, length))) << length;
    }
}

TEST(DocumentCodec, RefusesGarbageAndWhatUnpacksToTooMuch) {
    EXPECT_FALSE(decompress_document("this is no zstd frame at all"));
    EXPECT_FALSE(decompress_document(compress_document(std::string(9 * 1024 * 1024, 'x'))));
    EXPECT_FALSE(decompress_document(compress_document("12345"), 4));
}

}  // namespace
}  // namespace cvstroom::store
