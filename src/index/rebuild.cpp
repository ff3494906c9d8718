#include "index/rebuild.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "index/terms.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::index {
namespace {

constexpr std::size_t round_size = 8192;

// The documents of one round, read in log order and turned into terms by all cores.
struct Round {
    std::vector<RowData> rows;
    std::vector<std::string> frames;
    std::vector<DocumentTerms> documents;

    void clear() {
        rows.clear();
        frames.clear();
    }
};

class Rebuilder {
  public:
    Rebuilder(const reference::ReferenceData& lists, Index& index)
        : lists_(lists),
          index_(index),
          workers_(std::max(1U, std::thread::hardware_concurrency())),
          builder_(index.extension()) {}

    void collect(const store::Change& change, std::string_view frame) {
        round_.rows.push_back({change.cv, change.seq, change.instant, change.version});
        round_.frames.emplace_back(frame);
    }
    bool round_is_full() const { return round_.rows.size() >= round_size; }

    Result<void> finish_round() {
        round_.documents.resize(round_.rows.size());
        std::vector<std::future<Result<void>>> parts;
        const std::size_t share = (round_.rows.size() + workers_ - 1) / workers_;
        for (std::size_t first = 0; first < round_.rows.size(); first += share) {
            const std::size_t last = std::min(first + share, round_.rows.size());
            parts.push_back(std::async(std::launch::async, [this, first, last] { return read(first, last); }));
        }
        Result<void> outcome;
        for (auto& part : parts) {
            if (auto done = part.get(); !done) outcome = std::move(done);
        }
        if (!outcome) return outcome;
        for (std::size_t i = 0; i < round_.rows.size(); ++i) builder_.add(round_.rows[i], round_.documents[i]);
        round_.clear();
        return {};
    }
    std::shared_ptr<const Segment> build() { return builder_.size() > 0 ? builder_.build() : nullptr; }
    std::uint64_t done() const { return builder_.size(); }

  private:
    Result<void> read(std::size_t first, std::size_t last) {
        candidate::FactReader reader;
        for (std::size_t i = first; i < last; ++i) {
            auto done = read_document(round_.frames[i], lists_, index_, reader, round_.documents[i]);
            if (!done) {
                done.error().where = "CV " + round_.rows[i].cv.to_string();
                return done;
            }
        }
        return {};
    }

    const reference::ReferenceData& lists_;
    Index& index_;
    std::size_t workers_;
    Round round_;
    SegmentBuilder builder_;
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
        rebuilder.collect(change, frame);
        if (!rebuilder.round_is_full()) return true;
        outcome = rebuilder.finish_round();
        if (progress) progress(rebuilder.done(), head->published);
        return outcome.has_value();
    };
    if (auto visited = store.visit_published(0, head->seq, visit); !visited) return visited;
    if (!outcome) return outcome;
    if (outcome = rebuilder.finish_round(); !outcome) return outcome;
    if (progress) progress(rebuilder.done(), head->published);
    index.install(rebuilder.build(), head->seq);
    return {};
}

}  // namespace cvstroom::index
