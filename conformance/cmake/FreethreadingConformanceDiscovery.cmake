# Read by ctest: asks the suite for its tests, and registers them.

# freethreading_discover_conformance_tests(PREFIX <text> RUNNER <program> FILTER <pattern> TIMEOUT <seconds>
#                                          FAILURE <regular expressions> LABELS <list>
#                                          ENVIRONMENT_MODIFICATION <list> COMMAND <list>)
function(freethreading_discover_conformance_tests)
  cmake_parse_arguments(
    PARSE_ARGV 0 arg "" "PREFIX;RUNNER;FILTER;TIMEOUT;FAILURE;LABELS;ENVIRONMENT_MODIFICATION;COMMAND" ""
  )
  if(NOT EXISTS "${arg_RUNNER}")
    # As in a tree that is only configured: the failure of this test says so.
    add_test("${arg_PREFIX}NOT_BUILT" "${arg_RUNNER}")
    set_tests_properties("${arg_PREFIX}NOT_BUILT" PROPERTIES LABELS "${arg_LABELS}")
    return()
  endif()
  execute_process(
    COMMAND "${arg_RUNNER}" --gtest_list_tests "--gtest_filter=${arg_FILTER}"
    OUTPUT_VARIABLE listing
    ERROR_VARIABLE complaint
    RESULT_VARIABLE status
  )
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${arg_RUNNER} cannot list its tests (${status}): ${complaint}")
  endif()

  # "Suite." at the beginning of a line, "  Name" below it, and comments behind "#".
  string(REPLACE "\n" ";" lines "${listing}")
  set(suite "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^([A-Za-z0-9_/]+)\\.")
      set(suite "${CMAKE_MATCH_1}")
    elseif(line MATCHES "^  ([A-Za-z0-9_/]+)")
      set(name "${CMAKE_MATCH_1}")
      set(labels ${arg_LABELS} ${suite})
      if(suite STREQUAL "Faults")
        list(APPEND labels fault)
      endif()
      if(name MATCHES "^([A-Z]+)_([0-9]+)_")
        list(APPEND labels "${CMAKE_MATCH_1}-${CMAKE_MATCH_2}")
      endif()
      set(test "${arg_PREFIX}${suite}.${name}")
      add_test("${test}" ${arg_COMMAND} "--gtest_filter=${suite}.${name}")
      set_tests_properties(
        "${test}"
        PROPERTIES LABELS "${labels}"
                   TIMEOUT "${arg_TIMEOUT}"
                   SKIP_RETURN_CODE 77
                   FAIL_REGULAR_EXPRESSION "${arg_FAILURE}"
                   ENVIRONMENT_MODIFICATION "${arg_ENVIRONMENT_MODIFICATION}"
      )
    endif()
  endforeach()
endfunction()
