# What makes a bug of ours harder to use for an attacker, where it costs no time that can be measured: canaries on the
# stack, checked calls of the C library, tables that are read-only once the program has begun. Not
# _GLIBCXX_ASSERTIONS: with it small fits and the reading of CSV execute 2 to 3 % more instructions (callgrind); the
# sanitizers of ./dev check run over the tests instead.
include_guard()

function(mogul_harden target)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")  # the sanitizers check more, and -D_FORTIFY_SOURCE hides calls from them
    return()
  endif()
  set(optimised $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
  target_compile_options(${target} PRIVATE -fstack-protector-strong
    "$<${optimised}:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
  target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now)
endfunction()
