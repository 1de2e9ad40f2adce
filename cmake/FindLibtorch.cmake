# Finds libtorch and makes graft::torch of it: an unpacked archive, a system package, or the `torch` folder of a
# Python environment, with or without CUDA. libtorch's own TorchConfig.cmake is not used: that of a CUDA build
# demands a CUDA toolkit, which linking does not need.
#
# Looks in CMAKE_PREFIX_PATH, in Torch_ROOT, and in .venv beside the sources.

file(GLOB _libtorch_venvs ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch)
find_path(LIBTORCH_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  HINTS ${Torch_ROOT} $ENV{Torch_ROOT} ${_libtorch_venvs} PATH_SUFFIXES include)
get_filename_component(_libtorch_root "${LIBTORCH_INCLUDE_DIR}" DIRECTORY)
foreach(_part torch torch_cpu c10 torch_cuda c10_cuda)
  find_library(LIBTORCH_${_part}_LIBRARY ${_part} HINTS ${_libtorch_root}
    PATH_SUFFIXES lib lib/${CMAKE_LIBRARY_ARCHITECTURE})
endforeach()

set(Libtorch_VERSION "")
foreach(_file torch/version.h torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(NOT Libtorch_VERSION AND LIBTORCH_INCLUDE_DIR AND EXISTS ${LIBTORCH_INCLUDE_DIR}/${_file})
    file(STRINGS ${LIBTORCH_INCLUDE_DIR}/${_file} _libtorch_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
    string(REGEX MATCHALL "[0-9]+" _libtorch_numbers "${_libtorch_lines}")
    list(JOIN _libtorch_numbers "." Libtorch_VERSION)
  endif()
endforeach()

# Wheels up to 2.6 were built with the old ABI of std::string, which no library of a distribution has.
if(EXISTS ${_libtorch_root}/share/cmake/Torch/TorchConfig.cmake)
  file(STRINGS ${_libtorch_root}/share/cmake/Torch/TorchConfig.cmake _libtorch_old_abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(_libtorch_old_abi)
    message(FATAL_ERROR "${_libtorch_root} is a libtorch with the old C++ ABI; "
                        "take the archive named cxx11-abi, or a version from 2.7 on")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS LIBTORCH_torch_cpu_LIBRARY LIBTORCH_c10_LIBRARY LIBTORCH_INCLUDE_DIR
  VERSION_VAR Libtorch_VERSION
  REASON_FAILURE_MESSAGE "run `make setup`, or give -DCMAKE_PREFIX_PATH=/path/to/libtorch")

if(Libtorch_FOUND AND NOT TARGET graft::torch)
  add_library(graft::torch INTERFACE IMPORTED GLOBAL)
  set(_libtorch_libraries ${LIBTORCH_torch_cpu_LIBRARY} ${LIBTORCH_c10_LIBRARY})
  if(LIBTORCH_torch_cuda_LIBRARY AND LIBTORCH_c10_cuda_LIBRARY)
    # The CUDA kernels register themselves when the library is loaded; nothing of ours calls into it by name,
    # so the linker would drop it.
    list(APPEND _libtorch_libraries -Wl,--no-as-needed ${LIBTORCH_torch_cuda_LIBRARY}
                ${LIBTORCH_c10_cuda_LIBRARY} -Wl,--as-needed)
  endif()
  if(LIBTORCH_torch_LIBRARY)
    list(APPEND _libtorch_libraries ${LIBTORCH_torch_LIBRARY})
  endif()
  target_include_directories(graft::torch SYSTEM INTERFACE
    ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(graft::torch INTERFACE ${_libtorch_libraries})
endif()
mark_as_advanced(LIBTORCH_INCLUDE_DIR)
