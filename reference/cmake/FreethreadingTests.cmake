# Test programs, registered once per backend and variant.

include(GoogleTest)
include(FreethreadingTestProperties)

# The closed list of kinds of tests. A test's other labels are its backend, its variant and the id of
# its requirement. Ids and names may contain one another: anchor them, as in `ctest -L '^SEM-1$'`.
set(FREETHREADING_TEST_KINDS conformance property stress fault mutants fuzz bench unit example browser example-driver)

# freethreading_list_runs(<out> VARIANTS <variant>... [BACKENDS <backend>...] [WORKER_PROCESSES])
#
# The ways one program is tested, as elements "<backend>|<variant>|<suffix of the program>".
# `arena-threads` is the multiprocessing backend with threads for workers, the only way in which a
# race detector sees all sides of what happens in the arena; it runs the tsan program if there is one.
# WORKER_PROCESSES: only where workers are processes.
function(freethreading_list_runs out)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WORKER_PROCESSES" "" "VARIANTS;BACKENDS")
  if(arg_WORKER_PROCESSES)
    set(arg_BACKENDS multiprocessing)
  elseif(NOT arg_BACKENDS)
    set(arg_BACKENDS threading multiprocessing)
  endif()
  set(runs "")
  foreach(variant IN LISTS arg_VARIANTS)
    freethreading_variant_suffix(suffix ${variant})
    foreach(backend IN LISTS arg_BACKENDS)
      list(APPEND runs "${backend}|${variant}|${suffix}")
    endforeach()
  endforeach()
  if(multiprocessing IN_LIST arg_BACKENDS AND NOT arg_WORKER_PROCESSES)
    foreach(variant IN ITEMS tsan plain asan)
      if(variant IN_LIST arg_VARIANTS)
        freethreading_variant_suffix(suffix ${variant})
        list(APPEND runs "multiprocessing|arena-threads|${suffix}")
        break()
      endif()
    endforeach()
  endif()
  set(${out} ${runs} PARENT_SCOPE)
endfunction()

# freethreading_add_test_program(<stem> [SOURCES <file>...] [LIBRARIES <target>...]
#                                [BACKENDS <backend>... | WORKER_PROCESSES] [LABELS <kind>...]
#                                [VARIANTS <variant>...] [TIMEOUT <seconds>] [SERIAL] [OPTIMIZED]
#                                [SEQUENTIAL])
#
# Builds a GoogleTest program in every variant (or in those given) and registers each of its tests for every backend and
# variant as <area>.<backend>.<variant>.<Suite>.<Name>, where the area is the top folder's name.
# SOURCES defaults to <stem>.cpp, LABELS to unit, BACKENDS to both, TIMEOUT to 120. SERIAL tests run alone.
# The programs are not optimized unless OPTIMIZED; see freethreading_add_programs. SEQUENTIAL: nothing in it is
# concurrent, and sanitizers find on the one backend what there is on the other.
function(freethreading_add_test_program stem)
  cmake_parse_arguments(
    PARSE_ARGV 1 arg "SERIAL;WORKER_PROCESSES;OPTIMIZED;SEQUENTIAL" "TIMEOUT" "SOURCES;LIBRARIES;BACKENDS;LABELS;VARIANTS"
  )
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "freethreading_add_test_program(${stem}): ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${stem}.cpp)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_VARIANTS)
    set(arg_VARIANTS ${FREETHREADING_VARIANTS})
  endif()
  set(variants "")
  foreach(variant IN LISTS arg_VARIANTS)
    if(variant IN_LIST FREETHREADING_VARIANTS)
      list(APPEND variants ${variant})
    endif()
  endforeach()
  if(NOT variants)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  foreach(label IN LISTS arg_LABELS)
    if(NOT label IN_LIST FREETHREADING_TEST_KINDS)
      message(FATAL_ERROR "${stem}: \"${label}\" is not one of ${FREETHREADING_TEST_KINDS}")
    endif()
  endforeach()
  if(arg_SERIAL)
    set(serial SERIAL)
  endif()
  if(arg_WORKER_PROCESSES)
    set(worker_processes WORKER_PROCESSES)
  endif()
  if(NOT arg_OPTIMIZED)
    set(speed UNOPTIMIZED)
  endif()

  freethreading_add_programs(
    ${stem} SOURCES ${arg_SOURCES} LIBRARIES freethreading_test_main ${arg_LIBRARIES}
    VARIANTS ${variants} ${speed}
  )

  file(RELATIVE_PATH area "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" area "${area}")

  freethreading_list_runs(runs VARIANTS ${variants} BACKENDS ${arg_BACKENDS} ${worker_processes})
  if(arg_SEQUENTIAL)
    list(FILTER runs EXCLUDE REGEX "^multiprocessing\\|(tsan|asan|arena-threads)\\|")
  endif()
  foreach(run IN LISTS runs)
    string(REPLACE "|" ";" run "${run}")
    list(POP_FRONT run backend variant suffix)
    set(list_of_tests ${stem}_${backend}_${variant})
    gtest_discover_tests(
      ${stem}${suffix}
      TEST_PREFIX ${area}.${backend}.${variant}.
      TEST_LIST ${list_of_tests}
      NO_PRETTY_TYPES NO_PRETTY_VALUES
      DISCOVERY_MODE PRE_TEST
      DISCOVERY_TIMEOUT 60
    )
    freethreading_set_properties_when_discovered(
      ${list_of_tests} BACKEND ${backend} VARIANT ${variant} TIMEOUT ${arg_TIMEOUT} ${serial}
      LABELS ${arg_LABELS}
    )
  endforeach()
endfunction()

# freethreading_add_unit_test_program(<stem> SOURCES <file>... [LIBRARIES <target>...])
#
# Builds a GoogleTest program of what has no backends and no variants, a checker say, and registers
# each of its tests as <area>.<Suite>.<Name>.
function(freethreading_add_unit_test_program stem)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  freethreading_add_programs(
    ${stem} SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES} GTest::gmock GTest::gtest_main
    VARIANTS plain UNOPTIMIZED
  )
  file(RELATIVE_PATH area "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" area "${area}")
  gtest_discover_tests(
    ${stem}
    TEST_PREFIX ${area}.
    NO_PRETTY_TYPES NO_PRETTY_VALUES
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 300
  )
endfunction()

# freethreading_add_bench_program(<stem> SOURCES <file>... [LIBRARIES <target>...] [SMOKE <regex>])
#
# Builds a Google Benchmark program, where Google Benchmark is installed, and registers one brief run of
# it as bench.<stem>. Nothing is judged by time. SMOKE picks the benchmarks of that run, "." by default;
# "-regex" leaves some out.
function(freethreading_add_bench_program stem)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SMOKE" "SOURCES;LIBRARIES")
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    message(STATUS "${stem}: not built, since Google Benchmark is not installed (libbenchmark-dev)")
    return()
  endif()
  if(NOT arg_SMOKE)
    set(arg_SMOKE .)
  endif()
  add_executable(${stem} ${arg_SOURCES})
  freethreading_configure_target(${stem} plain)
  target_link_libraries(${stem} PRIVATE ${arg_LIBRARIES} benchmark::benchmark)
  add_test(NAME bench.${stem} COMMAND ${stem} --benchmark_min_time=0.001 --benchmark_filter=${arg_SMOKE})
  set_tests_properties(
    bench.${stem} PROPERTIES LABELS bench TIMEOUT 300
                             FAIL_REGULAR_EXPRESSION "ERROR OCCURRED;Failed to match any benchmarks"
  )
endfunction()

# freethreading_set_properties_when_discovered(<list of tests> <as freethreading_set_test_properties>)
#
# gtest_discover_tests(PROPERTIES LABELS "a;b") keeps the first label only. ctest reads this script
# after the one that discovers the tests.
function(freethreading_set_properties_when_discovered list_of_tests)
  string(JOIN " " properties ${ARGN})
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${list_of_tests}_properties.cmake")
  file(
    GENERATE
    OUTPUT "${script}"
    CONTENT
      "include(\"${PROJECT_SOURCE_DIR}/reference/cmake/FreethreadingTestProperties.cmake\")
freethreading_set_discovered_test_properties(\"\${${list_of_tests}}\" ${properties})
"
  )
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()

set(FREETHREADING_SEED
    1
    CACHE STRING "Seed of the conformance tests; empty: a fresh one in every run"
)

set(FREETHREADING_EFFORT
    100
    CACHE STRING "How often the conformance tests repeat what needs repetition, in percent of what is usual"
)

# freethreading_add_conformance_tests(BACKEND <backend> VARIANT <variant> DRIVER <target>
#                                     [KIND <kind>] [FILTER <pattern>] [EFFORT <factor>] [TIMEOUT <seconds>] [BY_SUITE])
#
# Registers every test of the suites, run on a driver, as <kind>.<backend>.<variant>.<Suite>.<Name>,
# with the label <kind>. By default that is conformance, and the effort 1. BY_SUITE: see freethreading_add_conformance.
function(freethreading_add_conformance_tests)
  cmake_parse_arguments(
    PARSE_ARGV 0 arg "BY_SUITE" "BACKEND;VARIANT;DRIVER;KIND;FILTER;EFFORT;TIMEOUT" ""
  )
  foreach(default IN ITEMS "KIND=conformance" "FILTER=*" "EFFORT=1" "TIMEOUT=300")
    string(REGEX MATCH "(.*)=(.*)" ignored "${default}")
    if(NOT arg_${CMAKE_MATCH_1})
      set(arg_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endif()
  endforeach()
  # A sanitizer sees a race in far fewer runs than it takes to see what a race does. Of worker processes it sees each
  # on its own, and they take long to fork: fewer still.
  math(EXPR percent "${arg_EFFORT} * ${FREETHREADING_EFFORT}")
  if(arg_VARIANT STREQUAL "plain")
    set(effort ${percent}e-2)
  elseif(arg_BACKEND STREQUAL "multiprocessing" AND NOT arg_VARIANT STREQUAL "arena-threads")
    set(effort ${percent}e-4)
  else()
    set(effort ${percent}e-3)
  endif()
  set(grouping "")
  if(arg_BY_SUITE)
    set(grouping BY_SUITE)
  endif()
  set(seed ${FREETHREADING_SEED})
  if(seed STREQUAL "")
    set(seed RANDOM)
  endif()
  set(environment ${freethreading_sanitizer_options})
  list(TRANSFORM environment REPLACE "^([A-Z_]+)=" "\\1=set:")
  if(arg_VARIANT STREQUAL "arena-threads")
    list(APPEND environment FREETHREADING_WORKERS=set:threads)
  else()
    list(APPEND environment FREETHREADING_WORKERS=unset:)
  endif()
  freethreading_add_conformance(
    ${arg_KIND}
    DRIVER ${arg_DRIVER}
    BACKENDS ${arg_BACKEND}
    VARIANT ${arg_VARIANT}
    SEED ${seed}
    EFFORT ${effort}
    FILTER ${arg_FILTER}
    RECOMMENDATIONS ${grouping}
    LABELS ${arg_KIND}
    TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT_MODIFICATION ${environment}
  )
endfunction()
