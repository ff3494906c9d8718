// How a command records what it gives out while a server runs: one process alone writes to an audit, so the command
// leaves its records in the folder, as a letter, and the server takes them into the chain.
//
// A letter is a file of record lines (record_line.hpp) under a code that only who knows the database's secret can make:
// its first line is the 64 digits of HMAC-SHA256(K, "cvstroom audit letter 1\n" and the lines after it).
#pragma once

#include <chrono>
#include <filesystem>
#include <span>

#include "audit/chain.hpp"
#include "audit/entry.hpp"
#include "audit/recorder.hpp"
#include "base/result.hpp"
#include "store/anchor_store.hpp"

namespace cvstroom::audit {

// Returns when the entries are durable in the audit: written here when no recorder has the folder, else taken in by the
// one that has, or here when that one goes first. Until then nothing of the CVs may be given out. unavailable when the
// recorder does not take them within `patience`; they may still have been recorded, once or not at all.
Result<void> record_beside(const std::filesystem::path& folder, const Key& key, store::AnchorStore& anchors,
                           const Clock& clock, std::span<const Entry> entries, std::chrono::milliseconds patience);

// For the process that has the recorder, now and then: takes in what was left in its folder. A letter goes when all of
// it is durable; after a crash between the two it is recorded again. One with a wrong code is put aside, and said in
// the log. Not on the recorder's thread.
Result<void> take_letters(const std::filesystem::path& folder, const Key& key, Recorder& recorder);

}  // namespace cvstroom::audit
