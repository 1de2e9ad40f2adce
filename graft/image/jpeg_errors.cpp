#include "graft/image/jpeg_errors.h"

namespace graft {
namespace {

[[noreturn]] void jump_out(j_common_ptr codec) {
  auto* errors = reinterpret_cast<JpegErrors*>(codec->err);
  codec->err->format_message(codec, errors->message.data());
  std::longjmp(errors->jump, 1);
}

void stay_silent(j_common_ptr) {}

}  // namespace

jpeg_error_mgr* install(JpegErrors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = jump_out;
  errors.manager.output_message = stay_silent;
  errors.message[0] = '\0';
  return &errors.manager;
}

}  // namespace graft
