#include "mirror/stream_reader.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <optional>

#include "base/digest.hpp"
#include "mirror/flatten.hpp"
#include "mirror/json_members.hpp"

namespace cvstroom::mirror {
namespace {

namespace dom = simdjson::dom;

// A document may have 1 MiB; a line is that and a little.
constexpr std::size_t most_line_bytes = 4 * 1024 * 1024;

class RunningDigest {
  public:
    RunningDigest() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
    std::string finish() {
        Sha256 digest{};
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
        return "sha256:" + to_hex(digest);
    }

  private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

// The document as it came: it is the line's last member, and what stands before it are plain texts and numbers, in
// which a quote could only stand escaped.
std::string_view document_text(std::string_view line) {
    constexpr std::string_view member = ",\"cv\":";
    const auto at = line.find(member);
    if (at == std::string_view::npos || !line.ends_with('}')) return {};
    return line.substr(at + member.size(), line.size() - at - member.size() - 1);
}

}  // namespace

struct StreamReader::State {
    Take take;
    dom::parser parser;
    RunningDigest digest;
    std::string rest;  // a line's beginning
    std::uint64_t lines = 0;
    std::optional<StreamEnd> end;
    std::optional<Error> error;

    bool fail_with(ErrorCode code, std::string message) {
        error = Error{code, std::move(message), ""};
        return false;
    }

    // `line` without its newline.
    bool take_line(std::string_view line) {
        if (end) return fail_with(ErrorCode::corrupt, "the stream goes on after its closing line");
        dom::object object;
        if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) {
            return fail_with(ErrorCode::corrupt, "a line of the stream is no JSON object");
        }
        bool is_end = false;
        if (object["einde"].get(is_end) == simdjson::SUCCESS && is_end) return take_end(object);
        const auto id = Uuid::parse(text_of(object, "cvId"));
        StreamLine read;
        read.cursor = text_of(object, "vervolg");
        if (!id || read.cursor.empty())
            return fail_with(ErrorCode::corrupt, "a line of the stream has no cvId or vervolg");
        read.listed = {*id, publication_of(text_of(object, "status")), number_of(object, "versie"),
                       text_of(object, "gewijzigdOp")};
        if (!take_document(object, line, read)) return false;
        digest.add(line);
        digest.add("\n");
        ++lines;
        if (auto done = take(std::move(read)); !done) {
            error = done.error();
            return false;
        }
        return true;
    }

    bool take_document(const dom::object& object, std::string_view line, StreamLine& read) {
        dom::object document;
        if (object["cv"].get(document) != simdjson::SUCCESS) return true;
        const auto text = document_text(line);
        auto flat = flatten(document, text.size());
        if (!flat || flat->cv != read.listed.cv || text.empty()) {
            return fail_with(ErrorCode::corrupt, "a line of the stream has a document of another CV");
        }
        read.has_document = flat->publication == Publication::open;
        read.json = text;
        read.flat = std::move(flat->flat);
        return true;
    }

    bool take_end(const dom::object& object) {
        if (number_of(object, "aantal") != lines)
            return fail_with(ErrorCode::corrupt, "the stream's closing line counts other lines than came");
        if (text_of(object, "digest") != digest.finish())
            return fail_with(ErrorCode::corrupt, "the stream's digest does not fit what came");
        end = StreamEnd{lines, text_of(object, "vervolg"), text_of(object, "epoche"), text_of(object, "gedektTot")};
        if (end->cursor.empty()) return fail_with(ErrorCode::corrupt, "the stream's closing line has no vervolg");
        return true;
    }
};

StreamReader::StreamReader(Take take) : state_(std::make_unique<State>()) {
    state_->take = std::move(take);
}
StreamReader::~StreamReader() = default;

std::uint64_t StreamReader::lines() const {
    return state_->lines;
}

bool StreamReader::push(std::string_view bytes) {
    auto& state = *state_;
    if (state.error) return false;
    while (!bytes.empty()) {
        const auto* found = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
        if (found == nullptr) {
            state.rest += bytes;
            if (state.rest.size() > most_line_bytes)
                return state.fail_with(ErrorCode::corrupt, "a line of the stream is too long");
            return true;
        }
        const auto length = static_cast<std::size_t>(found - bytes.data());
        const auto line = bytes.substr(0, length);
        bytes.remove_prefix(length + 1);
        if (state.rest.empty()) {
            if (!state.take_line(line)) return false;
        } else {
            state.rest += line;
            const bool is_taken = state.take_line(state.rest);
            state.rest.clear();
            if (!is_taken) return false;
        }
    }
    return true;
}

Result<StreamEnd> StreamReader::finish() {
    if (state_->error) return tl::unexpected(*state_->error);
    if (!state_->end) return fail(ErrorCode::unavailable, "the stream was cut before its closing line");
    return *state_->end;
}

}  // namespace cvstroom::mirror
