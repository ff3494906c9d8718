// The life of a sandbox: which of its CVs changes next, and how.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/uuid.hpp"
#include "sandbox/generator.hpp"
#include "sandbox/random.hpp"

namespace cvstroom::sandbox {

enum class ChangeKind {
    edit,        // a new job, other wishes, another address, a language level
    withdraw,    // GESLOTEN
    publish,     // OPEN again, as it was
    erase,       // VERWIJDERD
    add,         // a CV that never was
    bring_back,  // a CV that was erased: its version goes on counting (pitfall 34)
};

std::string_view name(ChangeKind kind);  // "edit"

struct Step {
    std::uint64_t number = 0;  // the first is 1
    ChangeKind kind{};
    Uuid cv;
    std::string document;  // the whole new document; for an erasure the tombstone
};

// Deterministic: the same generator, number of CVs and seed give the same steps, so that a partner's failed run can be
// run again. About one CV in five is one that changed a moment ago, as when people save twice. An edit now and then
// changes nothing, as saving a form does: the store sees no change then. Of a hundred steps some 74 are edits, 9
// withdrawals, 7 publications, 5 new CVs, 4 erasures and 1 return of an erased CV. Touches generated CVs only, never
// those of the API's description; so the description's search keeps its answer (generator.hpp).
// Not thread-safe. Memory: 8 bytes a CV, and some 100 more for each that ever changed.
class History {
  public:
    // `cvs`: the generator's documents 0 to cvs - 1 are there, all OPEN. `generator` must outlive the history.
    History(const Generator& generator, std::uint64_t cvs, std::uint64_t seed);

    // How many steps were taken or skipped.
    std::uint64_t taken() const { return taken_; }

    Step next();

    // As calling next() that many times; a million takes well under a second.
    void skip(std::uint64_t steps);

  private:
    struct Decision {
        ChangeKind kind;
        std::uint64_t candidate;
    };

    Decision decide();
    Decision change_one(Random& random);
    std::uint64_t pick_published(Random& random);
    std::uint64_t take(std::vector<std::uint64_t>& from, Random& random);
    void edit(std::uint64_t candidate, Random& random);

    const Generator& generator_;
    const std::uint64_t seed_;
    std::uint64_t taken_ = 0;
    std::uint64_t next_candidate_;
    std::vector<std::uint64_t> published_;  // numbers of CVs, in the order of chance
    std::vector<std::uint64_t> withdrawn_;
    std::vector<std::uint64_t> erased_;
    std::unordered_map<std::uint64_t, Revision> revisions_;  // of the CVs that ever changed
    std::array<std::uint64_t, 16> recent_{};                 // the last that were edited or added, in a ring
    std::size_t recent_count_ = 0;
};

}  // namespace cvstroom::sandbox
