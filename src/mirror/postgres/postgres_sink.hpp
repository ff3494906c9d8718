// A copy in PostgreSQL (12 or newer), in the schema cv_mirror of the database that the connection names.
//
// A batch is one transaction: looked up at once, deleted and copied in (COPY) table by table. An advisory lock keeps a
// second mirror out. What is deleted stays on PostgreSQL's disk until it is vacuumed and overwritten, and in its
// write-ahead log and backups for as long as those are kept: docs/mirror.md says what to set.
#pragma once

#include <memory>
#include <string>

#include "mirror/sink.hpp"

namespace cvstroom::mirror {

Result<std::unique_ptr<Sink>> open_postgres_sink(const std::string& target, Access access);

}  // namespace cvstroom::mirror
