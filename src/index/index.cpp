#include "index/index.hpp"

#include <algorithm>
#include <map>

#include "index/merge_policy.hpp"

namespace cvstroom::index {
namespace {

const std::shared_ptr<const Posting> no_rows = std::make_shared<Posting>();

// Collects the rows that a batch kills, and copies each part's set of dead rows once.
class Deaths {
  public:
    explicit Deaths(const Snapshot& snapshot) : snapshot_(snapshot) {}

    // Returns the seq of the version that was served until now.
    std::optional<store::Seq> kill(const Uuid& cv) {
        const auto place = snapshot_.find(cv);
        if (!place) return std::nullopt;
        rows_[place->part].push_back(place->row);
        return snapshot_.parts[place->part].segment->row(place->row).seq;
    }
    void apply_to(std::vector<Part>& parts) const {
        for (const auto& [part, rows] : rows_) {
            parts[part].dead = std::make_shared<Posting>(parts[part].dead->with(rows, parts[part].segment->size()));
        }
    }

  private:
    const Snapshot& snapshot_;
    std::map<std::size_t, std::vector<Row>> rows_;
};

// A row of a merged segment is alive when its version still is, in the segment that it came from.
std::shared_ptr<const Posting> rows_dead_since(const Segment& merged, const Snapshot& now) {
    std::vector<Row> dead;
    for (Row row = 0; row < merged.size(); ++row) {
        const auto place = now.find(merged.id(row));
        if (!place || now.parts[place->part].segment->row(place->row).seq != merged.row(row).seq) dead.push_back(row);
    }
    return std::make_shared<Posting>(dead, merged.size());
}

void drop_empty_parts(std::vector<Part>& parts) {
    std::erase_if(parts, [](const Part& part) { return part.live() == 0; });
}

}  // namespace

std::shared_ptr<const Snapshot> Index::snapshot() const {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
}

// The old snapshot is let go outside the lock: freeing a segment takes long.
void Index::publish(std::shared_ptr<const Snapshot> snapshot) {
    const std::lock_guard lock(snapshot_mutex_);
    snapshot_.swap(snapshot);
}

void Index::apply(std::span<const Entry> entries, store::Seq watermark) {
    const std::lock_guard lock(change_mutex_);
    const auto before = snapshot();
    auto after = std::make_shared<Snapshot>(*before);
    Deaths deaths(*before);
    SegmentBuilder builder(extension_);
    std::vector<store::Seq> dead_versions;
    for (const auto& entry : entries) {
        if (!entry.counts) continue;
        if (const auto seq = deaths.kill(entry.change.cv)) dead_versions.push_back(*seq);
        if (entry.change.status != candidate::Status::open) continue;
        builder.add({entry.change.cv, entry.change.seq, entry.change.instant, entry.change.version}, entry.document);
    }
    deaths.apply_to(after->parts);
    if (builder.size() > 0) after->parts.push_back({builder.build(), no_rows});
    drop_empty_parts(after->parts);
    after->watermark = watermark;
    publish(std::move(after));
    if (!on_dead_version_) return;
    for (const auto seq : dead_versions) on_dead_version_(seq);
}

void Index::install(std::shared_ptr<const Segment> segment, store::Seq watermark) {
    const std::lock_guard lock(change_mutex_);
    auto after = std::make_shared<Snapshot>();
    if (segment) after->parts.push_back({std::move(segment), no_rows});
    after->watermark = watermark;
    publish(std::move(after));
}

bool Index::merge() {
    const auto before = snapshot();
    const auto run = choose_merge(before->parts);
    if (!run) return false;
    SegmentBuilder builder(extension_);
    for (std::size_t part = run->first; part < run->last; ++part) {
        builder.add_rows(*before->parts[part].segment, *before->parts[part].dead);
    }
    replace_run(*before, run->first, run->last, builder.size() > 0 ? builder.build() : nullptr);
    return true;
}

// While the merge ran, apply() may have killed rows of the run, dropped whole parts of it and added parts after it.
void Index::replace_run(const Snapshot& before, std::size_t first, std::size_t last,
                        std::shared_ptr<const Segment> merged) {
    const std::lock_guard lock(change_mutex_);
    const auto now = snapshot();
    auto after = std::make_shared<Snapshot>();
    after->watermark = now->watermark;
    const auto run_begins = before.parts[first].segment->first_seq();
    const auto run_ends = before.parts[last - 1].segment->last_seq();
    for (const auto& part : now->parts) {
        if (part.segment->last_seq() < run_begins) after->parts.push_back(part);
    }
    if (merged) {
        auto dead = rows_dead_since(*merged, *now);
        after->parts.push_back({std::move(merged), std::move(dead)});
    }
    for (const auto& part : now->parts) {
        if (part.segment->first_seq() > run_ends) after->parts.push_back(part);
    }
    drop_empty_parts(after->parts);
    publish(std::move(after));
}
}  // namespace cvstroom::index
