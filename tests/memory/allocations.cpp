#include "memory/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

std::atomic<std::size_t> n_made = 0;
std::atomic<std::size_t> failing = kNever;

bool fails() { return failing != kNever && n_made++ == failing; }

void* allocate(std::size_t size) {
  void* memory = fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  const auto align = static_cast<std::size_t>(alignment);
  void* memory = fails() ? nullptr : std::aligned_alloc(align, (size + align - 1) / align * align);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The forms for arrays and those that do not throw call these, by the standard.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace mogul::test {

Ending with_failure(std::size_t nth, const std::function<void()>& work, std::size_t* n_allocations) {
  Ending ending = Ending::done;
  n_made = 0;
  failing = nth;
  try {
    work();
  } catch (const std::bad_alloc&) {
    ending = Ending::out_of_memory;
  } catch (...) {
    failing = kNever;
    throw;
  }
  failing = kNever;
  if (n_allocations != nullptr) *n_allocations = n_made;
  return ending;
}

}  // namespace mogul::test
