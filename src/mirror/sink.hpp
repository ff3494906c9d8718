// A partner's copy: where a mirror writes. Data and state change together or not at all.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "mirror/flat_cv.hpp"
#include "mirror/state.hpp"

namespace cvstroom::mirror {

// Of a CV, rising with every change of it. From the source, or counted here where the source has none.
using Version = std::uint64_t;
using DocumentDigest = std::array<std::uint8_t, 16>;

// A document to hold. It is stored when it is newer than what is held, or when what is held is not to be trusted.
struct Put {
    Uuid cv;
    Version version = 0;
    std::string changed_at;  // the source's instant of the change; empty when it gives none
    std::string json;
    FlatCv flat;
    std::optional<DocumentDigest> digest;  // where versions are counted here (seed profile)
    bool is_repair = false;                // stored even when the version is held already
};

// Removed unless a newer version is held.
struct Removal {
    Uuid cv;
    Version version = 0;
};
inline constexpr Version every_version = UINT64_MAX;
// Of what is held of another history: every version is newer.
inline constexpr Version unknown_version = 0;

// A CV that could not be learnt. What is held of it stays; it is asked again in every pass until it is known.
struct Unresolved {
    Uuid cv;
    std::string reason;
};

struct Held {
    Uuid cv;
    Version version = 0;
    std::uint64_t generation = 0;
    std::optional<DocumentDigest> digest;
};

// One transaction. A CV stands at most once in puts, removals and marks together (Pre; see BatchBuilder).
struct Batch {
    std::vector<Put> puts;
    std::vector<Removal> removals;
    // Held already and seen in this generation. Seeing proves that the CV is there, and nothing about the document that
    // is held: where that is not to be trusted (State::trusted_generation) its version becomes unknown_version.
    std::vector<Uuid> marks;
    std::vector<Unresolved> unresolved;
    std::vector<Uuid> resolved;
    // A complete listing ends: every row that was not seen in state.generation is removed.
    bool is_end_of_listing = false;
    State state;  // what holds after this batch
};

struct Applied {
    std::uint64_t created = 0;
    std::uint64_t updated = 0;
    std::uint64_t removed = 0;
};

// Errors: `conflict` when the target holds something else, `refused` without the rights, `io` when it is full or
// broken. After any error the copy is as it was before the call; but where the target failed in the midst of keeping a
// batch, it may be as after it, and what is asked next tells which. One thread at a time.
class Sink {
  public:
    virtual ~Sink() = default;

    virtual Result<State> state() = 0;
    virtual Result<Applied> apply(const Batch& batch) = 0;
    // What is held of these, in any order; those not held are left out. Pre: opened read_write.
    virtual Result<std::vector<Held>> held(std::span<const Uuid> cvs) = 0;
    // Everything that is held, ascending by id.
    virtual Result<void> visit(const std::function<void(const Held&)>& visitor) = 0;
    virtual Result<std::optional<std::string>> document(const Uuid& cv) = 0;
    virtual Result<std::vector<Unresolved>> unresolved() = 0;
    virtual Result<std::uint64_t> count() = 0;
    // Called before a first listing into an empty copy, and after its end: what is quicker built at once (indexes).
    virtual Result<void> begin_bulk_load() { return {}; }
    virtual Result<void> end_bulk_load() { return {}; }
    // Removes rows of the flat tables that belong to no CV, as somebody leaves them who deletes from these tables by
    // hand; returns of how many CVs there were some. Pre: opened read_write.
    virtual Result<std::uint64_t> remove_orphans() { return std::uint64_t{0}; }
    // Removes what deleted data left behind in the target's files, where that is not done with every batch.
    virtual Result<void> scrub() { return {}; }
};

enum class Access { read_write, read_only };

// "sqlite:FILE", "postgresql://…" or "ndjson:DIR". Makes what is not there (read_write), refuses what is something
// else. read_write holds a lock until the sink is destroyed: a copy has one mirror at a time.
Result<std::unique_ptr<Sink>> open_sink(const std::string& target, Access access);

}  // namespace cvstroom::mirror
