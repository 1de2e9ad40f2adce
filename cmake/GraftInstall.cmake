# cmake --install and find_package(graft).
