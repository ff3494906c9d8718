// The sums of controle, kept in step with the log by the transactions that write it: 256 buckets, by the first two
// digits of the ids.
#pragma once

#include <map>

#include "store/control.hpp"
#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace cvstroom::store::sqlite {

// What one transaction changes.
class ControlDelta {
  public:
    void publish(const Uuid& cv, Version version) { bucket_of(cv).add(cv, version); }
    void withdraw(const Uuid& cv, Version version) { bucket_of(cv).remove(cv, version); }
    // Adds it all to the table.
    void write(Connection& connection);

  private:
    ControlBucket& bucket_of(const Uuid& cv);
    std::map<unsigned, ControlBucket> buckets_;  // counts below zero wrap, and come right when they are added
};

// Fills the table from what is published, when it is empty: in a new database, or one of an older format. Inside a
// write transaction.
void fill_control(Connection& connection);

// What was published when the log ended at `until`. Members are listed when they are at most `most_listed`, or when the
// prefix has all its digits. O(CVs with a prefix of two digits + changes after `until`). Inside a read transaction.
Control read_control(Connection& connection, Seq until, const IdPrefix& prefix, std::uint64_t most_listed);

}  // namespace cvstroom::store::sqlite
