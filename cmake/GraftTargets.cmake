# Settings shared by all targets (warnings, sanitizers), and the functions with which a stage folder adds its files.
include(GNUInstallDirs)

add_library(graft_warnings INTERFACE)
target_compile_options(graft_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -Wno-missing-field-initializers)  # omitted fields of a designated initialiser have defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(graft_warnings INTERFACE -Wno-restrict)  # false positive in std::string's operator+ (GCC bug 105651)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(graft_warnings INTERFACE -Wno-deprecated-declarations)  # in libstdc++ 12's stable_sort
endif()
if(GRAFT_WERROR)
  target_compile_options(graft_warnings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Collecting garbage below 1 GB saves a tenth of the memory and takes a tenth of the time.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:--param ggc-min-heapsize=1000000>")
endif()
if(GRAFT_SANITIZE)
  add_compile_options(-fsanitize=${GRAFT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GRAFT_SANITIZE})
endif()

if(GRAFT_FUZZ)  # instruments all code for coverage
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# graft_stage(<stage> [TORCH] [ALONE] [LINKS <stage>...] [PUBLIC <target>...] [PRIVATE <target>...] [PUBLIC_HEADERS a.h ...]
#             SOURCES a.cpp ...)
# Defines the library graft_<stage>, alias graft::<stage>, from this folder's files. LINKS are the stages that it may
# include; PUBLIC and PRIVATE are external libraries. TORCH: it uses libtorch, whose headers are precompiled once for all
# such stages. ALONE: its sources are not compiled in groups. Public headers are installed, and each is compiled alone when the tests are built.
function(graft_stage stage)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH;ALONE" "" "LINKS;PUBLIC;PRIVATE;PUBLIC_HEADERS;SOURCES")
  set(target graft_${stage})
  add_library(${target} ${arg_SOURCES})
  add_library(graft::${stage} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${stage} VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} DEFINE_SYMBOL "" GRAFT_NEEDS_TORCH ${arg_TORCH})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # The packages that users of the installed library need: PNG for "PNG::PNG", WEBP for "PkgConfig::WEBP".
  set(packages ${arg_PUBLIC} ${arg_PRIVATE})
  list(TRANSFORM packages REPLACE "^PkgConfig::" "")
  list(TRANSFORM packages REPLACE "::.*" "")
  if(arg_TORCH)
    list(APPEND packages Libtorch)
  endif()
  foreach(other ${arg_LINKS})
    get_target_property(theirs graft_${other} GRAFT_PACKAGES)
    list(APPEND packages ${theirs})
  endforeach()
  list(REMOVE_DUPLICATES packages)
  set_target_properties(${target} PROPERTIES GRAFT_PACKAGES "${packages}")
  list(TRANSFORM arg_LINKS PREPEND graft_)
  target_link_libraries(${target} PUBLIC ${arg_LINKS} ${arg_PUBLIC}
                                  PRIVATE $<BUILD_INTERFACE:graft_warnings> ${arg_PRIVATE})
  if(arg_TORCH)
    target_link_libraries(${target} PUBLIC graft::torch)
    graft_precompiled_torch(${target})
  endif()
  if(NOT arg_ALONE)
    graft_compile_in_groups(${target})
  endif()
  list(TRANSFORM arg_PUBLIC_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_PUBLIC_HEADERS})
  set_property(GLOBAL APPEND PROPERTY graft_stages ${stage})
  if(GRAFT_TESTS AND arg_PUBLIC_HEADERS)
    graft_check_headers(${stage} ${arg_PUBLIC_HEADERS})
  endif()
endfunction()

# graft_embed(<stage> <folder> HEADER <header> FUNCTION <function>): embeds the files of the folder as text in the stage's
# library, and rebuilds it when one of them changes. HEADER declares the function that returns them.
function(graft_embed stage folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "HEADER;FUNCTION" "")
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${folder}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
  add_custom_command(OUTPUT ${source} DEPENDS ${files} ${script} VERBATIM
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} "-DFILES=${files}" -DHEADER=${arg_HEADER} -DFUNCTION=${arg_FUNCTION}
            -P ${script})
  target_sources(graft_${stage} PRIVATE ${source})
endfunction()

file(GLOB_RECURSE graft_all_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/graft/*.h)

# Compiles each public header of a stage as a separate source, in the target graft_public_headers, to check that it
# includes what it uses. CMake's own check (VERIFY_INTERFACE_HEADER_SETS) reads libtorch's headers again for each.
function(graft_check_headers stage)
  set(launcher ${PROJECT_SOURCE_DIR}/cmake/check_header.sh)
  foreach(header ${ARGN})
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    cmake_path(GET header STEM name)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/alone_${name}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT
"#include \"@header@\"
#include \"@header@\"
static_assert(false, \"end of the header\");
" @ONLY)
    list(APPEND sources ${source})
  endforeach()
  set_source_files_properties(${sources} PROPERTIES OBJECT_DEPENDS "${graft_all_headers};${launcher}")
  add_library(graft_${stage}_headers OBJECT EXCLUDE_FROM_ALL ${sources})
  set_target_properties(graft_${stage}_headers PROPERTIES CXX_COMPILER_LAUNCHER ${launcher})
  target_link_libraries(graft_${stage}_headers PRIVATE graft_${stage} graft_warnings)
  get_target_property(needs_torch graft_${stage} GRAFT_NEEDS_TORCH)
  if(needs_torch)
    graft_precompiled_torch(graft_${stage}_headers)
  endif()
  if(NOT TARGET graft_public_headers)
    add_custom_target(graft_public_headers)
  endif()
  add_dependencies(graft_public_headers graft_${stage}_headers)
endfunction()

# Most of the time of a source goes into the headers that it reads and their templates, ten seconds for libtorch's even if
# they are precompiled: a group of sources reads them once. Names in the unnamed namespaces of such a target are unique
# (tests/structure).
function(graft_compile_in_groups target)
  if(GRAFT_GROUPS GREATER 1)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${GRAFT_GROUPS})
  endif()
endfunction()

# libtorch's headers take 15 seconds to parse: the first target precompiles them, and the JSON library's, which many of its
# users read too; the others reuse the result. These targets compute in libtorch's kernels; -O1 saves a third of -O3's
# compile time, and GCC 12's -O3 can crash on them.
function(graft_precompiled_torch target)
  if(target STREQUAL graft_device)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/graft/device/torch.h <nlohmann/json.hpp>)
  else()
    target_precompile_headers(${target} REUSE_FROM graft_device)
    target_compile_options(${target} PRIVATE -fPIC)  # must match the precompiled header
  endif()
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
