# cmake --install and find_package(graft). The target graft_cli (graft_base if GRAFT_TORCH is off) builds everything that
# is installed: neither tests nor examples are needed.
include(CMakePackageConfigHelpers)
get_property(stages GLOBAL PROPERTY graft_stages)
set(graft_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/graft)

list(TRANSFORM stages PREPEND graft_ OUTPUT_VARIABLE stage_targets)
install(TARGETS ${stage_targets} graft_base graft EXPORT graftTargets FILE_SET HEADERS)
if(GRAFT_TORCH)
  # libtorch is often outside the loader's search path.
  get_filename_component(libtorch_libraries ${LIBTORCH_torch_cpu_LIBRARY} DIRECTORY)
  if(LIBTORCH_HAS_CUDA_RUNTIME)
    get_filename_component(cudart_library ${LIBTORCH_cudart_LIBRARY} DIRECTORY)
    list(APPEND libtorch_libraries ${cudart_library})
  endif()
  set_target_properties(graft_cli PROPERTIES INSTALL_RPATH "${libtorch_libraries}")
  install(TARGETS graft_cli)
  install(FILES ${PROJECT_BINARY_DIR}/graft.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  # The C interface, for find_package(graft COMPONENTS c) and pkg-config.
  add_dependencies(graft_cli graft_c)
  set_target_properties(graft_c PROPERTIES INSTALL_RPATH "$ORIGIN;${libtorch_libraries}")
  install(TARGETS graft_c EXPORT graftTargets FILE_SET HEADERS)
  file(RELATIVE_PATH graft_include_from_pkgconfig
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/graft.pc.in ${PROJECT_BINARY_DIR}/graft.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/graft.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
# Shared libraries are found beside each other and by the program, wherever they are installed.
if(BUILD_SHARED_LIBS)
  set_target_properties(${stage_targets} PROPERTIES INSTALL_RPATH "$ORIGIN;${libtorch_libraries}")
  if(GRAFT_TORCH)
    set_target_properties(graft_cli PROPERTIES
      INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};${libtorch_libraries}")
  endif()
endif()
install(EXPORT graftTargets NAMESPACE graft:: DESTINATION ${graft_config_dir})

set(graft_packages_of_stages "")
set(base_packages "")
foreach(stage ${stages})
  get_target_property(packages graft_${stage} GRAFT_PACKAGES)
  string(APPEND graft_packages_of_stages "set(graft_packages_of_${stage} \"${packages}\")\n")
  if(NOT Libtorch IN_LIST packages)
    list(APPEND base_packages ${packages})
  endif()
endforeach()
list(REMOVE_DUPLICATES base_packages)
string(APPEND graft_packages_of_stages "set(graft_packages_of_base \"${base_packages}\")\n")
if(GRAFT_TORCH)
  string(APPEND graft_packages_of_stages "set(graft_packages_of_c \"\")\n")  # its header needs none
endif()
get_filename_component(GRAFT_LIBTORCH_HINT "${LIBTORCH_INCLUDE_DIR}" DIRECTORY)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/graftConfig.cmake.in ${PROJECT_BINARY_DIR}/graftConfig.cmake
  INSTALL_DESTINATION ${graft_config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/graftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/graftConfig.cmake ${PROJECT_BINARY_DIR}/graftConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/GraftDependencies.cmake ${CMAKE_CURRENT_LIST_DIR}/FindLibtorch.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FindOneDNN.cmake ${CMAKE_CURRENT_LIST_DIR}/FindONNX.cmake
        DESTINATION ${graft_config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
