# Finds the libraries with ONNX's protobuf classes, checker and shape inference, and defines ONNX::onnx. Not by its own
# ONNXConfig.cmake: that of Debian does not name the namespace that the library was built with.
find_library(ONNX_LIBRARY onnx)
find_library(ONNX_PROTO_LIBRARY onnx_proto)
find_library(ONNX_PROTOBUF_LIBRARY protobuf)
get_filename_component(_onnx_prefix "${ONNX_LIBRARY}" DIRECTORY)
find_path(ONNX_INCLUDE_DIR onnx/onnx_pb.h HINTS ${_onnx_prefix}/../include ${_onnx_prefix}/../../include NO_DEFAULT_PATH)
find_path(ONNX_PROTOBUF_INCLUDE_DIR google/protobuf/message.h
  HINTS ${_onnx_prefix}/../include ${_onnx_prefix}/../../include NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ONNX REQUIRED_VARS ONNX_LIBRARY ONNX_PROTO_LIBRARY ONNX_PROTOBUF_LIBRARY
                                                     ONNX_INCLUDE_DIR ONNX_PROTOBUF_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libonnx-dev and libprotobuf-dev (Debian, Ubuntu)")
if(ONNX_FOUND AND NOT TARGET ONNX::onnx)
  add_library(ONNX::onnx UNKNOWN IMPORTED)
  set_target_properties(ONNX::onnx PROPERTIES IMPORTED_LOCATION ${ONNX_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${ONNX_INCLUDE_DIR};${ONNX_PROTOBUF_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS "ONNX_ML=1;ONNX_NAMESPACE=onnx"
    INTERFACE_LINK_LIBRARIES "${ONNX_PROTO_LIBRARY};${ONNX_PROTOBUF_LIBRARY}")
endif()
