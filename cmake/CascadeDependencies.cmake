# Every outside library, found once; the reason for each special case stands beside it.
set(HDF5_PREFER_PARALLEL TRUE)
find_package(MPI REQUIRED COMPONENTS C)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "HDF5 was found without MPI support (${HDF5_INCLUDE_DIRS}). Install the parallel build "
                      "(Debian: libhdf5-openmpi-dev; Spack: hdf5+mpi; modules: hdf5-parallel) or set HDF5_ROOT.")
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET fftw3) # FFTW ships no CMake config
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(CLI11 REQUIRED)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED) # headers only, no config

add_library(cascade_dependencies INTERFACE)
add_library(cascade::dependencies ALIAS cascade_dependencies)
target_include_directories(cascade_dependencies SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR} ${HDF5_INCLUDE_DIRS})
# The C++ bindings of MPI are never used; without this macro their symbols are undefined at link time.
target_compile_definitions(cascade_dependencies INTERFACE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
target_link_libraries(cascade_dependencies INTERFACE MPI::MPI_C PkgConfig::FFTW3 ${HDF5_C_LIBRARIES} yaml-cpp fmt::fmt
                                                     nlohmann_json::nlohmann_json)
