// libjpeg reports a fatal error by a callback that must not return. It jumps over C frames only: a function
// that calls setjmp on `jump`, and everything between it and libjpeg, holds nothing that needs a destructor.
//
// (TurboJPEG's API needs no jump, but cannot distinguish a file with a harmless defect from one whose
// decoding stopped half way, so it cannot refuse exactly what Pillow refuses.)
#pragma once

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

namespace graft {

struct JpegErrors {
  jpeg_error_mgr manager;  // must be first: its address is the struct's address
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

// For jpeg_decompress_struct::err or jpeg_compress_struct::err; warnings are not printed.
jpeg_error_mgr* install(JpegErrors& errors);

}  // namespace graft
