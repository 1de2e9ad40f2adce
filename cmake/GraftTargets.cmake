# What every target of the project shares: warnings, sanitizers, and how a stage folder adds its files.
include(GNUInstallDirs)

add_library(graft_warnings INTERFACE)
target_compile_options(graft_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -Wno-missing-field-initializers)  # fields left out of a designated initialiser have their defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(graft_warnings INTERFACE -Wno-restrict)  # false in std::string's operator+ (GCC bug 105651)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(graft_warnings INTERFACE -Wno-deprecated-declarations)  # libstdc++ 12's own, in stable_sort
endif()
if(GRAFT_WERROR)
  target_compile_options(graft_warnings INTERFACE -Werror)
endif()
if(GRAFT_SANITIZE)
  add_compile_options(-fsanitize=${GRAFT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GRAFT_SANITIZE})
endif()

if(GRAFT_FUZZ)  # everything tells the fuzzer which ways its bytes took
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# graft_sources(<target> [PUBLIC_HEADERS a.h ...] SOURCES a.cpp ...): adds this folder's files to a library.
# Public headers are installed, and each is compiled alone when the tests are built.
function(graft_sources target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC_HEADERS")
  target_sources(${target} PRIVATE ${arg_SOURCES})
  if(arg_PUBLIC_HEADERS)
    list(TRANSFORM arg_PUBLIC_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_PUBLIC_HEADERS})
  endif()
endfunction()
