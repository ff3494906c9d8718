// Numbers strings in the order in which they first come. For the builder of free text, which looks up every text of
// every CV: a table of hashes in one piece of memory, and the characters in large pieces of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace cvstroom::index {

// Used by one thread. Strings are copied; views of the copies are valid as long as this is.
class StringNumbers {
  public:
    // The string's number, and whether it is new. O(length), on average.
    std::pair<std::uint32_t, bool> add(std::string_view string);

    std::string_view operator[](std::uint32_t number) const { return strings_[number]; }
    std::size_t size() const { return strings_.size(); }

  private:
    struct Slot {
        std::uint32_t hash = 0;    // the upper half: the lower one says where the slot is
        std::uint32_t number = 0;  // and 1; 0: the slot is free
    };

    std::string_view copy(std::string_view string);
    void grow();

    std::vector<Slot> slots_;  // a power of two of them, or none; at most half are taken
    std::vector<std::string_view> strings_;
    std::vector<std::uint64_t> hashes_;  // by number: for the next table
    std::vector<std::unique_ptr<char[]>> pieces_;
    std::size_t left_ = 0;  // of the last piece
};

}  // namespace cvstroom::index
