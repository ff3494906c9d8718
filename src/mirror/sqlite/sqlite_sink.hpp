// A copy in an SQLite file.
//
// What is deleted is overwritten (secure_delete), and the write-ahead log is folded in and emptied after every batch
// that removed a CV: nothing of a removed person stays in the files. Another process may read meanwhile; a reader that
// keeps a transaction open delays that, and the mirror tries again with the next batch.
// A commit survives kill -9. After a power cut the file is sound and the last commits may be missing: the state is in
// the same transaction, so the mirror just goes on from there (synchronous=NORMAL).
#pragma once

#include <filesystem>
#include <memory>

#include "mirror/sink.hpp"

namespace cvstroom::mirror {

Result<std::unique_ptr<Sink>> open_sqlite_sink(const std::filesystem::path& file, Access access);

}  // namespace cvstroom::mirror
