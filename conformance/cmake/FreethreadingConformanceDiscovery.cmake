# Read by ctest: asks the suite for its tests, and registers them.

# freethreading_discover_conformance_tests(PREFIX <text> RUNNER <program> FILTER <pattern> TIMEOUT <seconds>
#                                          FAILURE <regular expressions> LABELS <list>
#                                          ENVIRONMENT_MODIFICATION <list> DRIVER <program and arguments>
#                                          OPTIONS <list> [BY_SUITE])
function(freethreading_discover_conformance_tests)
  cmake_parse_arguments(
    PARSE_ARGV 0 arg "BY_SUITE" "PREFIX;RUNNER;FILTER;TIMEOUT;FAILURE;LABELS;ENVIRONMENT_MODIFICATION;DRIVER;OPTIONS" ""
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
  set(tests "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^([A-Za-z0-9_/]+)\\.")
      set(suite "${CMAKE_MATCH_1}")
    elseif(line MATCHES "^  ([A-Za-z0-9_/]+)")
      set(test "${suite}.${CMAKE_MATCH_1}")
      set(id "")
      if(CMAKE_MATCH_1 MATCHES "^([A-Z]+)_([0-9]+)_")
        set(id "${CMAKE_MATCH_1}-${CMAKE_MATCH_2}")
      endif()
      if(arg_BY_SUITE)
        set(test "${suite}")
      endif()
      list(APPEND tests "${test}")
      list(APPEND labels_of_${test} ${suite} ${id})
      if(suite STREQUAL "Faults")
        list(APPEND labels_of_${test} fault)
      endif()
    endif()
  endforeach()

  # One command, which the runner splits as a shell does; here, where the path of a built program is known.
  set(quoted "")
  foreach(word IN LISTS arg_DRIVER)
    string(REPLACE "'" "'\\''" word "${word}")
    list(APPEND quoted "'${word}'")
  endforeach()
  list(JOIN quoted " " driver)

  list(REMOVE_DUPLICATES tests)
  foreach(test IN LISTS tests)
    set(labels ${arg_LABELS} ${labels_of_${test}})
    list(REMOVE_DUPLICATES labels)
    set(filter "${test}")
    if(arg_BY_SUITE)
      set(filter "${test}.*")
    endif()
    add_test("${arg_PREFIX}${test}" "${arg_RUNNER}" --driver "${driver}" ${arg_OPTIONS} "--gtest_filter=${filter}")
    set_tests_properties(
      "${arg_PREFIX}${test}"
      PROPERTIES LABELS "${labels}"
                 TIMEOUT "${arg_TIMEOUT}"
                 SKIP_RETURN_CODE 77
                 FAIL_REGULAR_EXPRESSION "${arg_FAILURE}"
                 ENVIRONMENT_MODIFICATION "${arg_ENVIRONMENT_MODIFICATION}"
    )
  endforeach()
endfunction()
