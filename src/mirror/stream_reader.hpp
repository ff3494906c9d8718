// Reads an NDJSON stream of the feed (SPEC 5): a change a line, and a closing line that tells a whole stream from a cut
// one. Knows no sockets: bytes come in as they come.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "mirror/cv_api.hpp"

namespace cvstroom::mirror {

struct StreamLine {
    ListedCv listed;
    std::string cursor;  // continues right after this line
    bool has_document = false;
    std::string json;
    FlatCv flat;
};

struct StreamEnd {
    std::uint64_t lines = 0;
    std::string cursor;
    std::string epoch;
    std::string covered_until;
};

class StreamReader {
  public:
    // Called for every line, in order; an error ends the reading and comes back from finish().
    using Take = std::function<Result<void>(StreamLine)>;
    explicit StreamReader(Take take);
    ~StreamReader();

    // False when reading on makes no sense: a line that is none, or the taker's error.
    bool push(std::string_view bytes);
    // After the last byte. `unavailable` when the closing line is missing (the stream was cut), `corrupt` when its
    // count or digest does not fit what came (pitfall 24), or the error that push() stopped at.
    Result<StreamEnd> finish();
    std::uint64_t lines() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cvstroom::mirror
