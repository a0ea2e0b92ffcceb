# Manual page and completion, made from the parameter tables by a program of their own: it asks what `cascade` answers, but
# without MPI, which may not start where things are built.
include(GNUInstallDirs)
file(RELATIVE_PATH inputs_from_program ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_DATADIR}/cascade/inputs)
set_source_files_properties(src/app/input/input_names.cpp PROPERTIES COMPILE_DEFINITIONS
                            CASCADE_INPUTS_FROM_PROGRAM="${inputs_from_program}")

add_executable(cascade_papers src/app/reference/main.cpp)
target_link_libraries(cascade_papers PRIVATE cascade::app)

set(CASCADE_PAPERS ${CMAKE_BINARY_DIR}/papers)
file(MAKE_DIRECTORY ${CASCADE_PAPERS})
add_custom_command(OUTPUT ${CASCADE_PAPERS}/cascade.1 ${CASCADE_PAPERS}/cascade
  COMMAND ${CMAKE_COMMAND} -E env CASCADE_INPUTS=${PROJECT_SOURCE_DIR}/inputs
          $<TARGET_FILE:cascade_papers> --man > ${CASCADE_PAPERS}/cascade.1
  COMMAND ${CMAKE_COMMAND} -E env CASCADE_INPUTS=${PROJECT_SOURCE_DIR}/inputs
          $<TARGET_FILE:cascade_papers> --completion bash > ${CASCADE_PAPERS}/cascade
  DEPENDS cascade_papers VERBATIM COMMENT "Manual page and completion")
add_custom_target(papers ALL DEPENDS ${CASCADE_PAPERS}/cascade.1 ${CASCADE_PAPERS}/cascade)
