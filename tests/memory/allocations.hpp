// Operator new that can be told to fail. Twin: limited_process.hpp, for what the system refuses.
#pragma once

#include <cstddef>
#include <functional>

namespace mogul::test {

/// How a call ended whose n-th allocation fails.
enum class Ending { done, out_of_memory };

/// Calls `work` while the allocation number `nth`, from 0, of all its threads fails, once.
/// @param n_allocations  receives how many there were
/// @return               `done` where none failed or nobody minded
/// @throws               what `work` throws, other than std::bad_alloc
Ending with_failure(std::size_t nth, const std::function<void()>& work, std::size_t* n_allocations = nullptr);

}  // namespace mogul::test
