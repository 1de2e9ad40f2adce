# The C++ blocks of a page: with part=headers their #include lines, with part=statements all others. Errors of the
# compiler name the page.
/^```cpp$/ { inside = 1; printf "#line %d \"%s\"\n", FNR + 1, FILENAME; next }
/^```$/ { inside = 0 }
inside { header = /^#include/; print (header == (part == "headers")) ? $0 : "" }
