#include "index/segment_builder.hpp"

#include <algorithm>
#include <future>

namespace cvstroom::index {
namespace {

constexpr CodeNumber code_of(TermKey term) {
    return static_cast<CodeNumber>(term >> 16U);
}

// The codes of one part, read in ascending order while a merge goes through the codes of all.
class CodeReader {
  public:
    CodeReader(const Segment& segment, std::span<const Row> moved) : segment_(segment), moved_(moved) {}

    // Appends the rows of the code, by their new numbers. Codes must be asked for in ascending order.
    void append(CodeNumber code, std::vector<RankedRow>& rows) {
        const auto codes = segment_.codes();
        while (next_ < codes.size() && codes[next_].code < code) ++next_;
        if (next_ == codes.size() || codes[next_].code != code) return;
        segment_.collect(codes[next_], members_);
        for (const auto& [row, rank] : members_) {
            if (moved_[row] != dropped_row) rows.push_back({moved_[row], rank});
        }
    }

  private:
    const Segment& segment_;
    std::span<const Row> moved_;
    std::size_t next_ = 0;
    std::vector<RankedRow> members_;
};

std::vector<CodeNumber> codes_of_all(std::span<const Part> parts) {
    std::vector<CodeNumber> codes;
    for (const auto& part : parts) {
        for (const auto& record : part.segment->codes()) codes.push_back(record.code);
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

std::vector<Row> move_rows(const Part& part, SegmentWriter& writer) {
    const Segment& segment = *part.segment;
    std::vector<Row> moved(segment.size(), dropped_row);
    for (Row row = 0; row < segment.size(); ++row) {
        if (part.dead->contains(row)) continue;
        moved[row] = writer.size();
        writer.add_row(segment.row(row), segment.postcode(row));
    }
    return moved;
}

std::shared_ptr<const Extension> merge_extensions(std::span<const Part> parts, const MergedSegment& merged,
                                                  const ExtensionKind* kind) {
    if (kind == nullptr) return nullptr;
    const auto builder = kind->builder();
    for (std::size_t part = 0; part < parts.size(); ++part) {
        builder->add_rows(*parts[part].segment->extension(), merged.moved[part]);
    }
    return builder->build();
}

}  // namespace

void SegmentBuilder::add(const RowData& row, const DocumentTerms& document) {
    const Row number = size();
    writer_.add_row(row, document.postcode);
    for (std::size_t i = 0; i < document.terms.size(); ++i) {
        const CodeNumber code = code_of(document.terms[i]);
        // Ranks of one code ascend: the greatest is the one that counts.
        if (i + 1 < document.terms.size() && code_of(document.terms[i + 1]) == code) continue;
        members_.push_back({code, {number, static_cast<std::uint16_t>(document.terms[i])}});
        codes_ = std::max(codes_, code + 1);
    }
    if (kind_ == nullptr) return;
    if (!extension_) extension_ = kind_->builder();
    extension_->add(document.extension);
}

// A counting sort by code when there are many rows; rows ascend already.
std::shared_ptr<const Segment> SegmentBuilder::build(bool is_for_merge) {
    if (members_.size() < codes_) {
        std::stable_sort(members_.begin(), members_.end(),
                         [](const Member& a, const Member& b) { return a.code < b.code; });
    } else {
        std::vector<std::size_t> next(codes_ + std::size_t{1}, 0);
        for (const auto& member : members_) ++next[member.code + std::size_t{1}];
        for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
        std::vector<Member> sorted(members_.size());
        for (const auto& member : members_) sorted[next[member.code]++] = member;
        members_.swap(sorted);
    }
    std::vector<RankedRow> rows;
    for (std::size_t first = 0; first < members_.size();) {
        const CodeNumber code = members_[first].code;
        rows.clear();
        for (; first < members_.size() && members_[first].code == code; ++first) rows.push_back(members_[first].row);
        writer_.add_code(code, rows);
    }
    members_.clear();
    codes_ = 0;
    std::shared_ptr<const Extension> extension;
    if (extension_) extension = is_for_merge ? extension_->build_for_merge() : extension_->build();
    extension_.reset();
    return writer_.finish(std::move(extension));
}

MergedSegment merge_segments(std::span<const Part> parts, const ExtensionKind* kind) {
    MergedSegment merged;
    SegmentWriter writer;
    for (const auto& part : parts) merged.moved.push_back(move_rows(part, writer));
    if (writer.size() == 0) return merged;
    std::vector<CodeReader> readers;
    for (std::size_t part = 0; part < parts.size(); ++part) {
        readers.emplace_back(*parts[part].segment, merged.moved[part]);
    }
    // Beside the codes, on a thread of its own, where that is worth a thread.
    const auto policy = writer.size() >= rows_for_threads ? std::launch::async : std::launch::deferred;
    auto extension = std::async(policy, [&] { return merge_extensions(parts, merged, kind); });
    std::vector<RankedRow> rows;
    for (const CodeNumber code : codes_of_all(parts)) {
        rows.clear();
        for (auto& reader : readers) reader.append(code, rows);
        writer.add_code(code, rows);
    }
    merged.segment = writer.finish(extension.get());
    return merged;
}

}  // namespace cvstroom::index
