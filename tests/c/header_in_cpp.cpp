// graft.h as C++11.
#include "graft.h"

#include <cstdio>

#include "graft.h"

extern "C" int version_in_cpp(char* version, size_t size) {
  std::snprintf(version, size, "%s", graft_version());
  graft_model* model = nullptr;
  return graft_model_load(nullptr, "cpu", 1, &model);
}
