// A block of memory that a segment stands in: aligned for vector loads, and on huge pages where it is large.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

namespace cvstroom::index {

class MemoryBlock {
  public:
    static constexpr std::size_t alignment = 64;

    MemoryBlock() = default;
    // All bytes are 0.
    explicit MemoryBlock(std::size_t size);

    std::size_t size() const { return size_; }
    std::span<std::byte> bytes() { return {data_.get(), size_}; }
    std::span<const std::byte> bytes() const { return {data_.get(), size_}; }

  private:
    struct Free {
        void operator()(std::byte* data) const { std::free(data); }
    };
    std::unique_ptr<std::byte, Free> data_;
    std::size_t size_ = 0;
};

}  // namespace cvstroom::index
