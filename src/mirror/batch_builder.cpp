#include "mirror/batch_builder.hpp"

namespace cvstroom::mirror {

BatchBuilder::Entry& BatchBuilder::entry(const Uuid& cv) {
    const auto [place, is_new] = places_.try_emplace(cv, entries_.size());
    if (is_new) {
        entries_.emplace_back(cv, Entry{});
    } else {
        entries_[place->second].second = Entry{};
    }
    return entries_[place->second].second;
}

void BatchBuilder::put(Put put) {
    bytes_ += put.json.size();
    auto& it = entry(put.cv);
    it.kind = Entry::Kind::put;
    it.put = std::move(put);
}

void BatchBuilder::remove(const Uuid& cv, Version version) {
    auto& it = entry(cv);
    it.kind = Entry::Kind::removal;
    it.version = version;
}

void BatchBuilder::mark(const Uuid& cv) {
    entry(cv).kind = Entry::Kind::mark;
}

void BatchBuilder::cannot_learn(const Uuid& cv, std::string reason) {
    auto& it = entry(cv);
    it.kind = Entry::Kind::mark;
    it.unresolved = std::move(reason);
}

Batch BatchBuilder::take(const State& state) {
    Batch batch;
    batch.state = state;
    batch.resolved = std::move(resolved_);
    for (auto& [cv, it] : entries_) {
        if (!it.unresolved.empty()) batch.unresolved.push_back({cv, std::move(it.unresolved)});
        switch (it.kind) {
            case Entry::Kind::put:
                batch.puts.push_back(std::move(it.put));
                break;
            case Entry::Kind::removal:
                batch.removals.push_back({cv, it.version});
                break;
            case Entry::Kind::mark:
                batch.marks.push_back(cv);
                break;
        }
    }
    *this = {};
    return batch;
}

}  // namespace cvstroom::mirror
