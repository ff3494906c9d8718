#include "http/negotiation.hpp"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <limits>
#include <memory>
#include <optional>

#include "base/text.hpp"

namespace cvstroom::http {
namespace {

// Answers are compressed as they are asked for: the levels that cost the least time and still shrink JSON well.
constexpr int gzip_level = 1;
constexpr int zstd_level = 1;

// A weight in thousandths (RFC 9110 §12.4.2): "0", "0.8", "1.000". Nothing for anything else.
std::optional<int> parse_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') return std::nullopt;
        weight += (digit - '0') * unit;
        unit /= 10;
    }
    if (weight > 1000) return std::nullopt;
    return weight;
}

struct Preference {
    std::string_view name;
    int weight = 1000;
};

// One element of an Accept-* list. An element whose weight is junk says nothing that can be trusted: it is left out.
std::optional<Preference> parse_preference(std::string_view element) {
    const auto parts = split(element, ';');
    Preference preference{trim(parts[0])};
    if (preference.name.empty()) return std::nullopt;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::string_view parameter = trim(parts[i]);
        const std::size_t equals = parameter.find('=');
        if (equals == std::string_view::npos || !equal_ignoring_case(trim(parameter.substr(0, equals)), "q")) continue;
        const auto weight = parse_weight(trim(parameter.substr(equals + 1)));
        if (!weight) return std::nullopt;
        preference.weight = *weight;
    }
    return preference;
}

std::vector<Preference> parse_preferences(std::string_view field) {
    std::vector<Preference> preferences;
    for (const std::string_view element : split(field, ',')) {
        if (const auto preference = parse_preference(element)) preferences.push_back(*preference);
    }
    return preferences;
}

bool names_coding(std::string_view text, Coding coding) {
    return equal_ignoring_case(text, name(coding)) || (coding == Coding::gzip && equal_ignoring_case(text, "x-gzip"));
}

// What the client says of this coding, by name or else by "*".
std::optional<int> weight_of(Coding coding, const std::vector<Preference>& preferences) {
    std::optional<int> others;
    for (const auto& preference : preferences) {
        if (names_coding(preference.name, coding)) return preference.weight;
        if (preference.name == "*") others = preference.weight;
    }
    return others;
}

std::optional<Language> language_of(std::string_view range) {
    for (const Language language : {Language::dutch, Language::french, Language::english}) {
        const std::string_view wanted = tag(language);
        const bool is_whole_subtag = range.size() == wanted.size() || (range.size() > 2 && range[2] == '-');
        if (is_whole_subtag && equal_ignoring_case(range.substr(0, wanted.size()), wanted)) return language;
    }
    return std::nullopt;
}

// The compressors are costly to set up and cheap to use again; each thread has its own.
class GzipCompressor {
  public:
    GzipCompressor() {
        constexpr int window_bits_with_gzip_header = 15 + 16;
        constexpr int memory_level = 8;
        is_ready_ = deflateInit2(&stream_, gzip_level, Z_DEFLATED, window_bits_with_gzip_header, memory_level,
                                 Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~GzipCompressor() {
        if (is_ready_) deflateEnd(&stream_);
    }
    GzipCompressor(const GzipCompressor&) = delete;
    GzipCompressor& operator=(const GzipCompressor&) = delete;

    std::optional<std::string> compress(std::string_view plain) {
        if (!is_ready_ || plain.size() > std::numeric_limits<uInt>::max() / 2) return std::nullopt;
        if (deflateReset(&stream_) != Z_OK) return std::nullopt;
        std::string packed(deflateBound(&stream_, static_cast<uLong>(plain.size())), '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
        stream_.avail_in = static_cast<uInt>(plain.size());
        stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream_.avail_out = static_cast<uInt>(packed.size());
        if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return std::nullopt;
        packed.resize(stream_.total_out);
        return packed;
    }

  private:
    z_stream stream_{};
    bool is_ready_ = false;
};

struct FreeZstdContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

std::optional<std::string> compress_with_zstd(std::string_view plain) {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeZstdContext> context(ZSTD_createCCtx());
    if (!context) return std::nullopt;
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    const std::size_t size =
        ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), plain.data(), plain.size(), zstd_level);
    if (ZSTD_isError(size) != 0) return std::nullopt;
    packed.resize(size);
    return packed;
}

std::optional<std::string> compress_with_gzip(std::string_view plain) {
    thread_local GzipCompressor compressor;
    return compressor.compress(plain);
}

void add_vary(Response& response) {
    const std::string_view present = response.field("Vary");
    for (const std::string_view name : split(present, ',')) {
        if (trim(name) == "*" || equal_ignoring_case(trim(name), "Accept-Encoding")) return;
    }
    response.set("Vary", present.empty() ? "Accept-Encoding" : std::string(present) + ", Accept-Encoding");
}

void mark_etag(Response& response, Coding coding) {
    const std::string_view etag = response.field("ETag");
    const bool is_strong = etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
    if (!is_strong) return;
    std::string marked(etag.substr(0, etag.size() - 1));
    marked.append("-").append(name(coding)).append("\"");
    response.set("ETag", std::move(marked));
}

}  // namespace

std::string_view name(Coding coding) {
    switch (coding) {
        case Coding::gzip:
            return "gzip";
        case Coding::zstd:
            return "zstd";
        case Coding::identity:
            break;
    }
    return "identity";
}

Coding choose_coding(std::string_view accept_encoding) {
    if (accept_encoding.empty()) return Coding::identity;
    const auto preferences = parse_preferences(accept_encoding);
    Coding best = Coding::identity;
    int best_weight = 0;
    for (const Coding coding : {Coding::zstd, Coding::gzip, Coding::identity}) {
        // An identity that goes unmentioned is acceptable, but less than anything that is asked for.
        const int weight = weight_of(coding, preferences).value_or(0);
        if (weight <= best_weight) continue;
        best = coding;
        best_weight = weight;
    }
    return best;
}

bool names_media_type(std::string_view accept, std::string_view type) {
    for (const auto& preference : parse_preferences(accept)) {
        if (equal_ignoring_case(preference.name, type) && preference.weight > 0) return true;
    }
    return false;
}

std::string_view tag(Language language) {
    switch (language) {
        case Language::french:
            return "fr";
        case Language::english:
            return "en";
        case Language::dutch:
            break;
    }
    return "nl";
}

Language choose_language(std::string_view accept_language) {
    Language best = Language::dutch;
    int best_weight = 0;
    for (const auto& preference : parse_preferences(accept_language)) {
        const auto language = preference.name == "*" ? std::optional(Language::dutch) : language_of(preference.name);
        if (!language || preference.weight <= best_weight) continue;
        best = *language;
        best_weight = preference.weight;
    }
    return best;
}

void encode_body(Response& response, Coding coding, std::size_t least) {
    const std::string_view plain = view(response.body);
    if (plain.size() < least || !response.field("Content-Encoding").empty()) return;
    add_vary(response);  // also on the plain form: a cache must not give it to everybody
    if (coding == Coding::identity) return;
    auto packed = coding == Coding::zstd ? compress_with_zstd(plain) : compress_with_gzip(plain);
    if (!packed || packed->size() >= plain.size()) return;
    response.body = std::move(*packed);
    response.set("Content-Encoding", std::string(name(coding)));
    mark_etag(response, coding);
}

}  // namespace cvstroom::http
