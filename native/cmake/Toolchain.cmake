# Compiler flags for Duovox's own code, and ccache where it is installed.
add_library(duovox_warnings INTERFACE)
target_compile_options(duovox_warnings INTERFACE -Wall -Wextra -Werror)

add_library(duovox_sanitizers INTERFACE)
if(DUOVOX_SANITIZE)
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_compile_options(duovox_sanitizers INTERFACE ${flags})
  target_compile_definitions(duovox_sanitizers INTERFACE DUOVOX_SANITIZED)
  target_link_options(duovox_sanitizers INTERFACE ${flags})
endif()

find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM)
  # The sloppiness is what ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime
      ${CCACHE_PROGRAM})
endif()
