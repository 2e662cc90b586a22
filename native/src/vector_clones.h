// The attribute that builds a function for several CPUs.
#ifndef DUOVOX_VECTOR_CLONES_H
#define DUOVOX_VECTOR_CLONES_H

// One version for any x86-64, one for AVX2 with FMA (v3) and one for AVX-512 (v4), chosen when the
// library is loaded. Levels, not names of extensions: a list such as "avx2,fma" makes a version for
// each, of which the one for AVX2 lacks FMA. Not under the address sanitizer, whose run-time is not
// ready at that moment, and not with compilers that lack it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define DUOVOX_VECTOR_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define DUOVOX_VECTOR_CLONES
#endif

#endif  // DUOVOX_VECTOR_CLONES_H
