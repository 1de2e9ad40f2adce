// How threads share the processor.
#pragma once

namespace graft {

// Lets the calling thread give way to threads that compute: it runs when they leave a core, and a little of
// the time in any case. For threads that work ahead. Does nothing where the system cannot tell threads of a
// process apart.
void give_way_to_compute();

}  // namespace graft
