// The store in one SQLite file (WAL, synchronous=FULL): the embedded default (DESIGN 2).
#pragma once

#include <filesystem>
#include <memory>

#include "store/anchor_store.hpp"
#include "store/partner_store.hpp"
#include "store/reference_store.hpp"
#include "store/store.hpp"

namespace cvstroom::store {

class SqliteStore : public Store, public PartnerStore, public ReferenceStore, public AnchorStore {
  public:
    enum class Mode { open_existing, create_if_missing };

    // Opens the file. Errors: not_found (open_existing and no file), io, corrupt (not a cvstroom database, or one of
    // a newer version: the message says which). Several processes may have the same file open; SQLite's own lock
    // makes their writes one sequence. `clock` must outlive the store.
    static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& file, Mode mode, const Clock& clock);
};

}  // namespace cvstroom::store
