#include "index/memory_block.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "index/huge_pages.hpp"

namespace cvstroom::index {

MemoryBlock::MemoryBlock(std::size_t size) : size_(size) {
    const std::size_t boundary = size >= huge_page ? huge_page : alignment;
    const std::size_t rounded = (size + alignment) / alignment * alignment;
    data_.reset(static_cast<std::byte*>(std::aligned_alloc(boundary, (rounded + boundary - 1) / boundary * boundary)));
    if (!data_) throw std::bad_alloc();
    // Advice only: without huge pages everything works, a little slower.
    if (boundary == huge_page) madvise(data_.get(), rounded, MADV_HUGEPAGE);
    std::memset(data_.get(), 0, rounded);
}

}  // namespace cvstroom::index
