# Registers the conformance suite's tests of an implementation with ctest.
#
#   find_package(freethreading REQUIRED COMPONENTS conformance)
#   add_executable(my-driver my_driver.cpp)
#   target_link_libraries(my-driver PRIVATE freethreading::conformance_kit)
#   freethreading_add_conformance(my-library DRIVER my-driver BACKENDS threading)
#
# and then `ctest -L conformance`, `ctest -L '^LOCK-2$'`, `ctest -L '^Barrier$'`.

# freethreading_add_conformance(<name>
#     DRIVER <target> | DRIVER <program> [<argument>...]
#     [BACKENDS <backend>...]         both by default
#     [EXPECTATIONS <file>...]        what must fail
#     [VARIANT <name>]                of the driver, for reports and labels: plain, tsan, ...
#     [SEED <number>]                 1 by default; RANDOM: a fresh one in each run
#     [EFFORT <factor>]               how often scenarios that need repetition are run; 1 by default
#     [FILTER <pattern>]              of GoogleTest; all tests by default
#     [RECOMMENDATIONS]               what is only recommended must hold as well
#     [BY_SUITE]                      a test of ctest for each suite, with the labels of all that is in it: for a
#                                     driver that takes long to start
#     [LABELS <label>...]             conformance by default
#     [TIMEOUT <seconds>]             of one test; 300 by default
#     [ENVIRONMENT_MODIFICATION <name=operation:value>...])   as ctest's property
#
# Each test is <name>.<backend>.<Suite>.<Name>, or <name>.<backend>.<variant>.<Suite>.<Name>, without <Name> if
# BY_SUITE, with the labels given, its backend, its variant, its suite - a name of the API - and its requirement.
# An implementation that lacks what a test needs has it skipped: its verdict is "unsupported".
# What the tests are is asked of the suite whenever ctest runs.
function(freethreading_add_conformance name)
  cmake_parse_arguments(
    PARSE_ARGV 1 arg "RECOMMENDATIONS;BY_SUITE" "VARIANT;SEED;EFFORT;FILTER;TIMEOUT"
    "DRIVER;BACKENDS;EXPECTATIONS;LABELS;ENVIRONMENT_MODIFICATION"
  )
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "freethreading_add_conformance(${name}): \"${arg_UNPARSED_ARGUMENTS}\" is not an option")
  endif()
  if(NOT arg_DRIVER)
    message(FATAL_ERROR "freethreading_add_conformance(${name}): which DRIVER?")
  endif()
  foreach(default IN ITEMS "SEED=1" "EFFORT=1" "FILTER=*" "LABELS=conformance" "TIMEOUT=300")
    string(REGEX MATCH "(.*)=(.*)" ignored "${default}")
    if(NOT DEFINED arg_${CMAKE_MATCH_1})
      set(arg_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endif()
  endforeach()
  if(NOT arg_BACKENDS)
    set(arg_BACKENDS threading multiprocessing)
  endif()

  list(POP_FRONT arg_DRIVER program)
  if(TARGET ${program})
    set(program "$<TARGET_FILE:${program}>")
  endif()
  list(PREPEND arg_DRIVER "${program}")

  set(options --ctest --effort ${arg_EFFORT})
  if(NOT arg_SEED STREQUAL "RANDOM")
    list(APPEND options --seed ${arg_SEED})
  endif()
  set(variant_infix "")
  if(arg_VARIANT)
    list(APPEND options --variant ${arg_VARIANT})
    set(variant_infix ".${arg_VARIANT}")
  endif()
  foreach(file IN LISTS arg_EXPECTATIONS)
    get_filename_component(file "${file}" ABSOLUTE)
    list(APPEND options --expectations "${file}")
  endforeach()

  set(by_suite "")
  if(arg_BY_SUITE)
    set(by_suite BY_SUITE)
  endif()
  set(failure "Running 0 tests")
  if(arg_RECOMMENDATIONS)
    list(APPEND failure "[0-9] not as recommended")
  endif()
  set(runner "$<TARGET_FILE:freethreading::conformance_runner>")
  foreach(backend IN LISTS arg_BACKENDS)
    set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}.${backend}${variant_infix}.cmake")
    file(
      GENERATE
      OUTPUT "${script}"
      CONTENT
        "include([==[${FREETHREADING_CONFORMANCE_DISCOVERY}]==])
freethreading_discover_conformance_tests(
  PREFIX [==[${name}.${backend}${variant_infix}.]==]
  RUNNER [==[${runner}]==]
  FILTER [==[${arg_FILTER}]==]
  TIMEOUT [==[${arg_TIMEOUT}]==]
  FAILURE [==[${failure}]==]
  LABELS [==[${arg_LABELS};${backend};${arg_VARIANT}]==]
  ENVIRONMENT_MODIFICATION [==[${arg_ENVIRONMENT_MODIFICATION}]==]
  DRIVER [==[${arg_DRIVER}]==]
  OPTIONS [==[--backend;${backend};${options}]==]
  ${by_suite}
)
"
    )
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
  endforeach()
endfunction()

set(FREETHREADING_CONFORMANCE_DISCOVERY
    "${CMAKE_CURRENT_LIST_DIR}/FreethreadingConformanceDiscovery.cmake"
    CACHE INTERNAL "The script that ctest runs"
)
