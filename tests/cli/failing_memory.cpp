// Preloaded into the program: allocations of C++ fail from the one with the number MOGUL_FAIL_FROM, until that with the
// number MOGUL_FAIL_UNTIL, counted from 0 as main() begins. MOGUL_COUNT_FILE receives how many there were.
#include <dlfcn.h>
#include <cstddef>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> g_count{0};
bool g_in_main = false;
long g_from = 0;
long g_until = 0;

long number_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? 0 : std::atol(value);
}

void* allocated(std::size_t size, std::size_t alignment) {
  const long number = g_in_main ? g_count++ : -1;
  if (number >= g_from && number < g_until) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(size == 0 ? 1 : size);
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size == 0 ? 1 : size) == 0 ? memory : nullptr;
}

void* allocated_or_thrown(std::size_t size, std::size_t alignment) {
  if (void* memory = allocated(size, alignment)) return memory;
  throw std::bad_alloc();
}

using Main = int (*)(int, char**, char**);
Main g_main = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  g_from = number_of("MOGUL_FAIL_FROM");
  g_until = number_of("MOGUL_FAIL_UNTIL");
  g_in_main = true;
  const int code = g_main(argc, argv, environment);
  g_in_main = false;
  if (const char* path = std::getenv("MOGUL_COUNT_FILE")) {
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", g_count.load());
      std::fclose(file);
    }
  }
  return code;
}

}  // namespace

void* operator new(std::size_t size) { return allocated_or_thrown(size, 1); }
void* operator new[](std::size_t size) { return allocated_or_thrown(size, 1); }
void* operator new(std::size_t size, std::align_val_t a) { return allocated_or_thrown(size, std::size_t(a)); }
void* operator new[](std::size_t size, std::align_val_t a) { return allocated_or_thrown(size, std::size_t(a)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocated(size, 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocated(size, 1); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                                 void* stack_end) {
  g_main = main;
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
