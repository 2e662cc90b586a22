# Finds or fetches the headers of CUDA's runtime with scripts/fetch and makes the target duovox::cuda_headers: enough to
# compile code that calls libtorch's CUDA part, without a tool kit and without a GPU.
execute_process(
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/fetch cuda-headers --json
  OUTPUT_VARIABLE answer RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "CUDA's headers are not available; the lines above say why")
endif()
string(JSON path GET "${answer}" path)
message(STATUS "CUDA headers: ${path}")

add_library(duovox_cuda_headers INTERFACE)
add_library(duovox::cuda_headers ALIAS duovox_cuda_headers)
string(JSON last LENGTH "${answer}" include_dirs)
math(EXPR last "${last} - 1")
foreach(index RANGE ${last})
  string(JSON folder GET "${answer}" include_dirs ${index})
  target_include_directories(duovox_cuda_headers SYSTEM INTERFACE ${folder})
endforeach()
