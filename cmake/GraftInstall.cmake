# cmake --install and find_package(graft). The target graft_cli (graft_base if GRAFT_TORCH is off) builds everything that
# is installed: neither tests nor examples are needed. Components: runtime (program, shared libraries, licences),
# development (headers, static libraries, CMake and pkg-config files), libtorch_link (below); packages have more
# (GraftPackage.cmake).
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)
get_property(stages GLOBAL PROPERTY graft_stages)
set(graft_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/graft)
set(graft_libtorch_dir ${CMAKE_INSTALL_LIBDIR}/graft)

list(TRANSFORM stages PREPEND graft_ OUTPUT_VARIABLE stage_targets)
install(TARGETS ${stage_targets} graft_base graft EXPORT graftTargets
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT development FILE_SET HEADERS)
set(library_rpath $ORIGIN $ORIGIN/graft)
if(GRAFT_TORCH)
  # What is installed finds libtorch in lib/graft, wherever the prefix is: by a link to the folder of libtorch, or by a
  # copy in packages. Not in lib: a libc10.so in /usr/local/lib would be found by other programs.
  get_filename_component(libtorch_libraries ${LIBTORCH_torch_cpu_LIBRARY} DIRECTORY)
  install(CODE "set(link \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${graft_libtorch_dir}\")
message(STATUS \"Linking: \${link}\")
file(CREATE_LINK \"${libtorch_libraries}\" \"\${link}\" SYMBOLIC)" COMPONENT libtorch_link)
  set(program_rpath $ORIGIN/../${CMAKE_INSTALL_LIBDIR} $ORIGIN/../${graft_libtorch_dir})
  if(LIBTORCH_HAS_CUDA_RUNTIME)
    get_filename_component(cudart_library ${LIBTORCH_cudart_LIBRARY} DIRECTORY)
    list(APPEND library_rpath ${cudart_library})
    list(APPEND program_rpath ${cudart_library})
  endif()
  set_target_properties(graft_cli PROPERTIES INSTALL_RPATH "${program_rpath}")
  install(TARGETS graft_cli RUNTIME_DEPENDENCY_SET graft_needs RUNTIME COMPONENT runtime)
  install(FILES ${PROJECT_BINARY_DIR}/graft.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
  # The C interface, for find_package(graft COMPONENTS c) and pkg-config.
  add_dependencies(graft_cli graft_c)
  set_target_properties(graft_c PROPERTIES INSTALL_RPATH "${library_rpath}")
  install(TARGETS graft_c EXPORT graftTargets RUNTIME_DEPENDENCY_SET graft_needs
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT development FILE_SET HEADERS)
  file(RELATIVE_PATH graft_include_from_pkgconfig
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/graft.pc.in ${PROJECT_BINARY_DIR}/graft.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/graft.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
if(BUILD_SHARED_LIBS)
  set_target_properties(${stage_targets} PROPERTIES INSTALL_RPATH "${library_rpath}")
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
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/graftConfig.cmake.in ${PROJECT_BINARY_DIR}/graftConfig.cmake
  INSTALL_DESTINATION ${graft_config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/graftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/graftConfig.cmake ${PROJECT_BINARY_DIR}/graftConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/GraftDependencies.cmake ${CMAKE_CURRENT_LIST_DIR}/FindLibtorch.cmake
              ${CMAKE_CURRENT_LIST_DIR}/FindOneDNN.cmake ${CMAKE_CURRENT_LIST_DIR}/FindONNX.cmake
        DESTINATION ${graft_config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT runtime)
