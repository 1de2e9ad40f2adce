# make package: the archive graft-VERSION-linux-x86_64.tar.gz, and the Debian packages graft and libgraft-dev, by CPack.
# They have a stripped copy of libtorch, because distributions have other versions of it or none. All other libraries come
# from the distribution, with its security updates: the Debian package depends on them, and libraries.txt lists them.
get_filename_component(libtorch_root ${LIBTORCH_INCLUDE_DIR} DIRECTORY)
file(GLOB libtorch_licences ${libtorch_root}/../torch-*.dist-info/licenses ${libtorch_root}/LICENSE*)

set(refusal "")
if(LIBTORCH_torch_cuda_LIBRARY)
  set(refusal "packages have the CPU build of libtorch, and ${libtorch_root} is built for CUDA; use another by LIBTORCH=FOLDER")
elseif(BUILD_SHARED_LIBS)
  set(refusal "packages have the stages as static libraries; configure with BUILD_SHARED_LIBS=OFF")
elseif(NOT libtorch_licences)
  set(refusal "packages have libtorch's licences, and they are not beside ${libtorch_root}; use PyTorch's wheel (make setup)")
endif()

# The component of what only packages have.
if(refusal)
  install(CODE "message(FATAL_ERROR \"${refusal}\")" COMPONENT bundle EXCLUDE_FROM_ALL)
endif()
install(CODE "
  set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${graft_libtorch_dir}\")
  if(IS_SYMLINK \"\${folder}\")  # of an installation: the copy must not change the libtorch that it refers to
    file(REMOVE \"\${folder}\")
  endif()" COMPONENT bundle EXCLUDE_FROM_ALL)
# libgomp only if it is a renamed copy: otherwise the distribution's, which its other libraries load too.
install(RUNTIME_DEPENDENCY_SET graft_needs
  PRE_INCLUDE_REGEXES "^libtorch" "^libc10" "^libgomp-" PRE_EXCLUDE_REGEXES "."
  LIBRARY DESTINATION ${graft_libtorch_dir} COMPONENT bundle EXCLUDE_FROM_ALL)
install(CODE "
  if(CMAKE_INSTALL_DO_STRIP)
    file(GLOB libraries \"\${folder}/*\")
    execute_process(COMMAND ${CMAKE_STRIP} --strip-unneeded \${libraries} COMMAND_ERROR_IS_FATAL ANY)
  endif()" COMPONENT bundle EXCLUDE_FROM_ALL)
if(libtorch_licences)
  install(DIRECTORY ${libtorch_licences} DESTINATION ${CMAKE_INSTALL_DOCDIR}/libtorch
    COMPONENT bundle EXCLUDE_FROM_ALL)
endif()
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" -DREADELF=${CMAKE_READELF}
  \"-DOUTPUT=\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/libraries.txt\"
  -DARCHITECTURE=${CMAKE_LIBRARY_ARCHITECTURE} \"-DNAME=graft ${PROJECT_VERSION}\"
  \"-DFILES=$<TARGET_FILE:graft_cli>;$<TARGET_FILE:graft_c>;${LIBTORCH_torch_cpu_LIBRARY};${LIBTORCH_c10_LIBRARY}\"
  -P ${CMAKE_CURRENT_LIST_DIR}/list_libraries.cmake COMMAND_ERROR_IS_FATAL ANY)" COMPONENT bundle EXCLUDE_FROM_ALL)

string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
set(CPACK_GENERATOR TGZ)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
  list(APPEND CPACK_GENERATOR DEB)
endif()
mark_as_advanced(DPKG_SHLIBDEPS)
set(CPACK_PACKAGE_NAME graft)
set(CPACK_PACKAGE_VENDOR graft)
set(CPACK_PACKAGE_CONTACT "The maintainers of graft")
set(CPACK_PACKAGE_FILE_NAME graft-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime bundle development)

# One archive of all components; a Debian package of each group.
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
file(WRITE ${PROJECT_BINARY_DIR}/CPackGrouping.cmake [[
if(CPACK_GENERATOR STREQUAL TGZ)
  set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
else()
  set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
endif()
]])
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/CPackGrouping.cmake)

# The libraries that C++ programs link with the static ones; C programs need none.
file(STRINGS ${PROJECT_SOURCE_DIR}/tools/apt-packages.txt development_packages REGEX "^[^#].*-dev$")
list(FILTER development_packages EXCLUDE REGEX "cli11|gmock|gtest")
list(JOIN development_packages ", " development_packages)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_GRAFT_PACKAGE_NAME graft)
set(CPACK_DEBIAN_GRAFT_DESCRIPTION "${PROJECT_DESCRIPTION}: the program and the C library")
set(CPACK_DEBIAN_GRAFT_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${libtorch_libraries})
set(CPACK_DEBIAN_GRAFT_PACKAGE_RECOMMENDS "ca-certificates, fonts-dejavu-core")
set(CPACK_DEBIAN_GRAFT_PACKAGE_SUGGESTS fonts-wqy-microhei)
set(CPACK_DEBIAN_LIBGRAFT-DEV_PACKAGE_NAME libgraft-dev)
set(CPACK_DEBIAN_LIBGRAFT-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBGRAFT-DEV_DESCRIPTION "${PROJECT_DESCRIPTION}: headers and static libraries")
set(CPACK_DEBIAN_LIBGRAFT-DEV_PACKAGE_DEPENDS "graft (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_LIBGRAFT-DEV_PACKAGE_RECOMMENDS "${development_packages}")

include(CPack)
cpack_add_component(runtime GROUP graft)
cpack_add_component(bundle GROUP graft)
cpack_add_component(development GROUP libgraft-dev)
cpack_add_component_group(graft)
cpack_add_component_group(libgraft-dev)
