# Finds or fetches libtorch with scripts/fetch and makes the target duovox::libtorch. libtorch's own
# TorchConfig.cmake is not used: for a CUDA build it insists on a CUDA tool kit, which nothing here needs.
set(DUOVOX_LIBTORCH "" CACHE PATH "Folder of a libtorch 2.11 to 2.15; empty: LIBTORCH, an active Python's torch, the cache, a download")
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(command ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/fetch libtorch --json)
if(DUOVOX_LIBTORCH)
  list(APPEND command --libtorch ${DUOVOX_LIBTORCH})
endif()
execute_process(COMMAND ${command} OUTPUT_VARIABLE answer RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "libtorch is not available; the lines above say why")
endif()
string(JSON root GET "${answer}" path)
string(JSON version GET "${answer}" version)
string(JSON source GET "${answer}" source)
set(library_dirs)
string(JSON last LENGTH "${answer}" library_dirs)
math(EXPR last "${last} - 1")
foreach(index RANGE ${last})
  string(JSON folder GET "${answer}" library_dirs ${index})
  list(APPEND library_dirs ${folder})
endforeach()
message(STATUS "libtorch ${version} (${source}): ${root}")

add_library(duovox_libtorch INTERFACE)
add_library(duovox::libtorch ALIAS duovox_libtorch)
target_include_directories(
  duovox_libtorch SYSTEM INTERFACE ${root}/include ${root}/include/torch/csrc/api/include)
target_compile_definitions(duovox_libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
# --no-as-needed: libtorch_cpu registers its operators when it is loaded, whether or not a symbol of it is used.
target_link_options(duovox_libtorch INTERFACE "LINKER:--no-as-needed")
set(DUOVOX_LIBTORCH_FOLDER ${root}/lib)
target_link_libraries(duovox_libtorch INTERFACE ${root}/lib/libtorch_cpu.so ${root}/lib/libc10.so)

# at::parallel_for is a template: without OpenMP it compiles but runs on one thread. The run-time library must be the one
# that libtorch uses, since two libraries in a process have two sets of threads.
target_compile_options(duovox_libtorch INTERFACE -fopenmp)
file(GLOB openmp ${root}/lib/libgomp*.so*)
if(NOT openmp)
  set(openmp gomp)
endif()
target_link_libraries(duovox_libtorch INTERFACE ${openmp})

# One System.load must find libtorch and its companions, wherever they are.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN" ${library_dirs})
