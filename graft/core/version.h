// The version of this library.
#pragma once

namespace graft {

const char* version();  // "0.2.0"

}  // namespace graft
