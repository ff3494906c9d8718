#include "store/document_codec.hpp"

#include <zstd.h>

#include <memory>

namespace cvstroom::store {
namespace {

// Level 3 stores 5 KB documents about a tenth smaller than level 1, at a cost that the fsync of a commit hides.
constexpr int level = 3;

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string compress_document(std::string_view canonical) {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context{ZSTD_createCCtx()};
    std::string frame(ZSTD_compressBound(canonical.size()), '\0');
    const std::size_t size =
        ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), canonical.data(), canonical.size(), level);
    frame.resize(size);  // cannot fail: the bound is large enough
    return frame;
}

Result<std::string> decompress_document(std::string_view frame, std::size_t limit) {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};
    const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > limit) {
        return fail(ErrorCode::corrupt, "a stored document is no zstd frame of a known, allowed size");
    }
    std::string canonical(static_cast<std::size_t>(size), '\0');
    const std::size_t done =
        ZSTD_decompressDCtx(context.get(), canonical.data(), canonical.size(), frame.data(), frame.size());
    if (ZSTD_isError(done) != 0 || done != canonical.size()) {
        return fail(ErrorCode::corrupt, "a stored document does not unpack to what was stored");
    }
    return canonical;
}

}  // namespace cvstroom::store
