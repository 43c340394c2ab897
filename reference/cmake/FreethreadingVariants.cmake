# One build tree holds several variants of the library and of every program that links it:
#
#   plain   as the build type says
#   tsan    ThreadSanitizer
#   asan    AddressSanitizer and UndefinedBehaviorSanitizer, every finding fatal
#   fuzz    asan, and what a fuzzing engine wants to know; fuzz/ makes it, of the libraries that it fuzzes
#
# A program <stem> exists as <stem>, <stem>-tsan and <stem>-asan. Sanitizers are properties of these
# targets; no flag of the whole build is touched.

if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(freethreading_default_variants plain tsan asan)
else()
  set(freethreading_default_variants plain)
endif()
set(FREETHREADING_VARIANTS
    "${freethreading_default_variants}"
    CACHE STRING "Variants of the test and example programs: any of plain, tsan, asan"
)
foreach(variant IN LISTS FREETHREADING_VARIANTS)
  if(NOT variant MATCHES "^(plain|tsan|asan)$")
    message(FATAL_ERROR "FREETHREADING_VARIANTS: \"${variant}\" is not one of plain, tsan, asan")
  endif()
endforeach()

# Our own builds use ccache and lld where they are installed; a project around us decides for itself.
if(PROJECT_IS_TOP_LEVEL)
  find_program(FREETHREADING_CCACHE ccache)
  mark_as_advanced(FREETHREADING_CCACHE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    include(CheckLinkerFlag)
    check_linker_flag(CXX -fuse-ld=lld FREETHREADING_HAS_LLD)
  endif()
endif()

# freethreading_variant_suffix(<out> <variant>): "" for plain, else "-<variant>".
function(freethreading_variant_suffix out variant)
  if(variant STREQUAL "plain")
    set(${out} "" PARENT_SCOPE)
  else()
    set(${out} "-${variant}" PARENT_SCOPE)
  endif()
endfunction()

# freethreading_configure_target(<target> <variant>): language level, warnings, tools and sanitizers
# of one target. PUBLIC sanitizer flags: what links an instrumented library must be instrumented too.
function(freethreading_configure_target target variant)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)

  if(FREETHREADING_WARNINGS)
    target_compile_options(
      ${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                        $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
                        # GCC warns of `if (there) EXPECT_EQ(a, b);`, which GoogleTest has provided for.
                        $<$<CXX_COMPILER_ID:GNU>:-Wno-dangling-else>
    )
  endif()
  if(FREETHREADING_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "${FREETHREADING_CCACHE}")
  endif()
  if(FREETHREADING_HAS_LLD)
    target_link_options(${target} PRIVATE -fuse-ld=lld)
  endif()

  if(variant STREQUAL "tsan")
    set(sanitizer -fsanitize=thread)
  elseif(variant STREQUAL "asan")
    set(sanitizer -fsanitize=address,undefined -fno-sanitize-recover=all)
  elseif(variant STREQUAL "fuzz")
    set(sanitizer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    target_compile_options(${target} PRIVATE -O1)  # what libFuzzer's manual advises
  else()
    return()
  endif()
  target_compile_options(${target} PUBLIC ${sanitizer} -fno-omit-frame-pointer)
  target_link_options(${target} PUBLIC ${sanitizer})
endfunction()

# freethreading_add_programs(<stem> SOURCES <file>... [LIBRARIES <target>...] [VARIANTS <variant>...]
#                            [UNOPTIMIZED])
#
# Adds the executables <stem>, <stem>-tsan, ... For every library the target <library>-<variant> is
# linked where it exists, else <library> itself: GoogleTest, for one, has no variants.
#
# UNOPTIMIZED, for tests: the programs are compiled without optimization, the libraries that they link as
# always. It would take most of the time of such a compilation, and only hide what a sanitizer sees.
function(freethreading_add_programs stem)
  cmake_parse_arguments(PARSE_ARGV 1 arg "UNOPTIMIZED" "" "SOURCES;LIBRARIES;VARIANTS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "freethreading_add_programs(${stem}): wrong arguments")
  endif()
  if(NOT arg_VARIANTS)
    set(arg_VARIANTS ${FREETHREADING_VARIANTS})
  endif()
  foreach(variant IN LISTS arg_VARIANTS)
    freethreading_variant_suffix(suffix ${variant})
    set(program ${stem}${suffix})
    add_executable(${program} ${arg_SOURCES})
    freethreading_configure_target(${program} ${variant})
    if(arg_UNOPTIMIZED)
      target_compile_options(${program} PRIVATE -O0)
    endif()
    foreach(library IN LISTS arg_LIBRARIES)
      if(TARGET ${library}${suffix})
        target_link_libraries(${program} PRIVATE ${library}${suffix})
      else()
        target_link_libraries(${program} PRIVATE ${library})
      endif()
    endforeach()
  endforeach()
endfunction()
