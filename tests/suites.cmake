# Included by ctest: adds those tests of PROGRAM that FILTER selects, up to MOST of one suite as one test, because the
# start of a process takes longer than most of them.
execute_process(COMMAND ${PROGRAM} "--gtest_filter=${FILTER}" --gtest_list_tests
                OUTPUT_VARIABLE output RESULT_VARIABLE failed)
if(failed)  # also if it is not built
  add_test(${NAME}_NOT_BUILT ${PROGRAM})
endif()

# The tests of a suite up to now, as a filter of GoogleTest.
set(suite "")
set(filter "")
set(count 0)
set(part 1)
macro(add_part)
  if(filter)
    set(name "${suite}")
    if(part GREATER 1)
      string(APPEND name ".${part}")
    endif()
    add_test("${name}" ${PROGRAM} "--gtest_filter=${filter}")
    math(EXPR part "${part} + 1")
  endif()
  set(filter "")
  set(count 0)
endmacro()

string(REPLACE ";" "," output "${output}")
string(REPLACE "\n" ";" lines "${output}")
foreach(line IN LISTS lines)
  if(line MATCHES "^  ([^ ]+)")  # "  EqualTheReference/resnet18  # GetParam() = …"
    if(count EQUAL MOST)
      add_part()
    endif()
    string(APPEND filter ":${suite}.${CMAKE_MATCH_1}")
    math(EXPR count "${count} + 1")
  elseif(line MATCHES "^([^ ]+)\\.$")
    add_part()
    set(suite "${CMAKE_MATCH_1}")
    set(part 1)
  endif()
endforeach()
add_part()
