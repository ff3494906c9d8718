// Bodies as the sandbox sends them: watched, bent and cut.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/client_record.hpp"
#include "api/sandbox_partner.hpp"
#include "base/digest.hpp"
#include "http/message.hpp"
#include "http/stream_encoder.hpp"

namespace cvstroom::api {

// A stream of the feed: each line is remembered, and bent when a fault is on; the closing line then counts and digests
// the lines as they went out, so that only the partner's understanding is put to the test, not its arithmetic.
// `inner` gives plain text.
class ObservedStream final : public http::BodySource, public std::enable_shared_from_this<ObservedStream> {
  public:
    ObservedStream(std::shared_ptr<http::BodySource> inner, std::shared_ptr<SandboxPartner> partner, BulkAsked asked,
                   http::Coding coding);

    void next(Taker take) override;

  private:
    Piece rewrite(Piece piece);
    void add_line(std::string_view line, std::string& out);
    void count(const std::string& given, std::string& out);

    const std::shared_ptr<http::BodySource> inner_;
    const std::shared_ptr<SandboxPartner> partner_;
    const BulkAsked asked_;
    const std::unique_ptr<http::StreamEncoder> encoder_;
    std::string rest_;  // a line that has not ended yet
    std::uint64_t lines_ = 0;
    RunningSha256 digest_;
    bool is_first_ = true;
};

// Gives `length` bytes of a body, then breaks off.
class CutBody final : public http::BodySource, public std::enable_shared_from_this<CutBody> {
  public:
    CutBody(std::shared_ptr<http::BodySource> inner, std::uint64_t length) : inner_(std::move(inner)), left_(length) {}
    CutBody(std::string body, std::uint64_t length) : body_(std::move(body)), left_(length) {}

    void next(Taker take) override;

  private:
    Piece shorten(Piece piece);

    const std::shared_ptr<http::BodySource> inner_;  // null: the whole of body_
    std::string body_;
    std::uint64_t left_;
};

}  // namespace cvstroom::api
