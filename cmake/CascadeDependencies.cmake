# Every outside library, found once; the reason for each special case stands beside it.
find_package(PkgConfig REQUIRED)
find_package(MPI REQUIRED COMPONENTS C)

# HDF5 must be built with the same MPI. Debian names that build for pkg-config; elsewhere FindHDF5 is told to prefer it
# (it takes a serial one otherwise, and its compiler wrapper fails in a path with spaces).
if("${MPI_C_LIBRARIES}" MATCHES "openmpi" AND NOT HDF5_ROOT AND NOT DEFINED ENV{HDF5_ROOT})
  pkg_check_modules(HDF5_OPENMPI QUIET IMPORTED_TARGET hdf5-openmpi)
endif()
if(HDF5_OPENMPI_FOUND)
  find_library(CASCADE_HDF5_HL hdf5_hl HINTS ${HDF5_OPENMPI_LIBRARY_DIRS} NO_DEFAULT_PATH REQUIRED) # no .pc names it
  mark_as_advanced(CASCADE_HDF5_HL)
  set(hdf5 ${CASCADE_HDF5_HL} PkgConfig::HDF5_OPENMPI)
else()
  set(HDF5_PREFER_PARALLEL TRUE)
  find_package(HDF5 REQUIRED COMPONENTS C HL)
  if(NOT HDF5_IS_PARALLEL)
    message(FATAL_ERROR "HDF5 was found without MPI support (${HDF5_INCLUDE_DIRS}). Install the parallel build "
                        "(Debian: libhdf5-openmpi-dev; Spack: hdf5+mpi; modules: hdf5-parallel) or set HDF5_ROOT.")
  endif()
  set(hdf5 ${HDF5_HL_LIBRARIES} ${HDF5_C_LIBRARIES})
endif()

pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET fftw3) # FFTW ships no CMake config
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(CLI11 REQUIRED)
find_package(GSL REQUIRED) # quantiles of Student's t and F
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)   # .npz files
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml) # XDMF headers
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto) # checksums of results
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED) # headers only, no config
find_path(NANOFLANN_INCLUDE_DIR nanoflann.hpp REQUIRED) # as well

add_library(cascade_dependencies INTERFACE)
add_library(cascade::dependencies ALIAS cascade_dependencies)
target_include_directories(cascade_dependencies SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR} ${NANOFLANN_INCLUDE_DIR}
                           ${HDF5_INCLUDE_DIRS})
# The C++ bindings of MPI are never used; without this macro their symbols are undefined at link time.
target_compile_definitions(cascade_dependencies INTERFACE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
target_link_libraries(cascade_dependencies INTERFACE MPI::MPI_C PkgConfig::FFTW3 ${hdf5} yaml-cpp fmt::fmt
                                                     nlohmann_json::nlohmann_json OpenSSL::Crypto PkgConfig::LIBZIP
                                                     PkgConfig::PUGIXML)
