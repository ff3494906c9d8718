find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc)
# Debian's CMake package of CRoaring does not configure, and it has no pkg-config file.
find_library(ROARING_LIBRARY roaring REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
find_path(TL_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)

# Header-only libraries as SYSTEM includes, so that -Werror judges only this project's code.
add_library(cvstroom_asio INTERFACE)
target_include_directories(cvstroom_asio SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_link_libraries(cvstroom_asio INTERFACE OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(cvstroom_asio INTERFACE BOOST_ASIO_NO_DEPRECATED)

add_library(cvstroom_cli11 INTERFACE)
target_include_directories(cvstroom_cli11 SYSTEM INTERFACE ${CLI11_INCLUDE})

if(CVSTROOM_TESTS)
  find_package(GTest REQUIRED)
endif()
