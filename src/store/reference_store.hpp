// Where the code lists are kept that a provider has loaded over the shipped ones (SPEC 6).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace cvstroom::store {

// One version of one list. Versions are never changed nor removed; the newest of a name counts.
struct ListVersion {
    std::string name;           // as in the reference API
    std::uint32_t version = 0;  // 1, 2, 3, …; given by the store
    Instant loaded{};
    std::string loaded_by;
    std::uint64_t items = 0;
    Sha256 digest{};          // of the file
    bool is_shipped = false;  // back to the list that comes with the program: there is no file
};

// Thread-safe.
class ReferenceStore {
  public:
    virtual ~ReferenceStore() = default;
    // Asked last, when nothing of any process can be stored any more before the list is: what it reads of the store is
    // what the list takes effect on. It may read, not write; all writers wait for it. Its Error stores nothing.
    using LastCheck = std::function<Result<void>()>;
    // Stores the next version of list.name, durably, and returns its number; list.version is not looked at. `frame` is
    // the file, one zstd frame; empty for is_shipped. `check` may be empty.
    virtual Result<std::uint32_t> add_list(const ListVersion& list, const std::string& frame,
                                           const LastCheck& check) = 0;
    // All versions of all lists, in the order in which they were loaded.
    virtual Result<std::vector<ListVersion>> list_versions() = 0;
    // The file of a version, one zstd frame; nothing when there is no such version, or it has no file.
    virtual Result<std::optional<std::string>> list_file(const std::string& name, std::uint32_t version) = 0;
    // Rises with every version that is added, also by another process; 0 when there is none. Cheap to ask.
    virtual Result<std::uint64_t> lists_revision() = 0;
};

}  // namespace cvstroom::store
