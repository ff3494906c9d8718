#include "index/row_texts.hpp"

#include <algorithm>

namespace cvstroom::index {
namespace {

template <typename T>
void append(std::vector<std::uint8_t>& out, T value) {
    const std::size_t end = out.size();
    out.resize(end + sizeof value);
    std::memcpy(out.data() + end, &value, sizeof value);
}

}  // namespace

TextField field_of(candidate::TextMember member) {
    switch (member) {
        case candidate::TextMember::experience_title:
        case candidate::TextMember::wanted_title:
            return TextField::title;
        case candidate::TextMember::competence_name:
        case candidate::TextMember::competence_description:
            return TextField::competence;
        case candidate::TextMember::study_information:
        case candidate::TextMember::course_name:
            return TextField::study;
        case candidate::TextMember::employer:
            break;
    }
    return TextField::employer;
}

RowTextsWriter::RowTextsWriter(Row rows) {
    made_.offsets_.reserve(std::size_t{rows} + 1);
    made_.bases_.reserve(rows / RowTexts::base_rows + 1);
    begin_row();
}

void RowTextsWriter::begin_row() {
    if (made_.offsets_.size() % RowTexts::base_rows == 0) made_.bases_.push_back(made_.bytes_.size());
    made_.offsets_.push_back(static_cast<std::uint32_t>(made_.bytes_.size() - made_.bases_.back()));
}

void RowTextsWriter::end_row(std::uint64_t length) {
    auto& out = row_;
    out.clear();
    append(out, static_cast<std::uint16_t>(std::min<std::uint64_t>(length, 0xFFFF)));
    std::sort(pairs_.begin(), pairs_.end());
    std::sort(own_.begin(), own_.end());
    const auto longs = std::lower_bound(pairs_.begin(), pairs_.end(), PairId{RowTexts::short_numbers});
    append_varint(out, static_cast<std::uint32_t>(longs - pairs_.begin()));
    append_varint(out, static_cast<std::uint32_t>(pairs_.end() - longs));
    for (auto at = pairs_.begin(); at != longs; ++at) append(out, static_cast<std::uint16_t>(*at));
    for (auto at = longs; at != pairs_.end(); ++at) append(out, *at);
    for (const auto& [field, words] : own_) {
        append_varint(out, static_cast<std::uint32_t>(field));
        append_varint(out, static_cast<std::uint32_t>(words.size()));
        out.insert(out.end(), words.begin(), words.end());
    }
    made_.bytes_.insert(made_.bytes_.end(), out.begin(), out.end());
    pairs_.clear();
    own_.clear();
    begin_row();
}

RowTexts RowTextsWriter::finish() {
    made_.bytes_.shrink_to_fit();
    return std::move(made_);
}

}  // namespace cvstroom::index
