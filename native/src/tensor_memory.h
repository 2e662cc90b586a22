// Memory of tensors on the host: taken from a heap of their own, given back on request.
#ifndef DUOVOX_TENSOR_MEMORY_H
#define DUOVOX_TENSOR_MEMORY_H

namespace duovox {

/// Gives host memory that nothing uses back to the system: at the end of what used much.
void trim_memory();

}  // namespace duovox

#endif  // DUOVOX_TENSOR_MEMORY_H
