// What a sandbox needs to behave as a provider that has put a backup back (the fault `hersteld`).
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"
#include "store/store.hpp"

namespace cvstroom::api {

// A restored database with a door of its own: another epoch, and every CV as it was when the backup was taken.
// Thread-safe.
class RestoredCopy {
  public:
    virtual ~RestoredCopy() = default;
    virtual http::Handler& door() = 0;
    virtual store::Store& store() = 0;
};

class Backups {
  public:
    virtual ~Backups() = default;
    // Takes a backup of now and restores it beside the sandbox. It lives as long as this object. A moment's work for
    // each thousand CVs. unavailable when there are too many already. Thread-safe.
    virtual Result<RestoredCopy*> take() = 0;
};

}  // namespace cvstroom::api
