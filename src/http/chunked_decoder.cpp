#include "http/chunked_decoder.hpp"

#include <algorithm>

namespace cvstroom::http {
namespace {

constexpr unsigned most_digits = 15;  // so that no size overflows, whatever is added to it

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

// 16 for what is no hexadecimal digit.
unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
}

}  // namespace

ChunkedDecoder::State ChunkedDecoder::decode(std::string_view& bytes, std::string& body) {
    while (!bytes.empty()) {
        if (place_ == Place::data) {
            take_data(bytes, body);
            continue;
        }
        const char next = bytes.front();
        bytes.remove_prefix(1);
        const State state = take(next);
        if (state != State::need_more) return state;
    }
    return State::need_more;
}

void ChunkedDecoder::take_data(std::string_view& bytes, std::string& body) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size()));
    body.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    size_ -= count;
    if (size_ == 0) place_ = Place::data_end;
}

ChunkedDecoder::State ChunkedDecoder::take(char c) {
    switch (place_) {
        case Place::size:
            return take_size(c);
        case Place::extension:
            return take_text(c, Place::size_end);
        case Place::size_end:
            return c == '\n' ? begin_data() : State::malformed;
        case Place::data_end:
            return expect(c, '\r', Place::data_end_2);
        case Place::data_end_2:
            return expect(c, '\n', Place::size);
        case Place::trailer_begin:
            if (c == '\r') return expect(c, '\r', Place::end);
            return take_text(c, Place::trailer_end);
        case Place::trailer:
            return take_text(c, Place::trailer_end);
        case Place::trailer_end:
            return expect(c, '\n', Place::trailer_begin);
        case Place::end:
            return c == '\n' ? State::complete : State::malformed;
        case Place::data:
            break;  // taken as a whole by take_data()
    }
    return State::malformed;
}

ChunkedDecoder::State ChunkedDecoder::take_size(char c) {
    const unsigned value = digit_value(c);
    if (value < 16) {
        size_ = size_ * 16 + value;
        return ++digits_ > most_digits ? State::malformed : State::need_more;
    }
    if (digits_ == 0) return State::malformed;
    if (c == '\r') return expect(c, '\r', Place::size_end);
    return expect(c, ';', Place::extension);
}

ChunkedDecoder::State ChunkedDecoder::begin_data() {
    digits_ = 0;
    if (size_ > body_left_) return State::too_large;
    body_left_ -= static_cast<std::size_t>(size_);
    place_ = size_ == 0 ? Place::trailer_begin : Place::data;
    return State::need_more;
}

ChunkedDecoder::State ChunkedDecoder::take_text(char c, Place at_line_end) {
    if (c == '\r') return expect(c, '\r', at_line_end);
    if (is_control(c) || line_left_ == 0) return State::malformed;
    --line_left_;
    if (place_ == Place::trailer_begin) place_ = Place::trailer;
    return State::need_more;
}

ChunkedDecoder::State ChunkedDecoder::expect(char c, char wanted, Place next) {
    if (c != wanted) return State::malformed;
    place_ = next;
    return State::need_more;
}

}  // namespace cvstroom::http
