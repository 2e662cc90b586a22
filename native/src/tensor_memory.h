// The host memory of tensors, which comes from a heap of its own.
#ifndef DUOVOX_TENSOR_MEMORY_H
#define DUOVOX_TENSOR_MEMORY_H

namespace duovox {

/// Returns unused host memory to the operating system. Call after work that used much of it.
void trim_memory();

}  // namespace duovox

#endif  // DUOVOX_TENSOR_MEMORY_H
