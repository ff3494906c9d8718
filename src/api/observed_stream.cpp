#include "api/observed_stream.hpp"

#include <algorithm>
#include <utility>

namespace cvstroom::api {
namespace {

constexpr std::string_view closing_start = R"({"einde":true,)";
constexpr std::string_view count_name = R"("aantal":)";
constexpr std::string_view digest_name = R"("digest":"sha256:)";

// Puts the count and the digest of what went out in the place of those of what was made.
std::string corrected(std::string line, std::uint64_t lines, const Sha256& digest) {
    if (const auto at = line.find(count_name); at != std::string::npos) {
        const auto begin = at + count_name.size();
        const auto end = line.find_first_not_of("0123456789", begin);
        line.replace(begin, end - begin, std::to_string(lines));
    }
    if (const auto at = line.find(digest_name); at != std::string::npos) {
        const auto begin = at + digest_name.size();
        line.replace(begin, line.find('"', begin) - begin, to_hex(digest));
    }
    return line;
}

}  // namespace

ObservedStream::ObservedStream(std::shared_ptr<http::BodySource> inner, std::shared_ptr<SandboxPartner> partner,
                               BulkAsked asked, http::Coding coding)
    : inner_(std::move(inner)),
      partner_(std::move(partner)),
      asked_(std::move(asked)),
      encoder_(http::StreamEncoder::make(coding)) {}

void ObservedStream::next(Taker take) {
    inner_->next(
        [self = shared_from_this(), take = std::move(take)](Piece piece) { take(self->rewrite(std::move(piece))); });
}

http::BodySource::Piece ObservedStream::rewrite(Piece piece) {
    if (piece.is_broken) return piece;
    rest_ += piece.bytes;
    std::string lines;
    std::size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
        add_line(std::string_view(rest_).substr(begin, end - begin), lines);
        begin = end + 1;
    }
    rest_.erase(0, begin);
    Piece given{{}, piece.is_last, false};
    if (!encoder_->encode(lines, piece.is_last, given.bytes)) return {{}, true, true};
    return given;
}

void ObservedStream::add_line(std::string_view line, std::string& out) {
    const auto now = std::chrono::steady_clock::now();
    if (std::exchange(is_first_, false)) count(partner_->late_lines(asked_, now), out);
    if (line.starts_with(closing_start)) {
        out += corrected(partner_->give_end(asked_, line, now), lines_, digest_.finish());
        return;
    }
    count(partner_->give_line(asked_, line, now), out);
}

void ObservedStream::count(const std::string& given, std::string& out) {
    lines_ += static_cast<std::uint64_t>(std::ranges::count(given, '\n'));
    digest_.add(given);
    out += given;
}

// A broken piece's own bytes would not be sent: the connection is cut in the piece after the last.
void CutBody::next(Taker take) {
    if (left_ == 0) return take({{}, true, true});
    if (!inner_) return take(shorten({std::move(body_), true, false}));
    inner_->next(
        [self = shared_from_this(), take = std::move(take)](Piece piece) { take(self->shorten(std::move(piece))); });
}

// A body that is over before the cut is as it is: what is short enough gets through whole.
http::BodySource::Piece CutBody::shorten(Piece piece) {
    if (piece.is_broken || piece.bytes.size() < left_) {
        left_ -= piece.bytes.size();
        return piece;
    }
    piece.bytes.resize(left_);
    left_ = 0;
    return {std::move(piece.bytes), false, false};
}

}  // namespace cvstroom::api
