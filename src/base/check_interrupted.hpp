// The question that long work asks: whether its caller wants it to end. See base/interruption.hpp.
#pragma once

#include <cstddef>
#include <limits>

namespace mogul {

/// Called within long work, at least every few milliseconds, on the thread that was called or on one of a pool.
/// @param work    multiplications since the last call, about: the clock is looked at once there were many
/// @throws        interrupted_error if the caller wants the work to end
void check_interrupted(std::size_t work = std::numeric_limits<std::size_t>::max());

/// Loops over single rows ask after so many, which takes a millisecond at most unless there are many features.
inline constexpr std::size_t kRowsPerCheck = 4096;

}  // namespace mogul
