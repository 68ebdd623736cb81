# The warnings that our own code is compiled with; in the debug preset they are errors. gcc 12 has false ones where it
# inlines std::variant and std::string.
include_guard()

function(mogul_warn target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict>")
endfunction()

# clang's -Wconversion, unlike that of gcc, tells of signs too: of every small int that a test gives as a size.
function(mogul_warn_tests target)
  mogul_warn(${target})
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>")
endfunction()
