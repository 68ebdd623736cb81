// Which vector instructions the kernels use here.
#pragma once

#include <string_view>

namespace mogul {

/// The instruction set that the kernels were compiled for and this processor has: "AVX3", "AVX2", "SSE4", ... as
/// Highway calls them (AVX3 is AVX-512). Results agree between instruction sets to rounding.
std::string_view instruction_set();

}  // namespace mogul
