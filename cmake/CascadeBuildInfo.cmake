# Version and git state, taken at build time (not at configure time) so that an output always names the code that made it.
set(CASCADE_BUILD_INFO_DIR ${CMAKE_BINARY_DIR}/generated)
add_custom_target(cascade_git_state
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${CASCADE_BUILD_INFO_DIR}/cascade_git_state.hpp
          -DVERSION=${PROJECT_VERSION} -P ${PROJECT_SOURCE_DIR}/cmake/WriteGitState.cmake
  BYPRODUCTS ${CASCADE_BUILD_INFO_DIR}/cascade_git_state.hpp
  COMMENT "Reading the git state")
add_library(cascade_build_info INTERFACE)
add_library(cascade::build_info ALIAS cascade_build_info)
target_include_directories(cascade_build_info INTERFACE ${CASCADE_BUILD_INFO_DIR})
add_dependencies(cascade_build_info cascade_git_state)
