// The attribute that compiles a function for several kinds of CPU.
#ifndef DUOVOX_VECTOR_CLONES_H
#define DUOVOX_VECTOR_CLONES_H

// One version for any x86-64, one for AVX2 with FMA (v3) and one for AVX-512 (v4), chosen when the
// library is loaded. The list names levels, not extensions: "avx2,fma" would make one version for
// each, and the one for AVX2 would lack FMA. Off under AddressSanitizer, whose run-time is not
// ready when the library is loaded, and with compilers that lack the attribute.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define DUOVOX_VECTOR_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define DUOVOX_VECTOR_CLONES
#endif

#endif  // DUOVOX_VECTOR_CLONES_H
