# Language level, warnings as errors, and the flags every target shares.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# NaN must stay visible and sums must keep their order: results are compared bit for bit.
foreach(flag -ffast-math -ffinite-math-only -Ofast -funsafe-math-optimizations)
  if(" ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_RELEASE} " MATCHES " ${flag} ")
    message(FATAL_ERROR "${flag} breaks NaN detection and bitwise reproducibility; remove it from CMAKE_CXX_FLAGS")
  endif()
endforeach()

add_library(cascade_flags INTERFACE)
add_library(cascade::flags ALIAS cascade_flags)
target_compile_options(cascade_flags INTERFACE -Wall -Wextra -Wshadow -Werror -fno-math-errno -ffp-contract=off)
# Release (-O3 by CMake's default) may divide in lanes whose result is thrown away, which a floating-point trap would
# catch: the tests trap in the other build types only.
target_compile_options(cascade_flags INTERFACE $<$<CONFIG:Release>:-fno-trapping-math>)
target_compile_definitions(cascade_flags INTERFACE $<$<NOT:$<CONFIG:Release>>:CASCADE_FP_TRAPS;_GLIBCXX_ASSERTIONS>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # false alarms from GCC 12's own headers: bugs 105593 (AVX-512 intrinsics) and 105651 (string concatenation)
  target_compile_options(cascade_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds
                         -Wno-stringop-overflow)
endif()
if(CASCADE_NATIVE)
  target_compile_options(cascade_flags INTERFACE -march=native)
endif()
if(CASCADE_SANITIZE)
  # Undefined behaviour but for checks of every pointer, which the address sanitizer sees where they matter, and which
  # double the time to compile. Divisions by zero and NaN trap in the processor (CASCADE_FP_TRAPS).
  set(sanitizers address,signed-integer-overflow,shift,integer-divide-by-zero,bounds,enum,bool,unreachable,return,vla-bound)
  target_compile_options(cascade_flags INTERFACE -fsanitize=${sanitizers} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(cascade_flags INTERFACE -fsanitize=${sanitizers})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang") # it may divide ahead of a condition otherwise, which traps
    target_compile_options(cascade_flags INTERFACE -ffp-exception-behavior=maytrap)
    # A check of an address is a call, not code of its own, and less is inlined: of 14.8 s for a unit of the analysis 9.6 s
    # are left.
    target_compile_options(cascade_flags INTERFACE "SHELL:-mllvm -asan-instrumentation-with-call-threshold=0"
                           "SHELL:-mllvm -inline-threshold=50")
  endif()
endif()
