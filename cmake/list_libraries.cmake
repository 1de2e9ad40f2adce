# cmake -DOUTPUT=libraries.txt -DFILES=a;b -DNAME=x -DREADELF=readelf -DARCHITECTURE=x86_64-linux-gnu -P list_libraries.cmake
# Lists the shared libraries that the files load, except those of libtorch, with the Debian package of each.
set(libraries "")
foreach(file IN LISTS FILES)
  execute_process(COMMAND ${READELF} -d ${file} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "[][]" "" dynamic "${dynamic}")  # CMake does not separate list items within brackets
  string(REGEX MATCHALL "Shared library: [^\n]+" needed "${dynamic}")
  list(TRANSFORM needed REPLACE "Shared library: " "")
  list(APPEND libraries ${needed})
endforeach()
list(FILTER libraries EXCLUDE REGEX "^lib(torch|c10|gomp-)")
list(REMOVE_DUPLICATES libraries)
list(SORT libraries)

find_program(DPKG_QUERY dpkg-query)
set(lines "")
set(packages "")
foreach(library IN LISTS libraries)
  set(package "")
  if(DPKG_QUERY)
    execute_process(COMMAND ${DPKG_QUERY} -S "*/${ARCHITECTURE}/${library}" OUTPUT_VARIABLE owner ERROR_QUIET)
    string(REGEX MATCH "^[^:]*" package "${owner}")
  endif()
  list(APPEND packages ${package})
  string(LENGTH ${library} length)
  math(EXPR spaces "32 - ${length}")
  string(REPEAT " " ${spaces} gap)
  string(APPEND lines "${library}${gap}${package}\n")
endforeach()
list(REMOVE_DUPLICATES packages)
list(SORT packages)
list(JOIN packages " " packages)

file(READ /etc/os-release system)
string(REGEX MATCH "PRETTY_NAME=\"([^\"]*)" system "${system}")
file(WRITE ${OUTPUT} "# ${NAME} loads these shared libraries, which its archive does not contain. The second column is the package
# of each in ${CMAKE_MATCH_1}. Text in pictures also needs a font (fonts-dejavu-core).
${lines}
# apt-get install ${packages}
")
