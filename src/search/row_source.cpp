#include "search/row_source.hpp"

namespace cvstroom::search {

std::span<std::uint64_t> SourceSets::make_words(index::Row segment_size) {
    if (used_words_ == words_.size()) words_.emplace_back();
    auto& words = words_[used_words_++];
    words.assign(index::words_for(segment_size), 0);
    return words;
}

index::PlaceSet& SourceSets::make_places() {
    if (used_places_ == places_.size()) places_.emplace_back();
    return places_[used_places_++];
}

void SourceSets::clear() {
    clauses_.clear();
    sets_.clear();
    used_words_ = 0;
    used_places_ = 0;
}

void RowSource::finish(const index::Segment&, std::vector<index::Row>&) const {}

}  // namespace cvstroom::search
