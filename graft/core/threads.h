// Worker threads.
#pragma once

#include <cstddef>
#include <functional>

namespace graft {

// Lowers the priority of the calling thread, for threads that prefetch: it runs when computing threads leave
// a core, and a little of the time in any case. No effect where the system has no priorities per thread.
void give_way_to_compute();

// Calls work(0) … work(count − 1), each once, in any order, on at most `threads` threads (bounded by
// bounded_threads(), processors.h) or as many as the system can start; on the calling thread if that is none.
// The first exception of `work` ends the others' work and is thrown again.
void for_each_on_threads(std::size_t count, std::size_t threads,
                         const std::function<void(std::size_t)>& work);

// How many of `wanted` threads the system can run at the same time; starts and joins them to find out. For
// libraries that terminate the process if a thread cannot be started.
int startable_threads(int wanted);

}  // namespace graft
