package org.duovox.speech;

import java.util.Arrays;
import java.util.Objects;

/// The frames of one layer for one utterance: `frames` vectors of `width` values, row-major.
///
/// @param values (frames, width); not copied, so that large features are not held twice
/// @param frames number of frames, 0 allowed
/// @param width values per frame, positive
public record Frames(float[] values, int frames, int width) {

  public Frames {
    Objects.requireNonNull(values, "values");
    if (frames < 0 || width <= 0 || (long) frames * width != values.length) {
      throw new IllegalArgumentException(
          values.length + " values are not " + frames + " frames of width " + width);
    }
  }

  /// The frames from `begin` (inclusive) to `end` (exclusive); the same object when these are all.
  public Frames slice(int begin, int end) {
    if (begin == 0 && end == frames) {
      return this;
    }
    return new Frames(Arrays.copyOfRange(values, begin * width, end * width), end - begin, width);
  }

  /// Index of the first value that is NaN or infinite, or -1.
  public int firstNonFinite() {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frames that
        && frames == that.frames
        && width == that.width
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(frames, width, Arrays.hashCode(values));
  }

  @Override
  public String toString() {
    return "Frames[" + frames + " x " + width + "]";
  }
}
