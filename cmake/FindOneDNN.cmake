# Finds oneDNN with OpenMP and defines OneDNN::dnnl. Not by its own dnnl-config.cmake: that of Debian requires the
# development files of OpenCL, which neither its package brings nor graft needs.
#
# libtorch contains another oneDNN, whose functions are hidden but whose headers are installed: only headers beside the
# library are used.
find_library(ONEDNN_LIBRARY dnnl)
get_filename_component(_onednn_prefix "${ONEDNN_LIBRARY}" DIRECTORY)
find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp
  HINTS ${_onednn_prefix}/../include ${_onednn_prefix}/../../include NO_DEFAULT_PATH)
set(ONEDNN_USES_OPENMP "")
if(ONEDNN_INCLUDE_DIR)
  file(STRINGS ${ONEDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_config.h ONEDNN_USES_OPENMP
       REGEX "define DNNL_CPU_THREADING_RUNTIME DNNL_RUNTIME_OMP")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDNN REQUIRED_VARS ONEDNN_LIBRARY ONEDNN_INCLUDE_DIR ONEDNN_USES_OPENMP
  REASON_FAILURE_MESSAGE "install libdnnl-dev (Debian, Ubuntu)")
if(OneDNN_FOUND AND NOT TARGET OneDNN::dnnl)
  add_library(OneDNN::dnnl UNKNOWN IMPORTED)
  set_target_properties(OneDNN::dnnl PROPERTIES IMPORTED_LOCATION ${ONEDNN_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${ONEDNN_INCLUDE_DIR})
endif()
