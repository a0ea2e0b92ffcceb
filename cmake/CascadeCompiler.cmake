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
target_compile_options(cascade_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror -fno-math-errno -fno-trapping-math
                       -ffp-contract=off)
target_compile_options(cascade_flags INTERFACE $<$<CONFIG:Release>:-O3>)
if(CASCADE_NATIVE)
  target_compile_options(cascade_flags INTERFACE -march=native)
endif()
if(CASCADE_SANITIZE)
  target_compile_options(cascade_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                         -fno-omit-frame-pointer)
  target_link_options(cascade_flags INTERFACE -fsanitize=address,undefined)
endif()
