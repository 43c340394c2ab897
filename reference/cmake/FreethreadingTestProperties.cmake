# What every test of this project carries. Included twice: at configure time for tests that are
# programs, and by ctest for the tests that it finds inside GoogleTest programs.

set(freethreading_sanitizer_options
    TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:atexit_sleep_ms=50
    ASAN_OPTIONS=strict_string_checks=1:check_initialization_order=1
    UBSAN_OPTIONS=print_stacktrace=1
)

# freethreading_set_test_properties(<test> BACKEND <backend> VARIANT <variant> LABELS <label>...
#                                   [TIMEOUT <seconds>] [SERIAL])
#
# Sets environment, labels and time-out of a test, and makes it fail on a sanitizer's report in any of
# its processes: a worker that ends with a report does not change the status of the whole test.
function(freethreading_set_test_properties test)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "BACKEND;VARIANT;TIMEOUT" "LABELS")

  set(environment FREETHREADING_BACKEND=${arg_BACKEND} ${freethreading_sanitizer_options})
  set(modification FREETHREADING_WORKERS=unset:)
  if(arg_VARIANT STREQUAL "arena-threads")
    set(modification FREETHREADING_WORKERS=set:threads)
  endif()

  set(labels ${arg_LABELS} ${arg_BACKEND} ${arg_VARIANT})
  set_tests_properties(
    "${test}"
    PROPERTIES LABELS "${labels}"
               ENVIRONMENT "${environment}"
               ENVIRONMENT_MODIFICATION "${modification}"
               TIMEOUT "${arg_TIMEOUT}"
               RUN_SERIAL "${arg_SERIAL}"
               FAIL_REGULAR_EXPRESSION
               "(WARNING|ERROR|FATAL|SUMMARY): [A-Za-z]*Sanitizer;runtime error: ;Running 0 tests"
  )
endfunction()

# Families of requirement ids.
set(freethreading_id_families
    "GEN|LOCK|RLOCK|SEM|BSEM|COND|EVENT|BARRIER|QUEUE|SQUEUE|WORKER|POOL|ARES|IMAP|EXEC|FUT|UTIL|DOC|FAULT|RACE|PROP"
)

# freethreading_set_discovered_test_properties(<tests> <the keywords from above, LABELS last>)
#
# Adds to every test the name of its suite as a label, which is one of the API's names, and the id of
# its requirement, if its name starts with one: "BoundedSemaphore.BSEM_1_over_release_raises" is a test of
# BSEM-1.
function(freethreading_set_discovered_test_properties tests)
  foreach(test IN LISTS tests)
    set(requirement "")
    set(name "")
    if(test MATCHES "([A-Za-z]+)\\.[^.]*$")
      set(name "${CMAKE_MATCH_1}")
    endif()
    if(name STREQUAL "Faults")
      set(name fault Faults)
    endif()
    if(test MATCHES "\\.([A-Z]+)_([0-9]+)_[^.]*$")
      set(requirement "${CMAKE_MATCH_1}-${CMAKE_MATCH_2}")
      if(NOT CMAKE_MATCH_1 MATCHES "^(${freethreading_id_families})$")
        message(FATAL_ERROR "${test}: there are no requirements called ${requirement}")
      endif()
    endif()
    freethreading_set_test_properties("${test}" ${ARGN} ${name} ${requirement})
  endforeach()
endfunction()
