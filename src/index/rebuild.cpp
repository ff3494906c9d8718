#include "index/rebuild.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "index/segment_builder.hpp"
#include "index/terms.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::index {
namespace {

// Rows of the segments that are made first, each by one thread, and merged at the end.
constexpr std::size_t chunk_rows = 16384;

// Neighbouring documents in log order, as they stand in the store.
struct Chunk {
    std::vector<RowData> rows;
    std::vector<std::string> frames;
};

Result<std::shared_ptr<const Segment>> index_chunk(const Chunk& chunk, const reference::ReferenceData& lists,
                                                   Index& index) {
    candidate::FactReader reader;
    DocumentTerms document;
    SegmentBuilder builder(index.extension());
    for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
        if (auto done = read_document(chunk.frames[i], lists, index, reader, document); !done) {
            done.error().where = "CV " + chunk.rows[i].cv.to_string();
            return tl::unexpected(done.error());
        }
        builder.add(chunk.rows[i], document);
    }
    return builder.build_for_merge();
}

// Collects documents into chunks, which are indexed by as many threads as there are cores while the next is read.
class Rebuilder {
  public:
    Rebuilder(const reference::ReferenceData& lists, Index& index) : lists_(lists), index_(index) {}

    // Returns the number of rows that are done, when a chunk was finished.
    Result<std::optional<std::uint64_t>> collect(const store::Change& change, std::string_view frame) {
        chunk_->rows.push_back({change.cv, change.seq, change.instant, change.version});
        chunk_->frames.emplace_back(frame);
        if (chunk_->rows.size() < chunk_rows) return std::nullopt;
        hand_out();
        if (under_way_.size() <= workers_) return std::nullopt;
        if (auto taken = take_oldest(); !taken) return tl::unexpected(taken.error());
        return rows_;
    }

    // Pre: the last call; all documents are collected.
    Result<std::shared_ptr<const Segment>> finish() {
        if (!chunk_->rows.empty()) hand_out();
        while (!under_way_.empty()) {
            if (auto taken = take_oldest(); !taken) return tl::unexpected(taken.error());
        }
        return merge_segments(parts_, index_.extension()).segment;
    }

  private:
    using Made = Result<std::shared_ptr<const Segment>>;

    void hand_out() {
        auto chunk = std::exchange(chunk_, std::make_shared<Chunk>());
        under_way_.push_back(std::async(
            std::launch::async, [this, chunk = std::move(chunk)] { return index_chunk(*chunk, lists_, index_); }));
    }
    Result<void> take_oldest() {
        auto made = under_way_.front().get();
        under_way_.pop_front();
        if (!made) return tl::unexpected(made.error());
        rows_ += (*made)->size();
        parts_.push_back({std::move(*made), std::make_shared<DeadRows>()});
        return {};
    }

    const reference::ReferenceData& lists_;
    Index& index_;
    const std::size_t workers_ = std::max(1U, std::thread::hardware_concurrency());
    std::shared_ptr<Chunk> chunk_ = std::make_shared<Chunk>();
    std::deque<std::future<Made>> under_way_;
    std::vector<Part> parts_;
    std::uint64_t rows_ = 0;
};

}  // namespace

Result<void> read_document(std::string_view frame, const reference::ReferenceData& lists, Index& index,
                           candidate::FactReader& reader, DocumentTerms& document) {
    document.clear();
    const auto json = store::decompress_document(frame);
    if (!json) return tl::unexpected(json.error());
    const auto facts = reader.read(*json);
    if (!facts) return tl::unexpected(facts.error());
    collect_terms(**facts, lists, index.dictionary(), document.terms);
    document.postcode = (*facts)->postcode;
    if (index.extension() != nullptr) index.extension()->read(**facts, document.extension);
    return {};
}

Result<void> rebuild_index(store::Store& store, Index& index, const reference::ReferenceData& lists,
                           const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto head = store.head();
    if (!head) return tl::unexpected(head.error());
    Rebuilder rebuilder(lists, index);
    Result<void> outcome;
    const auto visit = [&](const store::Change& change, std::string_view frame) {
        const auto done = rebuilder.collect(change, frame);
        if (!done) outcome = tl::unexpected(done.error());
        if (done && *done && progress) progress(**done, head->published);
        return outcome.has_value();
    };
    if (auto visited = store.visit_published(0, head->seq, visit); !visited) return visited;
    if (!outcome) return outcome;
    auto segment = rebuilder.finish();
    if (!segment) return tl::unexpected(segment.error());
    if (progress) progress(*segment ? (*segment)->size() : 0, head->published);
    std::vector<Part> parts;
    if (*segment) parts.push_back({std::move(*segment), std::make_shared<DeadRows>()});
    index.install(std::move(parts), head->seq);
    return {};
}

}  // namespace cvstroom::index
