# The warnings that our own code is compiled with, but not by pip; in the debug preset they are errors. gcc 12 warns of
# std::variant and std::string where it inlines them; the sanitizers of ./dev check see what is not initialised.
include_guard()

function(mogul_warn target)
  if(SKBUILD)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
endfunction()
