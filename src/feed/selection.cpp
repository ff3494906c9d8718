#include "feed/selection.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "base/digest.hpp"
#include "candidate/fact_codes.hpp"
#include "search/facts_match.hpp"
#include "store/document_codec.hpp"

namespace cvstroom::feed {
namespace {

using candidate::Status;

void append_values(std::string& text, char mark, const std::vector<search::Value>& values) {
    for (const auto& value : values) {
        text.append(1, mark).append(value.code).append(1, ':').append(std::to_string(value.least_rank));
    }
}

// The same criteria in another order are the same selection.
std::string canonical(const search::Criteria& criteria) {
    std::vector<std::string> parts;
    for (auto criterion : criteria.criteria) {
        const auto by_code = [](const search::Value& a, const search::Value& b) {
            return std::tie(a.code, a.least_rank) < std::tie(b.code, b.least_rank);
        };
        std::sort(criterion.wanted.begin(), criterion.wanted.end(), by_code);
        std::sort(criterion.excluded.begin(), criterion.excluded.end(), by_code);
        std::string part = std::to_string(static_cast<int>(criterion.dimension)) + (criterion.all ? "&" : "|");
        append_values(part, '+', criterion.wanted);
        append_values(part, '-', criterion.excluded);
        parts.push_back(std::move(part));
    }
    std::sort(parts.begin(), parts.end());
    std::string text = criteria.keep_unknown ? "?" : "!";
    for (const auto& part : parts) text += part + '\n';
    return text;
}

// Where the lists decide which codes match: regions lie in regions (search/facts_match).
std::string meaning(const search::Criteria& criteria, const reference::ReferenceData& lists) {
    const auto& regions = lists.list(candidate::CodeKind::region);
    std::set<std::string> parts;
    const auto add = [&](const std::vector<search::Value>& values) {
        for (const auto& value : values) {
            for (const auto inside : regions.with_descendants(value.code)) {
                parts.insert(value.code + '>' + std::string(inside) + '\n');
            }
        }
    };
    for (const auto& criterion : criteria.criteria) {
        if (criterion.dimension != index::Dimension::region) continue;
        add(criterion.wanted);
        add(criterion.excluded);
    }
    std::string text;
    for (const auto& part : parts) text += part;
    return text;
}

constexpr std::size_t half = 8;  // of a selection's digest

// Looks versions up and tries them against a selection.
class Judge {
  public:
    Judge(store::Store& store, const Selection& selection, JudgedCodes* judged)
        : store_(store), selection_(selection), judged_(judged) {}

    // Of each OPEN version, whether it is in the selection; nothing when its codes are gone.
    Result<std::vector<std::optional<bool>>> judge(std::span<const store::Seq> versions) {
        if (judged_ == nullptr) return read_and_judge(versions);
        std::vector<std::optional<bool>> verdicts(versions.size());
        std::vector<store::Seq> unknown;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            if (const auto codes = judged_->find(versions[i])) {
                verdicts[i] = is_selected(candidate::unpack_facts(*codes));
            } else {
                unknown.push_back(versions[i]);
                places.push_back(i);
            }
        }
        const auto read = read_and_judge(unknown);
        if (!read) return read;
        for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = (*read)[i];
        return verdicts;
    }

  private:
    Result<std::vector<std::optional<bool>>> read_and_judge(std::span<const store::Seq> versions) {
        // A version that is superseded between the two reads has its codes kept by the same transaction.
        const auto documents = store_.documents(versions);
        if (!documents) return tl::unexpected(documents.error());
        const auto traces = store_.traces(versions);
        if (!traces) return tl::unexpected(traces.error());
        std::vector<std::optional<bool>> verdicts;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            auto verdict = judge_one(versions[i], (*documents)[i], (*traces)[i]);
            if (!verdict) return tl::unexpected(verdict.error());
            verdicts.push_back(*verdict);
        }
        return verdicts;
    }

    Result<std::optional<bool>> judge_one(store::Seq version, const std::optional<std::string>& document,
                                          const std::optional<std::string>& trace) {
        if (document) {
            const auto json = store::decompress_document(*document);
            if (!json) return tl::unexpected(json.error());
            const auto facts = reader_.read(*json);
            if (!facts) return tl::unexpected(facts.error());
            if (judged_ != nullptr) {
                judged_->keep(version, std::make_shared<const std::string>(candidate::pack_facts(**facts)));
            }
            return std::optional(is_selected(**facts));
        }
        if (!trace) return std::optional<bool>();
        if (judged_ != nullptr) judged_->keep(version, std::make_shared<const std::string>(*trace));
        return std::optional(is_selected(candidate::unpack_facts(*trace)));
    }

    bool is_selected(const candidate::Facts& facts) const {
        return search::matches(selection_.criteria, facts, *selection_.lists);
    }

    store::Store& store_;
    const Selection& selection_;
    JudgedCodes* const judged_;
    candidate::FactReader reader_;
};

// Did who holds the selection hold this CV when the window began?
Result<bool> was_held(store::Store& store, Judge& judge, const store::LogRange& range, const store::Change& change) {
    if (range.only_published) return false;  // an initial load begins with nothing
    const auto before = store.state_before(change.seq, range.from);
    if (!before) return tl::unexpected(before.error());
    if (!*before || (*before)->status != Status::open) return false;
    const store::Seq seq = (*before)->seq;
    const auto verdict = judge.judge(std::span(&seq, 1));
    if (!verdict) return tl::unexpected(verdict.error());
    return verdict->front().value_or(true);
}

}  // namespace

SelectionPointer make_selection(search::Criteria criteria, std::shared_ptr<const reference::ReferenceData> lists) {
    auto selection = std::make_shared<Selection>();
    const Sha256 asked = sha256(canonical(criteria));
    const Sha256 meant = sha256(meaning(criteria, *lists));
    std::copy_n(asked.begin(), half, selection->digest.begin());
    std::copy_n(meant.begin(), half, selection->digest.begin() + half);
    selection->criteria = std::move(criteria);
    selection->lists = std::move(lists);
    return selection;
}

Kinship compare_digests(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b) {
    if (!std::equal(a.begin(), a.begin() + half, b.begin())) return Kinship::other_criteria;
    return a == b ? Kinship::same : Kinship::other_lists;
}

Result<std::vector<SelectedChange>> select(store::Store& store, const Selection& selection,
                                           const store::LogRange& range, std::span<const store::Change> changes,
                                           JudgedCodes* judged) {
    std::vector<store::Seq> open;
    for (const auto& change : changes) {
        if (change.status == Status::open) open.push_back(change.seq);
    }
    Judge judge(store, selection, judged);
    const auto verdicts = judge.judge(open);
    if (!verdicts) return tl::unexpected(verdicts.error());
    std::vector<SelectedChange> selected;
    auto verdict = verdicts->begin();
    for (const auto& change : changes) {
        const bool is_open = change.status == Status::open;
        if (is_open && (verdict++)->value_or(false)) {
            selected.push_back({change, false});
            continue;
        }
        const auto held = was_held(store, judge, range, change);
        if (!held) return tl::unexpected(held.error());
        if (*held) selected.push_back({change, is_open});
    }
    return selected;
}

}  // namespace cvstroom::feed
