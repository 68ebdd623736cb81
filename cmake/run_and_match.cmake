# Runs a program and fails unless it exits with 0 and its output has a line that matches each expression.
#   cmake -D COMMAND="program;argument;..." -D EXPECT="regex;regex;..." -P run_and_match.cmake
execute_process(COMMAND ${COMMAND} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
message("${output}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${COMMAND} ended with ${result}")
endif()
foreach(regex IN LISTS EXPECT)
  if(NOT output MATCHES "${regex}")
    message(FATAL_ERROR "no output matches: ${regex}")
  endif()
endforeach()
