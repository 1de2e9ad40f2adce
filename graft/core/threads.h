// How threads share the processor.
#pragma once

#include <cstddef>
#include <functional>

namespace graft {

// Lets the calling thread give way to threads that compute: it runs when they leave a core, and a little of
// the time in any case. For threads that work ahead. Does nothing where the system does not distinguish
// threads of a process apart.
void give_way_to_compute();

// Calls work(0) … work(count − 1), each once, in any order, on at most `threads` threads
// (bounded_threads(), processors.h): as many as the system gives, and where it gives none, or none is asked
// for, in the caller's. `work` must not throw.
void for_each_on_threads(std::size_t count, std::size_t threads,
                         const std::function<void(std::size_t)>& work);

// How many of `wanted` threads the system lets this process run beside each other: it starts them and ends
// them. For libraries that end the process where a thread cannot be started.
int startable_threads(int wanted);

}  // namespace graft
