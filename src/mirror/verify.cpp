#include "mirror/verify.hpp"

#include <unordered_set>

#include "mirror/batch_builder.hpp"
#include "mirror/mirror.hpp"

namespace cvstroom::mirror {
namespace {

constexpr int most_tries = 10;

struct CopyContents {
    State state;
    std::vector<CvVersion> members;  // ascending
};

// State and rows of one moment, also when a mirror is writing: what was read is right when the state did not change
// meanwhile.
Result<CopyContents> read_copy(Sink& sink) {
    for (int tries = 0; tries < most_tries; ++tries) {
        CopyContents contents;
        auto state = sink.state();
        if (!state) return tl::unexpected(state.error());
        const auto done = sink.visit([&](const Held& held) { contents.members.push_back({held.cv, held.version}); });
        if (!done) return tl::unexpected(done.error());
        const auto after = sink.state();
        if (!after) return tl::unexpected(after.error());
        if (*after != *state) continue;
        contents.state = std::move(*state);
        return contents;
    }
    return fail(ErrorCode::unavailable,
                "the copy changes faster than it can be read; stop the mirror that follows, or try again");
}

struct Differing {
    Uuid cv;
    bool is_held = false;
    Version version = 0;  // of what is held
};

// Both lists ascending by id: where they differ.
void compare(std::span<const CvVersion> ours, std::span<const CvVersion> theirs, std::vector<Differing>& differing) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < ours.size() || j < theirs.size()) {
        if (j == theirs.size() || (i < ours.size() && ours[i].cv < theirs[j].cv)) {
            differing.push_back({ours[i].cv, true, ours[i].version});
            ++i;
        } else if (i == ours.size() || theirs[j].cv < ours[i].cv) {
            differing.push_back({theirs[j++].cv});
        } else {
            if (ours[i].version != theirs[j].version) differing.push_back({ours[i].cv, true, ours[i].version});
            ++i;
            ++j;
        }
    }
}

class Verification {
  public:
    Verification(CvApi& api, Sink& sink) : api_(api), sink_(sink) {}

    Result<VerifyReport> run(bool repairs) {
        const auto before = api_.caller().traffic().requests;
        auto copy = read_copy(sink_);
        if (!copy) return tl::unexpected(copy.error());
        copy_ = std::move(*copy);
        if (auto done = check_copy(); !done) return tl::unexpected(done.error());
        report_.at = copy_.state.covered_until;
        report_.held = copy_.members.size();
        if (auto done = descend(""); !done) return tl::unexpected(done.error());
        if (!differing_.empty()) {
            if (auto done = settle(repairs); !done) return tl::unexpected(done.error());
        }
        if (repairs) {
            const auto orphans = sink_.remove_orphans();
            if (!orphans) return tl::unexpected(orphans.error());
            report_.orphans_removed = *orphans;
        }
        report_.requests = api_.caller().traffic().requests - before;
        return std::move(report_);
    }

  private:
    Result<void> check_copy() {
        const auto state = open_state(sink_, api_.base(), "cvstroom");
        if (!state) return tl::unexpected(state.error());
        if (copy_.state.phase != Phase::following)
            return fail(ErrorCode::conflict, "the copy is not complete yet; run 'cvstroom mirror' first");
        return {};
    }

    Result<void> descend(const std::string& prefix) {
        const auto answer = ask_control(api_, copy_.state.covered_until, prefix);
        if (!answer) return tl::unexpected(answer.error());
        if (answer->epoch != copy_.state.epoch) {
            return fail(ErrorCode::gone,
                        "the API's history is another one than the copy's; run 'cvstroom mirror' first");
        }
        const auto ours = with_prefix(copy_.members, prefix);
        const auto summary = summarize(ours, prefix);
        if (summary.count == answer->whole.count && summary.digest == answer->whole.digest) return {};
        if (answer->has_cvs) {
            compare(ours, answer->cvs, differing_);
            return {};
        }
        for (const auto& bucket : answer->buckets) {
            const auto part = summarize(with_prefix(copy_.members, bucket.prefix), bucket.prefix);
            if (part.count == bucket.count && part.digest == bucket.digest) continue;
            if (auto done = descend(bucket.prefix); !done) return done;
        }
        return {};
    }

    // Asks for each that differs, with the version that is held: the copy may know better than that instant.
    Result<void> settle(bool repairs) {
        std::vector<CvApi::Wanted> wanted;
        std::unordered_set<Uuid, UuidHash> held;
        for (const auto& each : differing_) {
            wanted.push_back({each.cv, 0, each.version});
            if (each.is_held) held.insert(each.cv);
        }
        BatchBuilder builder;
        CvApi::Takers takers;
        takers.take = [&](const CvApi::Wanted& asked, CvAnswer answer) {
            const bool is_held = held.contains(asked.cv);
            if (answer.kind == CvAnswer::Kind::document && (answer.version != asked.held || asked.held == 0)) {
                report_.differences.push_back(
                    {asked.cv, is_held ? Difference::Kind::outdated : Difference::Kind::missing, asked.held});
                Put put{asked.cv, answer.version, "", std::move(answer.json), std::move(answer.flat), std::nullopt};
                put.is_repair = true;
                builder.put(std::move(put));
            } else if ((answer.kind == CvAnswer::Kind::removed || answer.kind == CvAnswer::Kind::unknown) && is_held) {
                report_.differences.push_back({asked.cv, Difference::Kind::surplus, asked.held});
                builder.remove(asked.cv, every_version);
            }
        };
        takers.give_up = [&](const CvApi::Wanted& asked, const std::string& why) {
            given_up_ = asked.cv.to_string() + ": " + why;
        };
        if (auto done = api_.documents(wanted, takers); !done) return done;
        if (!given_up_.empty()) return fail(ErrorCode::unavailable, "a CV that differs cannot be fetched", given_up_);
        if (!repairs || builder.size() == 0) return {};
        if (auto applied = sink_.apply(builder.take(copy_.state)); !applied) return tl::unexpected(applied.error());
        report_.repaired = report_.differences.size();
        return {};
    }

    CvApi& api_;
    Sink& sink_;
    CopyContents copy_;
    std::vector<Differing> differing_;
    std::string given_up_;
    VerifyReport report_;
};

}  // namespace

std::string_view name(Difference::Kind kind) {
    switch (kind) {
        case Difference::Kind::missing:
            return "missing";
        case Difference::Kind::outdated:
            return "outdated";
        case Difference::Kind::surplus:
            return "surplus";
    }
    return "missing";
}

Result<VerifyReport> verify(CvApi& api, Sink& sink, bool repairs) {
    return Verification(api, sink).run(repairs);
}

}  // namespace cvstroom::mirror
