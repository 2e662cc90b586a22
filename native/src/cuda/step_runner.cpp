// See step_runner.h. Loads libduovox_cuda.so from the folder of the library that holds this code.
#include "cuda/step_runner.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "error.h"

namespace duovox {
namespace {

[[noreturn]] void unavailable(const std::string& reason) {
  throw Error(DUOVOX_UNAVAILABLE, "DUOVOX_CUDA_GRAPHS is 1, but " + reason +
                                      " (unset it, or build with -DDUOVOX_CUDA=ON)");
}

std::string path_beside_this_library() {
  Dl_info info{};
  if (dladdr(&kMakeGraphRunner, &info) == 0 || info.dli_fname == nullptr) return {};
  const std::string self = info.dli_fname;
  const size_t slash = self.rfind('/');
  return (slash == std::string::npos ? "./" : self.substr(0, slash + 1)) + "libduovox_cuda.so";
}

std::string loader_words(const char* otherwise) {
  const char* words = dlerror();
  return words != nullptr ? words : otherwise;
}

}  // namespace

std::unique_ptr<StepRunner> make_step_runner(at::Device device) {
  const char* wanted = std::getenv("DUOVOX_CUDA_GRAPHS");
  if (!device.is_cuda() || wanted == nullptr || std::string(wanted) != "1") return nullptr;
  // Stays loaded for the life of the process, as libtorch's CUDA part does.
  void* library = dlopen(path_beside_this_library().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) unavailable(loader_words("libduovox_cuda.so cannot be loaded"));
  const auto make = reinterpret_cast<MakeGraphRunner>(dlsym(library, kMakeGraphRunner));
  if (make == nullptr) unavailable(loader_words("libduovox_cuda.so is of another version"));
  return std::unique_ptr<StepRunner>(make());
}

}  // namespace duovox
