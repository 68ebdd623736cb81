# The warnings that our own code is compiled with; in the debug preset they are errors.
include_guard()

function(mogul_warn target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
endfunction()
