# cvstroom_room(NAME SOURCES file... [USES room...] [LIBRARIES target...])
# One static library a room. USES may only name rooms that stand lower in the house (see ARCHITECTURE.md).
function(cvstroom_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(cvstroom_${NAME} STATIC ${ROOM_SOURCES})
  target_include_directories(cvstroom_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND cvstroom_)
  target_link_libraries(cvstroom_${NAME} PUBLIC ${ROOM_USES} ${ROOM_LIBRARIES})
endfunction()

# What test programs are told: where the sources are and, with PROGRAM, the cvstroom program.
function(cvstroom_test_definitions NAME WITH_PROGRAM)
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${NAME} PRIVATE CVSTROOM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(WITH_PROGRAM)
    target_compile_definitions(${NAME} PRIVATE CVSTROOM_PROGRAM="$<TARGET_FILE:cvstroom>")
    add_dependencies(${NAME} cvstroom)
  endif()
endfunction()

# cvstroom_test_support(NAME SOURCES file... USES room... [LIBRARIES target...] [PROGRAM])
# What several test programs share, compiled once. They name it among their LIBRARIES. PROGRAM: as for a test.
function(cvstroom_test_support NAME)
  cmake_parse_arguments(SUPPORT "PROGRAM" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${NAME} STATIC ${SUPPORT_SOURCES})
  target_compile_options(${NAME} PRIVATE -O1)
  list(TRANSFORM SUPPORT_USES PREPEND cvstroom_)
  target_link_libraries(${NAME} PUBLIC ${SUPPORT_USES} ${SUPPORT_LIBRARIES} GTest::gtest)
  cvstroom_test_definitions(${NAME} "${SUPPORT_PROGRAM}")
endfunction()

# cvstroom_test(NAME SOURCES file... USES room... [LIBRARIES target...] [TIMEOUT seconds] [PROGRAM])
# One GoogleTest program; each of its tests is a test of CTest. PROGRAM: its tests start the cvstroom program,
# whose path they find in CVSTROOM_PROGRAM.
function(cvstroom_test NAME)
  cmake_parse_arguments(TEST "PROGRAM" "TIMEOUT" "SOURCES;USES;LIBRARIES" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  add_executable(${NAME} ${TEST_SOURCES})
  target_compile_options(${NAME} PRIVATE -O1)  # what is tested is optimised; the tests need not be
  list(TRANSFORM TEST_USES PREPEND cvstroom_)
  target_link_libraries(${NAME} PRIVATE ${TEST_USES} ${TEST_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
  cvstroom_test_definitions(${NAME} "${TEST_PROGRAM}")
  include(GoogleTest)
  gtest_discover_tests(${NAME} TEST_PREFIX "${NAME}: " PROPERTIES TIMEOUT ${TEST_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()
