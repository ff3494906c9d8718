#include "http/request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

#include "base/text.hpp"

namespace cvstroom::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using beast_view = boost::beast::string_view;  // not std's in every version of Boost

constexpr std::size_t least_space = 2048;
constexpr std::size_t kept_capacity = 64 * 1024;  // what a connection may keep between requests

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Is the last word of the request line a version, if one that is not spoken here? (505 rather than 400)
bool ends_in_version(std::string_view line) {
    if (line.size() < 8) return false;
    const std::string_view version = line.substr(line.size() - 8);
    return version.starts_with("HTTP/") && is_number(version.substr(5, 1)) && version[6] == '.' &&
           is_number(version.substr(7, 1));
}

}  // namespace

// Collects what Beast finds. The header is always given whole and in one piece, so that every view that Beast
// passes on lies in the reader's buffer, except a folded field, which it unfolds elsewhere. Bodies are not given to
// Beast: bytes from the network can violate an assertion of its chunk parser (1.81).
class RequestReader::HeaderParser final : public beast_http::basic_parser<true> {
  public:
    explicit HeaderParser(RequestReader& reader) : reader_(reader), header_(reader.first(), reader.header_size_) {
        header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(reader.header_size_, UINT32_MAX)));
        body_limit(boost::none);  // the reader has its own
    }

    const std::optional<Refusal>& refusal() const { return refusal_; }
    bool expects_continue() const { return expects_continue_; }
    int version() const { return version_; }
    bool is_chunked() const { return is_chunked_; }
    std::uint64_t body_size() const { return content_length().value_or(0); }

  private:
    void refuse(unsigned status, std::string_view reason, error_code& ec) {
        refusal_ = Refusal{status, reason};
        ec = beast_http::error::bad_field;
    }

    Place place_of(std::string_view part) const {
        return {static_cast<std::size_t>(part.data() - header_.data()), part.size()};
    }

    void on_request_impl(beast_http::verb, beast_view method, beast_view target, int version, error_code& ec) override {
        version_ = version;
        reader_.method_ = place_of(method);
        reader_.target_ = place_of(target);
        const auto path_size = std::min(std::string_view(target).find('?'), target.size());
        if (path_size > reader_.limits_.path_bytes) return refuse(414, "the path is too long", ec);
        if (target.size() > reader_.limits_.target_bytes) refuse(414, "the request target is too long", ec);
    }

    void on_response_impl(int, beast_view, int, error_code&) override {}

    void on_field_impl(beast_http::field field, beast_view name, beast_view beast_value, error_code& ec) override {
        const std::string_view value = beast_value;
        const bool is_in_header = value.data() >= header_.data() && value.data() <= header_.data() + header_.size();
        if (!value.empty() && !is_in_header) return refuse(400, "a folded header field", ec);
        if (value.find('\0') != std::string_view::npos) return refuse(400, "a NUL in a header field", ec);
        reader_.fields_.emplace_back(place_of(name), value.empty() ? Place{} : place_of(value));
        switch (field) {
            case beast_http::field::host:
                ++hosts_;
                break;
            case beast_http::field::content_length:
                on_content_length(value, ec);
                break;
            case beast_http::field::transfer_encoding:
                on_transfer_encoding(value, ec);
                break;
            case beast_http::field::expect:
                on_expect(value, ec);
                break;
            default:
                break;
        }
    }

    void on_content_length(std::string_view value, error_code& ec) {
        if (!is_number(value)) return refuse(400, "Content-Length is not one number", ec);
        if (has_length_ || is_chunked_) return refuse(400, "more than one field gives the body's length", ec);
        has_length_ = true;
    }

    void on_transfer_encoding(std::string_view value, error_code& ec) {
        if (has_length_ || is_chunked_) return refuse(400, "more than one field gives the body's length", ec);
        if (version_ < 11) return refuse(400, "Transfer-Encoding in HTTP/1.0", ec);
        if (!equal_ignoring_case(value, "chunked")) return refuse(501, "a transfer coding other than chunked", ec);
        is_chunked_ = true;
    }

    void on_expect(std::string_view value, error_code& ec) {
        if (version_ < 11) return;  // RFC 9110 §10.1.1: to be ignored
        if (!equal_ignoring_case(value, "100-continue")) return refuse(417, "an unknown expectation", ec);
        expects_continue_ = true;
    }

    void on_header_impl(error_code& ec) override {
        if (hosts_ > 1) return refuse(400, "more than one Host field", ec);
        if (hosts_ == 0 && version_ == 11) refuse(400, "a Host field is required", ec);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast_view, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    RequestReader& reader_;
    std::string_view header_;
    std::optional<Refusal> refusal_;
    int version_ = 0;
    int hosts_ = 0;
    bool has_length_ = false;
    bool is_chunked_ = false;
    bool expects_continue_ = false;
};

RequestReader::RequestReader(const Limits& limits, std::string_view remote) : limits_(limits), buffer_(least_space) {
    request_.remote = remote;
}

std::span<char> RequestReader::space() {
    if (buffer_.size() - end_ < least_space && begin_ > 0) {
        std::memmove(buffer_.data(), first(), end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() - end_ < least_space) buffer_.resize(buffer_.size() * 2);
    return {buffer_.data() + end_, buffer_.size() - end_};
}

void RequestReader::received(std::size_t count) {
    end_ += count;
}

RequestReader::State RequestReader::refuse(unsigned status, std::string_view reason) {
    refusal_ = {status, reason};
    return State::refused;
}

// A robust server passes over empty lines before a request line (RFC 9112 §2.2).
void RequestReader::skip_empty_lines() {
    while (end_ - begin_ >= 2 && std::memcmp(first(), "\r\n", 2) == 0) {
        begin_ += 2;
        searched_ = 0;  // the CR may have come, and been searched, before the LF
    }
}

// Looks at every line end once, however slowly the header comes. Pre: header_size_ is 0.
// Stops with header_size_ still 0 when a line ends without CR, which read_header() then refuses.
bool RequestReader::find_header_end() {
    while (searched_ < end_ - begin_) {
        const void* found = std::memchr(first() + searched_, '\n', end_ - begin_ - searched_);
        if (found == nullptr) {
            searched_ = end_ - begin_;
            return false;
        }
        const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - first());
        const std::size_t length = newline - line_begin_;
        if (length == 0 || first()[newline - 1] != '\r') return true;
        searched_ = newline + 1;
        line_begin_ = searched_;
        if (length > 1) continue;
        header_size_ = searched_;
        return true;
    }
    return false;
}

// As far as it has come. Looks at every byte once, however slowly they come.
std::size_t RequestReader::target_size(std::size_t size) {
    const std::string_view bytes(first(), size);
    if (target_begin_ == 0) {
        const auto space = bytes.find(' ');
        if (space == std::string_view::npos) return 0;
        target_begin_ = target_end_ = space + 1;
    }
    if (!is_target_whole_) {
        const auto end = bytes.find_first_of(" \r\n", target_end_);
        is_target_whole_ = end != std::string_view::npos;
        target_end_ = std::min(end, size);
    }
    return target_end_ - target_begin_;
}

// What is too long in a header of so many bytes, or of which only these have come.
std::optional<Refusal> RequestReader::refusal_of_length(std::size_t size) {
    if (size <= limits_.header_bytes) return std::nullopt;
    const std::size_t target = target_size(size);
    if (target > limits_.target_bytes) return Refusal{414, "the request target is too long"};
    if (size - target > limits_.header_bytes) return Refusal{431, "the header is too large"};
    return std::nullopt;
}

RequestReader::State RequestReader::read_header() {
    const bool is_whole = find_header_end();
    if (const auto refusal = refusal_of_length(header_size_ > 0 ? header_size_ : end_ - begin_)) {
        return refuse(refusal->status, refusal->reason);
    }
    if (!is_whole) return State::need_more;
    if (header_size_ == 0) return refuse(400, "a line that does not end in CR LF");
    HeaderParser parser(*this);
    error_code ec;
    consumed_ = parser.put(boost::asio::const_buffer(first(), header_size_), ec);
    if (parser.refusal()) return refuse(parser.refusal()->status, parser.refusal()->reason);
    const std::string_view header(first(), header_size_);
    if (ec == beast_http::error::bad_version && ends_in_version(header.substr(0, header.find('\r')))) {
        return refuse(505, "this server speaks HTTP/1.1");
    }
    if (ec || consumed_ != header_size_) return refuse(400, "the request is not well formed");
    if (!parser.is_chunked() && parser.body_size() > limits_.body_bytes) return refuse(413, "the body is too large");
    begin_body(parser);
    const bool is_body_awaited = (chunks_ || body_left_ > 0) && end_ - begin_ == header_size_;
    return parser.expects_continue() && is_body_awaited ? State::want_continue : read_body();
}

void RequestReader::begin_body(const HeaderParser& parser) {
    speaks_http11_ = parser.version() == 11;
    keeps_alive_ = speaks_http11_ && parser.keep_alive();
    body_left_ = parser.is_chunked() ? 0 : static_cast<std::size_t>(parser.body_size());
    if (parser.is_chunked()) chunks_.emplace(limits_.body_bytes, limits_.header_bytes);
}

RequestReader::State RequestReader::read_body() {
    if (chunks_) return read_chunks();
    const std::size_t count = std::min(body_left_, end_ - begin_ - consumed_);
    body_.append(first() + consumed_, count);
    consumed_ += count;
    body_left_ -= count;
    return body_left_ == 0 ? complete() : await_body();
}

RequestReader::State RequestReader::read_chunks() {
    std::string_view waiting(first() + consumed_, end_ - begin_ - consumed_);
    const auto state = chunks_->decode(waiting, body_);
    consumed_ = end_ - begin_ - waiting.size();
    switch (state) {
        case ChunkedDecoder::State::complete:
            return complete();
        case ChunkedDecoder::State::need_more:
            return await_body();
        case ChunkedDecoder::State::too_large:
            return refuse(413, "the body is too large");
        case ChunkedDecoder::State::malformed:
            break;
    }
    return refuse(400, "the body is not well formed");
}

// All that has come has been read. The header stays where it is, because the request's views will point there; the
// room behind it is free again.
RequestReader::State RequestReader::await_body() {
    consumed_ = header_size_;
    end_ = begin_ + header_size_;
    return State::need_more;
}

RequestReader::State RequestReader::read() {
    if (header_size_ != 0) return read_body();
    if (line_begin_ == 0) skip_empty_lines();
    return begin_ == end_ ? State::need_more : read_header();
}

RequestReader::State RequestReader::complete() {
    request_.method = text(method_);
    set_target(text(target_));
    request_.body = body_;
    request_.fields.clear();
    for (const auto& [name, value] : fields_) request_.fields.emplace_back(text(name), text(value));
    return State::complete;
}

// A target in absolute form ("https://host/path", RFC 9112 §3.2.2) is served as its path.
void RequestReader::set_target(std::string_view target) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(std::min(target.find_first_of("/?", scheme.size()), target.size()));
        break;
    }
    const std::size_t mark = target.find('?');
    request_.path = target.substr(0, mark);
    if (request_.path.empty()) request_.path = "/";
    request_.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

void RequestReader::next() {
    begin_ += consumed_;
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == 0 && buffer_.size() > kept_capacity) std::vector<char>(least_space).swap(buffer_);
    line_begin_ = searched_ = header_size_ = consumed_ = body_left_ = 0;
    target_begin_ = target_end_ = 0;
    is_target_whole_ = false;
    chunks_.reset();
    fields_.clear();
    body_.clear();
    if (body_.capacity() > kept_capacity) std::string().swap(body_);
    request_.method = {};
}

}  // namespace cvstroom::http
