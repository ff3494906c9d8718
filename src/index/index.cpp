#include "index/index.hpp"

#include <algorithm>
#include <map>

#include "index/segment_builder.hpp"

namespace cvstroom::index {
namespace {

const std::shared_ptr<const DeadRows> no_rows = std::make_shared<DeadRows>();

// Collects the rows that a batch kills, and copies each part's set of dead rows once.
class Deaths {
  public:
    explicit Deaths(const Snapshot& snapshot) : snapshot_(snapshot) {}

    // Returns the seq of the version that was served until now.
    std::optional<store::Seq> kill(const Uuid& cv) {
        const auto place = snapshot_.find(cv);
        if (!place) return std::nullopt;
        rows_[place->part].push_back(place->row);
        return snapshot_.parts[place->part].segment->seq(place->row);
    }
    void apply_to(std::vector<Part>& parts) {
        for (auto& [part, rows] : rows_) {
            std::sort(rows.begin(), rows.end());
            rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
            parts[part].dead = std::make_shared<DeadRows>(parts[part].dead->with(rows, parts[part].segment->size()));
        }
    }

  private:
    const Snapshot& snapshot_;
    std::map<std::size_t, std::vector<Row>> rows_;
};

void count_erasure(const Uuid& cv, std::vector<Part>& parts) {
    for (auto& part : parts) {
        if (part.segment->find(cv)) ++part.erasures;
    }
}

const Part* find_part(const Snapshot& snapshot, const Segment* segment) {
    const auto found = std::find_if(snapshot.parts.begin(), snapshot.parts.end(),
                                    [segment](const Part& part) { return part.segment.get() == segment; });
    return found == snapshot.parts.end() ? nullptr : &*found;
}

// What happened to the parts of a run since the merge began: rows that died (in a part that is no longer there: all),
// by their new numbers, and erasures.
struct Since {
    std::vector<Row> dead;
    std::uint32_t erasures = 0;

    Since(std::span<const Part> run, const MergedSegment& merged, const Snapshot& now) {
        for (std::size_t i = 0; i < run.size(); ++i) {
            const Part* part = find_part(now, run[i].segment.get());
            erasures += part != nullptr ? part->erasures - run[i].erasures : 1;
            for (Row row = 0; row < merged.moved[i].size(); ++row) {
                if (merged.moved[i][row] == dropped_row) continue;
                if (part == nullptr || part->dead->contains(row)) dead.push_back(merged.moved[i][row]);
            }
        }
    }
};

void drop_empty_parts(std::vector<Part>& parts) {
    std::erase_if(parts, [](const Part& part) { return part.live() == 0; });
}

}  // namespace

void Index::apply(std::span<const Entry> entries, store::Seq watermark) {
    std::vector<store::Seq> dead_versions;
    {
        const std::lock_guard lock(change_mutex_);
        const auto before = snapshot();
        auto after = std::make_shared<Snapshot>(*before);
        Deaths deaths(*before);
        SegmentBuilder builder(extension_);
        for (const auto& entry : entries) {
            if (entry.change.status == candidate::Status::erased) count_erasure(entry.change.cv, after->parts);
            if (!entry.counts) continue;
            if (const auto seq = deaths.kill(entry.change.cv)) dead_versions.push_back(*seq);
            if (entry.change.status != candidate::Status::open) continue;
            builder.add({entry.change.cv, entry.change.seq, entry.change.instant, entry.change.version},
                        entry.document);
        }
        deaths.apply_to(after->parts);
        if (builder.size() > 0) after->parts.push_back({builder.build(), no_rows});
        drop_empty_parts(after->parts);
        after->watermark = watermark;
        publish(std::move(after));
    }
    if (!on_dead_version_) return;
    for (const auto seq : dead_versions) on_dead_version_(seq);
}

void Index::install(std::vector<Part> parts, store::Seq watermark) {
    const std::lock_guard lock(change_mutex_);
    auto after = std::make_shared<Snapshot>();
    after->parts = std::move(parts);
    drop_empty_parts(after->parts);
    after->watermark = watermark;
    publish(std::move(after));
}

bool Index::merge() {
    const std::lock_guard lock(merge_mutex_);
    const auto before = snapshot();
    const auto run = choose_merge(before->parts);
    if (!run) return false;
    merge_run(*before, *run);
    return true;
}

bool Index::purge() {
    const std::lock_guard lock(merge_mutex_);
    const auto before = snapshot();
    bool found = false;
    for (std::size_t part = 0; part < before->parts.size(); ++part) {
        if (before->parts[part].erasures == 0) continue;
        merge_run(*before, {part, part + 1});
        found = true;
    }
    return found;
}

// While the merge runs, apply() may kill rows of the run, drop whole parts of it and add parts after it.
void Index::merge_run(const Snapshot& before, MergeRun run) {
    const auto parts = std::span(before.parts).subspan(run.first, run.last - run.first);
    MergedSegment merged = merge_segments(parts, extension_);
    const auto run_begins = parts.front().segment->first_seq();
    const auto run_ends = parts.back().segment->last_seq();
    const std::lock_guard lock(change_mutex_);
    const auto now = snapshot();
    auto after = std::make_shared<Snapshot>();
    after->watermark = now->watermark;
    for (const auto& part : now->parts) {
        if (part.segment->last_seq() < run_begins) after->parts.push_back(part);
    }
    if (merged.segment) {
        const Since since(parts, merged, *now);
        auto dead = no_rows;
        if (!since.dead.empty()) {
            dead = std::make_shared<DeadRows>(DeadRows().with(since.dead, merged.segment->size()));
        }
        after->parts.push_back({std::move(merged.segment), std::move(dead), since.erasures});
    }
    for (const auto& part : now->parts) {
        if (part.segment->first_seq() > run_ends) after->parts.push_back(part);
    }
    drop_empty_parts(after->parts);
    publish(std::move(after));
}

}  // namespace cvstroom::index
