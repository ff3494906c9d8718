// A window of the feed as a stream of NDJSON (SPEC 5): a line for each change, and a closing line that tells a whole
// stream from a cut one (pitfall 24).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "api/call.hpp"
#include "api/work_pool.hpp"
#include "base/digest.hpp"
#include "http/stream_encoder.hpp"

namespace cvstroom::api {

// So many streams at the same time and no more: each holds a piece and its compressor (some 1.5 MB).
class StreamSlots {
  public:
    explicit StreamSlots(int count) : left_(std::make_shared<std::atomic<int>>(count)) {}

    // What holds one of them; null when all are taken.
    std::shared_ptr<void> take();

  private:
    std::shared_ptr<std::atomic<int>> left_;
};

// Made piece by piece on the pool: a piece is some hundreds of kilobytes before compression, at most a megabyte and one
// document, and one short read of the store. Its client's pace is its pace.
class BulkStream final : public http::BodySource, public std::enable_shared_from_this<BulkStream> {
  public:
    struct Form {
        http::Coding coding;
        bool has_documents;
        partner::Plan plan;                         // anonymous: the documents are masked
        std::shared_ptr<const audit::Entry> call;   // with documents: what their records have in common
        std::function<Result<bool>()> is_admitted;  // still; asked before each piece
    };

    // `services` and `work` outlive the stream; `slot` is held as long as it lasts.
    BulkStream(const Services& services, WorkPool& work, const feed::Position& position, Form form,
               std::shared_ptr<void> slot);

    void next(Taker take) override;

  private:
    Result<Piece> make_piece();
    void record_and_give(Piece piece, Taker take);
    Result<std::string> make_lines();
    Result<std::vector<std::optional<std::string>>> frames_of(const std::vector<feed::SelectedChange>& changes);
    Result<std::optional<std::string>> document_of(const store::Change& change,
                                                   const std::optional<std::string>& frame);
    void append_line(const feed::SelectedChange& selected, const std::optional<std::string>& document,
                     std::string& lines);
    void append_closing_line(std::string& lines);

    const Services& services_;
    WorkPool& work_;
    feed::Position position_;  // the work's; its candidates are looked up with the first piece
    bool is_prepared_ = false;
    const Form form_;
    const std::shared_ptr<void> slot_;
    std::unique_ptr<http::StreamEncoder> encoder_;
    std::vector<audit::Disclosed> disclosed_;  // in the piece that is being made
    RunningSha256 digest_;                     // of all lines so far
    std::uint64_t count_ = 0;
    store::Seq reached_;
    bool is_finished_ = false;
};

}  // namespace cvstroom::api
