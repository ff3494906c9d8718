// Gathers what is known of CVs into one transaction, in which each stands once: what was said last counts (pitfall 34).
#pragma once

#include <cstddef>
#include <unordered_map>

#include "mirror/cv_api.hpp"
#include "mirror/sink.hpp"

namespace cvstroom::mirror {

class BatchBuilder {
  public:
    void put(Put put);
    void remove(const Uuid& cv, Version version);
    void mark(const Uuid& cv);
    // What is held of it stays as it is, marked as seen.
    void cannot_learn(const Uuid& cv, std::string reason);
    // It was not known before, and now it is.
    void resolve(const Uuid& cv) { resolved_.push_back(cv); }

    std::size_t size() const { return entries_.size(); }
    std::size_t bytes() const { return bytes_; }
    // Leaves the builder empty.
    Batch take(const State& state);

  private:
    struct Entry {
        enum class Kind { put, removal, mark } kind{};
        Put put;
        Version version = 0;
        std::string unresolved;
    };
    Entry& entry(const Uuid& cv);

    std::vector<std::pair<Uuid, Entry>> entries_;
    std::unordered_map<Uuid, std::size_t, UuidHash> places_;
    std::vector<Uuid> resolved_;
    std::size_t bytes_ = 0;
};

}  // namespace cvstroom::mirror
