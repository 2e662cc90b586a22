package org.duovox.speech;

/// The vectors that the codes of a layer stand for.
///
/// @param groups codes of a frame
/// @param codes of each group
/// @param width values of a vector
/// @param values (groups, codes, width) row-major; not copied
@SuppressWarnings("ArrayRecordComponent") // A codebook may be large, and nobody changes it.
public record CodeVectors(int groups, int codes, int width, float[] values) {
  public CodeVectors {
    if ((long) groups * codes * width != values.length) {
      throw new IllegalArgumentException(
          "%d values for %d x %d x %d".formatted(values.length, groups, codes, width));
    }
  }
}
