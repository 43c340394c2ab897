# One short run of a fuzz target, as a test: each input of its corpus, whole, and from there on RUNS executions in all.
# Always the same ones, since nothing is kept from one run to the next.
foreach(name IN ITEMS TARGET CORPUS RUNS LONGEST SCRATCH)
  if(NOT ${name})
    message(FATAL_ERROR "run_fresh.cmake: -D${name}=... is missing")
  endif()
endforeach()
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}/corpus")

# As a place to start from, inputs are cut to LONGEST.
file(GLOB inputs "${CORPUS}/*")
execute_process(
  COMMAND "${TARGET}" -malloc_limit_mb=256 -timeout=300 "-artifact_prefix=${SCRATCH}/" ${inputs}
  RESULT_VARIABLE result
  ERROR_VARIABLE output
)
string(REGEX MATCHALL "Executed [^\n]* in [0-9]+ ms" executed "${output}")
list(LENGTH executed count)
list(LENGTH inputs expected)
if(NOT result EQUAL 0 OR NOT count EQUAL expected OR expected EQUAL 0)
  message(FATAL_ERROR "${output}\n${TARGET}: ${result}; ${count} of ${expected} inputs of ${CORPUS} were executed")
endif()
message("${count} inputs of the corpus")

set(dictionary "")
if(EXISTS "${DICTIONARY}")
  set(dictionary "-dict=${DICTIONARY}")
endif()
execute_process(
  COMMAND "${TARGET}" -runs=${RUNS} -seed=1 -max_len=${LONGEST} -malloc_limit_mb=256 -timeout=300 -print_final_stats=1 ${dictionary}
          "-artifact_prefix=${SCRATCH}/" "${SCRATCH}/corpus" "${CORPUS}"
  RESULT_VARIABLE result
  ERROR_VARIABLE output
)
message("${output}")
if(NOT result EQUAL 0 OR NOT output MATCHES "stat::number_of_executed_units: ([0-9]+)")
  message(FATAL_ERROR "${TARGET}: ${result}; the input is in ${SCRATCH}")
endif()
if(CMAKE_MATCH_1 LESS RUNS)
  message(FATAL_ERROR "${TARGET}: only ${CMAKE_MATCH_1} of ${RUNS} runs")
endif()
