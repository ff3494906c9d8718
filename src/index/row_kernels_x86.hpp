// The forms for x86-64; null where the processor, or the architecture, has no such instructions.
#pragma once

#include "index/row_kernels.hpp"

namespace cvstroom::index {

const RowKernels* bmi2_row_kernels();
const RowKernels* avx512_row_kernels();  // F, BW, VBMI and VBMI2

}  // namespace cvstroom::index
