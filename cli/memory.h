// How the program's memory is kept.
#pragma once

namespace graft::cli {

// Tensors of the same sizes come and go with every batch. The C library's default is to give large pieces
// back to the system at once and to ask for them again, and each time the system clears them: a third of the
// time of a small network's prediction. After this call freed memory is kept and used again. Called once,
// before anything else.
void keep_freed_memory();

}  // namespace graft::cli
