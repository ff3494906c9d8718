// Applies a batch of writes inside one transaction: decides what each is, and writes the log (DESIGN 1).
#pragma once

#include <span>
#include <vector>

#include "candidate/facts.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/control_table.hpp"
#include "store/store.hpp"

namespace cvstroom::store::sqlite {

class BatchWriter {
  public:
    // Inside a write transaction that the caller has open and will commit. `now` is the clock's.
    BatchWriter(Connection& connection, Instant now);

    WriteResult apply(const Write& write);

    // Writes the new head, if anything was logged. Returns it either way.
    Head finish();
    bool erased_anything() const { return erased_anything_; }

  private:
    // What is stored of a CV before the write.
    struct Stored {
        Seq seq = 0;  // 0: the CV never existed
        Version version = 0;
        candidate::Status status{};
        std::string digest;

        bool exists() const { return seq != 0 && status != candidate::Status::erased; }
    };

    Stored find(const Uuid& cv);
    void keep_trace(Seq superseded, const Uuid& cv);
    WriteResult log(const Write& write, const Stored& before, Effect effect);

    Connection& connection_;
    Head head_;
    Instant instant_;  // of every entry of this transaction
    ControlDelta control_;
    candidate::FactReader fact_reader_;
    bool has_logged_ = false;
    bool erased_anything_ = false;
};

}  // namespace cvstroom::store::sqlite
