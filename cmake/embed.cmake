# mogul_embed(<target> <folder> <files>...): the files become constants of <target>, namespace mogul::page_files:
# page.css is page_css (src/report/write/page_files.hpp). Run as a script, it writes the source file OUTPUT of them.
if(CMAKE_SCRIPT_MODE_FILE)
  set(source "#include \"report/write/page_files.hpp\"\n\nnamespace mogul::page_files {\n\n")
  string(REPLACE "," ";" names "${FILES}")
  foreach(name IN LISTS names)
    file(READ ${FOLDER}/${name} text)
    string(REPLACE "." "_" variable ${name})
    string(APPEND source "const std::string_view ${variable} = R\"embedded(${text})embedded\";\n")
  endforeach()
  file(WRITE ${OUTPUT} "${source}\n}  // namespace mogul::page_files\n")
  return()
endif()
include_guard()

function(mogul_embed target folder)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/page_files.cpp)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/ OUTPUT_VARIABLE paths)
  list(JOIN ARGN "," files)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/${folder} -DFILES=${files} -DOUTPUT=${output}
      -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
