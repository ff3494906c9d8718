#include "api/bulk_stream.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <new>
#include <utility>

#include "api/bulk_entry.hpp"
#include "candidate/masking.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::api {
namespace {

// Some 300 KB before compression either way; documents may be a megabyte each, and then a piece has fewer.
constexpr std::size_t lines_a_piece = 1000;
constexpr std::size_t documents_a_piece = 64;
constexpr std::size_t most_bytes_a_piece = 1024 * 1024;

// A document may hold members that this version does not know, byte for byte; a line break between them is white
// space (inside a string it would be escaped), and here it would end the line.
void append_on_one_line(std::string& out, const std::string& json) {
    const std::size_t begin = out.size();
    out += json;
    const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_break, ' ');
}

}  // namespace

std::shared_ptr<void> StreamSlots::take() {
    if (left_->fetch_sub(1) <= 0) {
        left_->fetch_add(1);
        return nullptr;
    }
    return {left_.get(), [left = left_](void*) { left->fetch_add(1); }};
}

BulkStream::BulkStream(const Services& services, WorkPool& work, const feed::Position& position, Form form,
                       std::shared_ptr<void> slot)
    : services_(services),
      work_(work),
      position_(position),
      form_(form),
      slot_(std::move(slot)),
      reached_(position.by_offset ? position.range.from : position.after) {}

void BulkStream::next(Taker take) {
    work_.post([self = shared_from_this(), take = std::move(take)] {
        const auto is_admitted = self->form_.is_admitted();
        if (is_admitted && !*is_admitted) {  // it asks again, and is told why
            spdlog::info("a stream of the feed is cut: the partner, its key or its plan has changed");
            return take(Piece{{}, true, true});
        }
        auto piece = is_admitted ? self->make_piece() : tl::unexpected(is_admitted.error());
        if (!piece) {
            spdlog::error("a stream of the feed is cut: {}", to_string(piece.error()));
            piece = Piece{{}, true, true};
        }
        self->record_and_give(std::move(*piece), take);
    });
}

// Documents go when it is recorded who receives them; if that fails, the stream is cut.
void BulkStream::record_and_give(Piece piece, Taker take) {
    if (services_.audit == nullptr || disclosed_.empty() || piece.is_broken) return take(std::move(piece));
    audit::Entry entry = *form_.call;
    entry.cvs = std::exchange(disclosed_, {});
    services_.audit->record(
        std::move(entry), [piece = std::move(piece), take = std::move(take)](bool is_recorded) mutable {
            if (!is_recorded) {
                spdlog::error("a stream of the feed is cut: who receives its CVs cannot be recorded");
                piece = Piece{{}, true, true};
            }
            take(std::move(piece));
        });
}

Result<http::BodySource::Piece> BulkStream::make_piece() try {
    if (!encoder_) encoder_ = http::StreamEncoder::make(form_.coding);
    const auto lines = make_lines();
    if (!lines) return tl::unexpected(lines.error());
    Piece piece{{}, is_finished_, false};
    if (auto done = encoder_->encode(*lines, is_finished_, piece.bytes); !done) return tl::unexpected(done.error());
    return piece;
} catch (const std::bad_alloc&) {
    return fail(ErrorCode::unavailable, "out of memory");
}

Result<std::string> BulkStream::make_lines() {
    if (!is_prepared_) {
        if (auto done = services_.feed.prepare(position_); !done) return tl::unexpected(done.error());
        is_prepared_ = true;
    }
    const bool is_slow = form_.has_documents || position_.selection;
    const auto piece = services_.feed.read_on(position_, reached_, is_slow ? documents_a_piece : lines_a_piece);
    if (!piece) return tl::unexpected(piece.error());
    const auto frames = frames_of(piece->changes);
    if (!frames) return tl::unexpected(frames.error());
    std::string lines;
    std::size_t done = 0;
    while (done < piece->changes.size() && lines.size() < most_bytes_a_piece) {
        const auto& change = piece->changes[done];
        const auto document = document_of(change.change, (*frames)[done]);
        if (!document) return tl::unexpected(document.error());
        append_line(change, *document, lines);
        ++done;
    }
    const bool is_all = done == piece->changes.size();
    count_ += done;
    digest_.add(lines);
    reached_ = is_all ? piece->reached : piece->changes[done - 1].change.seq;
    is_finished_ = is_all && piece->is_last;
    if (is_finished_) append_closing_line(lines);
    return lines;
}

// The document of the entry's own version: nothing when a later one has taken its place meanwhile, which then stands
// further on in the log.
Result<std::vector<std::optional<std::string>>> BulkStream::frames_of(
    const std::vector<feed::SelectedChange>& changes) {
    std::vector<std::optional<std::string>> found(changes.size());
    if (!form_.has_documents) return found;
    std::vector<std::size_t> places;
    std::vector<store::Seq> entries;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].change.status != candidate::Status::open || changes[i].has_left) continue;
        places.push_back(i);
        entries.push_back(changes[i].change.seq);
    }
    auto frames = services_.store.documents(entries);
    if (!frames) return tl::unexpected(frames.error());
    for (std::size_t i = 0; i < places.size(); ++i) found[places[i]] = std::move((*frames)[i]);
    return found;
}

// As it goes to the client, who from now on counts as having it.
Result<std::optional<std::string>> BulkStream::document_of(const store::Change& change,
                                                           const std::optional<std::string>& frame) {
    if (!frame) return std::optional<std::string>();
    auto json = store::decompress_document(*frame);
    if (!json) return tl::unexpected(json.error());
    disclosed_.push_back({change.cv, change.version});
    return std::optional(form_.plan == partner::Plan::anonymous ? candidate::mask(*json) : std::move(*json));
}

void BulkStream::append_line(const feed::SelectedChange& selected, const std::optional<std::string>& document,
                             std::string& lines) {
    JsonWriter json(lines);
    json.begin_object();
    write_change_members(json, selected.change, selected.has_left);
    json.member("vervolg", services_.feed.encode(services_.feed.cursor_after(position_, selected.change.seq)));
    if (document) {
        lines += ",\"cv\":";
        append_on_one_line(lines, *document);
    }
    json.end_object();
    lines += '\n';
}

void BulkStream::append_closing_line(std::string& lines) {
    const auto until = format_instant(position_.until);
    JsonWriter json(lines);
    json.begin_object().member("einde", true).member("aantal", count_);
    json.member("digest", "sha256:" + to_hex(digest_.finish()));
    if (position_.from) json.member("van", format_instant(*position_.from));
    json.member("tot", until).member("gedektTot", until).member("gesloten", true);
    json.member("epoche", services_.store.epoch().to_string());
    json.member("vervolg", services_.feed.encode(services_.feed.cursor_after(position_, position_.range.until)));
    json.end_object();
    lines += '\n';
}

}  // namespace cvstroom::api
