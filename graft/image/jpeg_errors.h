// libjpeg reports a fatal error by a callback that must not return. It jumps back over C frames alone: a
// function that calls setjmp on `jump`, and everything between it and libjpeg, holds nothing that needs a
// destructor.
//
// (TurboJPEG's own API needs no jump, but cannot distinguish a file with a harmless oddity from one whose
// decoding stopped half way, so it cannot refuse exactly what Pillow refuses.)
#pragma once

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

namespace graft {

struct JpegErrors {
  jpeg_error_mgr manager;  // first, so that its address is the struct's
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

// Ready for jpeg_decompress_struct::err or jpeg_compress_struct::err; warnings are kept silent.
jpeg_error_mgr* install(JpegErrors& errors);

}  // namespace graft
