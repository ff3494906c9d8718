// Takes the chunked transfer coding off a body (RFC 9112 §7.1), in whatever pieces it comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cvstroom::http {

// Stricter than the grammar where leniency has let requests be smuggled: a line ends in CR LF and in nothing else, and
// no white space stands around a size. Extensions and trailers are checked for control characters and dropped.
class ChunkedDecoder {
  public:
    enum class State { need_more, complete, malformed, too_large };

    // At most `body_limit` bytes of content, and `line_limit` of extensions and trailers together.
    ChunkedDecoder(std::size_t body_limit, std::size_t line_limit) : body_left_(body_limit), line_left_(line_limit) {}

    // Takes what belongs to this body off the front of `bytes` and appends the content to `body`.
    // To be called again with what comes next while it says need_more, which it does only when it has taken everything.
    State decode(std::string_view& bytes, std::string& body);

  private:
    enum class Place {
        size,
        extension,
        size_end,
        data,
        data_end,
        data_end_2,
        trailer_begin,
        trailer,
        trailer_end,
        end
    };

    State take(char c);
    State take_size(char c);
    State begin_data();
    State take_text(char c, Place at_line_end);
    State expect(char c, char wanted, Place next);
    void take_data(std::string_view& bytes, std::string& body);

    Place place_ = Place::size;
    std::size_t body_left_;
    std::size_t line_left_;
    std::uint64_t size_ = 0;  // of the chunk that is being read; what is left of it in Place::data
    unsigned digits_ = 0;
};

}  // namespace cvstroom::http
