#include "http/stream_encoder.hpp"

#include <zlib.h>
#include <zstd.h>

#include <limits>
#include <new>

namespace cvstroom::http {
namespace {

// Documents of one window are much alike: a small window at the fastest level packs them almost as well as a large one.
constexpr int zstd_level = 1;
constexpr int zstd_window_log = 18;
constexpr int gzip_level = 1;
constexpr std::size_t room = 64 * 1024;  // how much the output grows by at a time

class PlainEncoder final : public StreamEncoder {
  public:
    Result<void> encode(std::string_view plain, bool, std::string& out) override {
        out.append(plain);
        return {};
    }
};

class ZstdEncoder final : public StreamEncoder {
  public:
    ZstdEncoder() : context_(ZSTD_createCCtx()) {
        if (!context_) throw std::bad_alloc();
        ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, zstd_level);
        ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, zstd_window_log);
    }

    Result<void> encode(std::string_view plain, bool is_last, std::string& out) override {
        ZSTD_inBuffer input{plain.data(), plain.size(), 0};
        for (std::size_t left = 1; left != 0;) {
            const std::size_t before = out.size();
            out.resize(before + room);
            ZSTD_outBuffer output{out.data() + before, room, 0};
            left = ZSTD_compressStream2(context_.get(), &output, &input, is_last ? ZSTD_e_end : ZSTD_e_flush);
            out.resize(before + output.pos);
            if (ZSTD_isError(left) != 0) return fail(ErrorCode::unavailable, ZSTD_getErrorName(left));
        }
        return {};
    }

  private:
    struct Free {
        void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    };
    std::unique_ptr<ZSTD_CCtx, Free> context_;
};

class GzipEncoder final : public StreamEncoder {
  public:
    GzipEncoder() {
        constexpr int window_bits_with_gzip_header = 15 + 16;
        constexpr int memory_level = 8;
        if (deflateInit2(&stream_, gzip_level, Z_DEFLATED, window_bits_with_gzip_header, memory_level,
                         Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~GzipEncoder() override { deflateEnd(&stream_); }
    GzipEncoder(const GzipEncoder&) = delete;
    GzipEncoder& operator=(const GzipEncoder&) = delete;

    Result<void> encode(std::string_view plain, bool is_last, std::string& out) override {
        if (plain.size() > std::numeric_limits<uInt>::max()) return fail(ErrorCode::unavailable, "too large a piece");
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
        stream_.avail_in = static_cast<uInt>(plain.size());
        do {
            const std::size_t before = out.size();
            out.resize(before + room);
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
            stream_.avail_out = static_cast<uInt>(room);
            const int result = deflate(&stream_, is_last ? Z_FINISH : Z_SYNC_FLUSH);
            out.resize(before + room - stream_.avail_out);
            // Z_BUF_ERROR: nothing was left to flush, after an output that fitted exactly.
            if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
                return fail(ErrorCode::unavailable, "gzip cannot go on");
            }
        } while (stream_.avail_out == 0);
        return {};
    }

  private:
    z_stream stream_{};
};

}  // namespace

std::unique_ptr<StreamEncoder> StreamEncoder::make(Coding coding) {
    if (coding == Coding::zstd) return std::make_unique<ZstdEncoder>();
    if (coding == Coding::gzip) return std::make_unique<GzipEncoder>();
    return std::make_unique<PlainEncoder>();
}

}  // namespace cvstroom::http
