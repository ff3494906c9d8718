// The rights of the person whose CV it is (GDPR articles 15 and 17): all that is held of it and all who received it;
// and its erasure from every file. For the provider's door and the command line alike.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "api/call.hpp"

namespace cvstroom::api {

struct PersonExport {
    std::string json;
    // The version that it shows, to be recorded before it is given to anybody; nothing of an erased CV.
    std::optional<store::Version> disclosed;
};

// One JSON object: cvId, status, the document while there is one, the log's entries with the codes that are kept
// of superseded versions, and who received it. not_found
// when the id never existed. Reads the whole audit: some 1 GB a second.
Result<PersonExport> export_person(store::Store& store, const std::filesystem::path& audit_folder, const Uuid& cv);

struct Erasure {
    store::WriteResult result;
    bool is_scrubbed = false;  // false: a reader still holds an old state; the next erasure, or another try, clears it
    bool is_purged = false;    // false: the search index still has the id and codes; within ten minutes it has not
};

// Removes what stands of CVs erased up to `seq` in the search index and its saved files; false when that takes longer
// than it may be waited for. Waits some seconds at most.
using PurgeIndex = std::function<Result<bool>(store::Seq seq)>;

// Erases the document and makes sure that nothing of it is left in the store's files and the index. The tombstone
// stays, and partners are told through the feed. Erasing again scrubs and purges again. not_found when the id never
// existed.
Result<Erasure> erase_person(store::Store& store, const Uuid& cv, Date today, const PurgeIndex& purge);

// GET and DELETE /beheer/v1/personen/{id}.
http::Response get_person(const Call& call, const Services& services, const std::filesystem::path& audit_folder,
                          std::string_view id);
http::Response delete_person(const Call& call, const Services& services, const PurgeIndex& purge, std::string_view id);

}  // namespace cvstroom::api
