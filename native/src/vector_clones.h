// The attribute that builds a function for several CPUs.
#ifndef DUOVOX_VECTOR_CLONES_H
#define DUOVOX_VECTOR_CLONES_H

// One version per vector extension, chosen when the library is loaded. Not under the address
// sanitizer, whose run-time is not ready at that moment, and not with compilers that lack it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define DUOVOX_VECTOR_CLONES __attribute__((target_clones("default", "avx2,fma", "avx512f")))
#else
#define DUOVOX_VECTOR_CLONES
#endif

#endif  // DUOVOX_VECTOR_CLONES_H
