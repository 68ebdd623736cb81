# The warnings that our own code is compiled with; in the debug preset they are errors. gcc 12 has false ones where it
# inlines std::variant and std::string.
include_guard()

function(mogul_warn target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict>")
endfunction()
