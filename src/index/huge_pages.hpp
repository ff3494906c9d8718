// Memory in huge pages, where the machine gives them: what a search reads lies far apart, and with small pages it waits
// for the tables of pages as long as for the memory.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace cvstroom::index {

inline constexpr std::size_t huge_page = std::size_t{2} << 20U;

// Advice only: without huge pages everything works, a little slower. Memory begins at a huge page's boundary; what is
// left at the end, and less than one altogether, stands in small ones.
template <typename T>
struct HugePageAllocator {
    using value_type = T;

    HugePageAllocator() = default;
    template <typename Other>
    HugePageAllocator(const HugePageAllocator<Other>&) {}  // NOLINT: as allocators are

    T* allocate(std::size_t count) {
        if (count > ~std::size_t{0} / 2 / sizeof(T)) throw std::bad_array_new_length();
        const std::size_t bytes = count * sizeof(T);
        void* memory = nullptr;
        if (posix_memalign(&memory, bytes < huge_page ? alignof(std::max_align_t) : huge_page, bytes) != 0) {
            throw std::bad_alloc();
        }
        if (bytes >= huge_page) madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t) { std::free(memory); }
    bool operator==(const HugePageAllocator&) const { return true; }
};

template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace cvstroom::index
