# cmake --install and find_package(graft). What is installed is built with the target graft_cli (with graft_base, where
# GRAFT_TORCH is off): neither tests nor examples are needed.
include(CMakePackageConfigHelpers)
set(graft_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/graft)

install(TARGETS graft_base EXPORT graftTargets FILE_SET HEADERS)
if(GRAFT_TORCH)
  install(TARGETS graft EXPORT graftTargets FILE_SET HEADERS)
  # libtorch often lies where no loader looks.
  get_filename_component(libtorch_libraries ${LIBTORCH_torch_cpu_LIBRARY} DIRECTORY)
  if(LIBTORCH_HAS_CUDA_RUNTIME)
    get_filename_component(cudart_library ${LIBTORCH_cudart_LIBRARY} DIRECTORY)
    list(APPEND libtorch_libraries ${cudart_library})
  endif()
  set_target_properties(graft_cli PROPERTIES INSTALL_RPATH "${libtorch_libraries}")
  install(TARGETS graft_cli)
  install(FILES ${PROJECT_BINARY_DIR}/graft.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(EXPORT graftTargets NAMESPACE graft:: DESTINATION ${graft_config_dir})

get_filename_component(GRAFT_LIBTORCH_HINT "${LIBTORCH_INCLUDE_DIR}" DIRECTORY)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/graftConfig.cmake.in ${PROJECT_BINARY_DIR}/graftConfig.cmake
  INSTALL_DESTINATION ${graft_config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/graftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/graftConfig.cmake ${PROJECT_BINARY_DIR}/graftConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/GraftDependencies.cmake ${CMAKE_CURRENT_LIST_DIR}/FindLibtorch.cmake
        DESTINATION ${graft_config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
