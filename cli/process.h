// The process of the program: its memory, its standard streams, its signals.
#pragma once

namespace graft::cli {

// Called once, before anything else. Keeps freed memory for later use: the C library returns large pieces to
// the system, which clears each one, and tensors of the same sizes come with every batch. Opens missing
// standard streams, so that no file takes their place. Makes a write past a limit or to a closed pipe fail.
// Lets signals end the process without temporary files. Names files that become shorter while read.
void prepare_process();

// For a process that runs for long, before it starts threads: freed memory is kept within limits, and pieces
// above 32 MiB are returned at once.
void limit_kept_memory();
// Returns what is free now.
void return_free_memory();

}  // namespace graft::cli
