// The files of an NDJSON copy: which lines of which files count, and how that changes all at once.
// Failures are NdjsonFault exceptions.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "mirror/state.hpp"

namespace cvstroom::mirror {

class NdjsonFault : public std::runtime_error {
  public:
    NdjsonFault(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
    ErrorCode code() const { return code_; }

  private:
    ErrorCode code_;
};

class BucketFiles {
  public:
    static constexpr std::size_t bucket_count = 256;
    using Members = std::vector<std::pair<std::string, std::string>>;

    // Makes the names in a folder durable: cvstroom::sync_folder, or what a test has in its place.
    using SyncFolder = std::function<Result<void>(const std::filesystem::path&)>;

    // Reads state.json; an empty or new folder is an empty copy. `conflict` when the folder holds something else,
    // `corrupt` when a file is shorter than state.json says.
    BucketFiles(std::filesystem::path folder, bool may_write, SyncFolder sync);

    // False once a commit failed of which the folder may have kept all or nothing: what this object says is then not to
    // be believed, and nothing can be committed; make another one, which reads the folder again.
    bool is_certain() const { return is_certain_; }

    const Members& members() const { return members_; }
    void each_line(std::size_t bucket, const std::function<void(std::string_view)>& visit) const;

    // What a commit is to change; lines come with their newline.
    struct Change {
        std::string appended;
        bool is_rewritten = false;  // then `appended` is the whole new content
    };
    // All of it or nothing: on a fault the copy is as before, unless is_certain() says otherwise. Each bucket's change
    // is asked for in its turn, so that the content of one is in memory at a time. Pre: is_certain().
    void commit(const std::set<std::size_t>& changed, const std::function<Change(std::size_t)>& change_of,
                Members members);

  private:
    struct Bucket {
        std::uint64_t serial = 0;  // of the file; 0: none yet
        std::uint64_t bytes = 0;
    };
    std::filesystem::path path_of(std::size_t bucket, std::uint64_t serial) const;
    void read_state();
    void remove_strays() const;
    void sync() const;
    std::string render(const std::array<Bucket, bucket_count>& buckets, const Members& members) const;

    std::filesystem::path folder_;
    SyncFolder sync_folder_;
    bool is_certain_ = true;
    std::array<Bucket, bucket_count> buckets_{};
    Members members_;
};

}  // namespace cvstroom::mirror
