#include "core/talk/build_info.hpp"

#include "cascade_git_state.hpp"

#include <fftw3.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <mpi.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

#ifndef CASCADE_YAML_CPP_VERSION // yaml-cpp's headers do not say; the build system does
#define CASCADE_YAML_CPP_VERSION "unknown"
#endif

namespace cascade::core {

namespace {

/// "Open MPI v4.1.4" out of the library's longer self-description.
std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string all(text, static_cast<std::size_t>(length));
  return all.substr(0, all.find_first_of(",\n"));
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

} // namespace

std::string BuildInfo::git() const {
  return git_commit + (git_dirty ? " (modified)" : "");
}

BuildInfo build_info() {
  return {
    CASCADE_VERSION, CASCADE_GIT_COMMIT, CASCADE_GIT_DIRTY,
#if defined(__clang__)
        "Clang " __clang_version__,
#else
        "GCC " __VERSION__,
#endif
    {
      {"MPI", mpi_version()}, {"HDF5", hdf5_version()}, {"FFTW", fftw_version}, {"yaml-cpp", CASCADE_YAML_CPP_VERSION},
          {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)}, {
        "nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                     NLOHMANN_JSON_VERSION_PATCH)
      }
    }
  };
}

} // namespace cascade::core
