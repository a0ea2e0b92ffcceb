# What `cmake --install` leaves under the prefix: program, inputs, documents, the Python package, and the library with its
# headers and a package config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(data ${CMAKE_INSTALL_DATADIR}/cascade)
set(unwanted PATTERN __pycache__ EXCLUDE PATTERN "*.egg-info" EXCLUDE PATTERN .ipynb_checkpoints EXCLUDE)

install(TARGETS cascade RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY inputs DESTINATION ${data} USE_SOURCE_PERMISSIONS ${unwanted})
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff CONTRIBUTING.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} ${unwanted})
install(FILES ${CASCADE_PAPERS}/cascade.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CASCADE_PAPERS}/cascade DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

# Python: where an interpreter looks below the prefix (Debian's in /usr/local: dist-packages), else site-packages there; the
# commands find the package from anywhere.
find_program(CASCADE_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH) # see tests/CMakeLists.txt
find_program(CASCADE_PYTHON NAMES python3)
set(site lib/python3/site-packages)
set(CASCADE_SHEBANG "/usr/bin/env python3")
if(CASCADE_PYTHON)
  set(CASCADE_SHEBANG ${CASCADE_PYTHON})
  execute_process(COMMAND ${CASCADE_PYTHON} ${PROJECT_SOURCE_DIR}/cmake/python_folder.py ${CMAKE_INSTALL_PREFIX}
                  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    set(site ${found})
  endif()
endif()
set(CASCADE_PYTHON_DIR ${site} CACHE STRING "Where `cmake --install` puts the Python package, below the prefix")
install(DIRECTORY postprocess/cascade DESTINATION ${CASCADE_PYTHON_DIR} ${unwanted})
cmake_path(ABSOLUTE_PATH CASCADE_PYTHON_DIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE python_dir)
file(RELATIVE_PATH CASCADE_PYTHON_FROM_PROGRAM ${CMAKE_INSTALL_FULL_BINDIR} ${python_dir})
foreach(command report compare verify)
  set(CASCADE_COMMAND ${command})
  configure_file(packaging/command.py.in ${CMAKE_BINARY_DIR}/commands/cascade-${command} @ONLY)
  install(PROGRAMS ${CMAKE_BINARY_DIR}/commands/cascade-${command} DESTINATION ${CMAKE_INSTALL_BINDIR})
endforeach()

# The library: fields and measurements, for programs of one's own. The flags of this build stay here, but for the CPU: Eigen's
# matrices are laid out by it, and library and program must agree.
add_library(cascade_library INTERFACE)
add_library(cascade::cascade ALIAS cascade_library)
target_link_libraries(cascade_library INTERFACE cascade::solvers cascade::analysis)
foreach(name theory core solvers analysis library)
  set_target_properties(cascade_${name} PROPERTIES EXPORT_NAME ${name})
endforeach()
set_target_properties(cascade_library PROPERTIES EXPORT_NAME cascade)
target_compile_features(cascade_theory PUBLIC cxx_std_20)
target_compile_features(cascade_core PUBLIC cxx_std_20)
target_link_libraries(cascade_core PUBLIC $<INSTALL_INTERFACE:cascade::outside>)
if(CASCADE_NATIVE)
  target_compile_options(cascade_theory INTERFACE $<INSTALL_INTERFACE:-march=native>)
  target_compile_options(cascade_core INTERFACE $<INSTALL_INTERFACE:-march=native>)
endif()
if(CASCADE_SANITIZE)
  target_link_options(cascade_theory INTERFACE $<INSTALL_INTERFACE:-fsanitize=address$<COMMA>undefined>)
endif()
install(TARGETS cascade_theory cascade_core cascade_solvers cascade_analysis cascade_library EXPORT cascade-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cascade)
foreach(folder src/theory src/core solvers analysis)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cascade FILES_MATCHING PATTERN "*.hpp")
endforeach()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/cascade)
install(EXPORT cascade-targets NAMESPACE cascade:: DESTINATION ${package})
configure_package_config_file(cmake/cascade-config.cmake.in ${CMAKE_BINARY_DIR}/cascade-config.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/cascade-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/cascade-config.cmake ${CMAKE_BINARY_DIR}/cascade-config-version.cmake
        cmake/CascadeDependencies.cmake DESTINATION ${package})
