set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(CVSTROOM_TESTS "Build the tests" ON)
option(CVSTROOM_BENCHMARKS "Build the benchmarks" OFF)
option(CVSTROOM_FUZZERS "Build the fuzz targets (Clang only)" OFF)
set(CVSTROOM_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize= takes them")

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Werror)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees an overlap in "literal" + std::string that is not there (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()

if(CVSTROOM_SANITIZE)
  add_compile_options(-fsanitize=${CVSTROOM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined -g1)
  add_link_options(-fsanitize=${CVSTROOM_SANITIZE})
  # Little optimisation: the checks dominate the run, and a full build is what CI waits for. Assertions stay on.
  set(CMAKE_CXX_FLAGS_RELEASE "-O1")
  # With its checks built in, GCC 12 takes more paths for possible than there are.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(CVSTROOM_SANITIZE MATCHES thread)
    # GCC warns that its ThreadSanitizer does not model fences; none are used here, but Asio's headers name them.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
