# Finds libtorch and defines graft::torch: an unpacked archive, a system package, or the `torch` folder of a Python
# environment, with or without CUDA. Does not use libtorch's TorchConfig.cmake: that of a CUDA build requires a CUDA
# toolkit, which linking does not need.
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

# True for a CUDA build with the headers of its CUDA runtime: features that need more than torch's operators (CUDA graphs)
# are compiled only then. The headers come with a CUDA toolkit, or with the packages nvidia-cuda-runtime (and from
# CUDA 13 nvidia-cuda-crt) beside torch in a Python environment.
set(LIBTORCH_HAS_CUDA_RUNTIME OFF)
if(LIBTORCH_torch_cuda_LIBRARY AND LIBTORCH_c10_cuda_LIBRARY)
  file(STRINGS ${LIBTORCH_c10_cuda_LIBRARY} _libtorch_cudart REGEX "^libcudart[^@]*\\.so\\.[0-9.]+$" LIMIT_COUNT 1)
  file(GLOB _libtorch_nvidia ${_libtorch_root}/../nvidia/cu[0-9]* ${_libtorch_root}/../nvidia/cuda_runtime)
  find_path(LIBTORCH_CUDA_INCLUDE_DIR crt/host_config.h
    HINTS ${_libtorch_nvidia} $ENV{CUDA_HOME} /usr/local/cuda PATH_SUFFIXES include)
  find_library(LIBTORCH_cudart_LIBRARY NAMES ${_libtorch_cudart}
    HINTS ${_libtorch_root} ${_libtorch_nvidia} $ENV{CUDA_HOME} /usr/local/cuda PATH_SUFFIXES lib lib64)
  if(LIBTORCH_CUDA_INCLUDE_DIR AND LIBTORCH_cudart_LIBRARY AND EXISTS ${LIBTORCH_CUDA_INCLUDE_DIR}/cuda_runtime_api.h)
    string(REGEX REPLACE ".*\\.so\\.([0-9]+).*" "\\1" _libtorch_cuda_major "${_libtorch_cudart}")
    file(STRINGS ${LIBTORCH_CUDA_INCLUDE_DIR}/cuda_runtime_api.h _libtorch_cuda_define
      REGEX "define CUDART_VERSION +${_libtorch_cuda_major}[0-9][0-9][0-9]" LIMIT_COUNT 1)
    if(_libtorch_cuda_define)
      set(LIBTORCH_HAS_CUDA_RUNTIME ON)
    endif()
  endif()
  if(NOT LIBTORCH_HAS_CUDA_RUNTIME)
    message(STATUS "libtorch is built for CUDA, but the headers of ${_libtorch_cudart} were not found: "
                   "steps will not be recorded as CUDA graphs (docs/gpu.md)")
  endif()
endif()

# Wheels up to 2.6 were built with the old ABI of std::string, which distributions' libraries do not use.
if(EXISTS ${_libtorch_root}/share/cmake/Torch/TorchConfig.cmake)
  file(STRINGS ${_libtorch_root}/share/cmake/Torch/TorchConfig.cmake _libtorch_old_abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(_libtorch_old_abi)
    message(FATAL_ERROR "${_libtorch_root} is a libtorch with the old C++ ABI; "
                        "use the archive named cxx11-abi, or version 2.7 or newer")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS LIBTORCH_torch_cpu_LIBRARY LIBTORCH_c10_LIBRARY LIBTORCH_INCLUDE_DIR
  VERSION_VAR Libtorch_VERSION
  REASON_FAILURE_MESSAGE "run `make setup` in graft's sources, or give -DCMAKE_PREFIX_PATH=/path/to/libtorch (with its headers)")

if(Libtorch_FOUND AND NOT TARGET graft::torch)
  add_library(graft::torch INTERFACE IMPORTED GLOBAL)
  set(_libtorch_libraries ${LIBTORCH_torch_cpu_LIBRARY} ${LIBTORCH_c10_LIBRARY})
  if(LIBTORCH_torch_cuda_LIBRARY AND LIBTORCH_c10_cuda_LIBRARY)
    # The CUDA kernels register themselves when the library is loaded; graft does not reference its symbols, so the
    # linker would drop it.
    list(APPEND _libtorch_libraries -Wl,--no-as-needed ${LIBTORCH_torch_cuda_LIBRARY}
                ${LIBTORCH_c10_cuda_LIBRARY} -Wl,--as-needed)
  endif()
  if(LIBTORCH_torch_LIBRARY)
    list(APPEND _libtorch_libraries ${LIBTORCH_torch_LIBRARY})
  endif()
  if(LIBTORCH_HAS_CUDA_RUNTIME)
    list(APPEND _libtorch_libraries ${LIBTORCH_cudart_LIBRARY})
    target_include_directories(graft::torch SYSTEM INTERFACE ${LIBTORCH_CUDA_INCLUDE_DIR})
  endif()
  target_include_directories(graft::torch SYSTEM INTERFACE
    ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(graft::torch INTERFACE ${_libtorch_libraries})
endif()
mark_as_advanced(LIBTORCH_INCLUDE_DIR LIBTORCH_CUDA_INCLUDE_DIR)
