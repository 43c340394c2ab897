# cmake -DFOLDER=... -DOUTPUT=... -P embed.cmake
#
# Writes the parts of the page as C++: string literals in pieces, as compilers limit their length.
set(code "// Written by embed.cmake.\n\n#include \"conformance/runner/presentation/page.hpp\"\n\n")
string(APPEND code "namespace conformance::runner {\n\n")
foreach(part IN ITEMS "template|page.html" "style|page.css" "script|grid.js;panel.js;filters.js;start.js")
  string(REPLACE "|" ";" part "${part}")
  list(POP_FRONT part name)
  string(APPEND code "const std::string_view page_${name} =")
  foreach(file IN LISTS part)
    file(READ "${FOLDER}/${file}" content HEX)
    # A literal for each line: "0a" on an even place ends one.
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" content "${content}")
    string(REPLACE "\\x0a" "\\n\"\n    \"" content "${content}")
    string(APPEND code "\n    \"${content}\"")
  endforeach()
  string(APPEND code ";\n\n")
endforeach()
string(APPEND code "}  // namespace conformance::runner\n")
file(WRITE "${OUTPUT}" "${code}")
