// The forms for x86-64; null where the processor, or the architecture, has no such instructions.
#pragma once

#include "search/bit_kernels.hpp"

namespace cvstroom::search {

const BitKernels* avx2_kernels();
const BitKernels* avx512_kernels();  // F and VPOPCNTDQ

}  // namespace cvstroom::search
