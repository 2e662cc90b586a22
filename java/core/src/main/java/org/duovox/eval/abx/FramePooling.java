package org.duovox.eval.abx;

/// How the frames of an item become one.
public enum FramePooling {
  /// They stay, and items are aligned by dynamic time warping.
  NONE,
  /// Their mean.
  MEAN,
  /// Their mean, weighted with a Hamming window.
  HAMMING;

  /// Returns the pooling of this (lower-case) name.
  ///
  /// @throws org.duovox.DuovoxException of kind BAD_CONFIG with the nearest known name
  public static FramePooling of(String name) {
    return FrameDistance.choice(FramePooling.class, "pooling", name);
  }

  /// Returns the name in configurations and results.
  public String label() {
    return FrameDistance.label(this);
  }

  /// Pools (count, width) frames, row-major.
  float[] apply(float[] frames, int count, int width) {
    return switch (this) {
      case NONE -> frames;
      case MEAN -> mean(frames, count, width);
      case HAMMING -> hamming(frames, count, width);
    };
  }

  private static float[] mean(float[] frames, int count, int width) {
    float[] mean = new float[width];
    for (int column = 0; column < width; column++) {
      int at = column;
      mean[column] =
          FloatSums.column(row -> frames[row * width + at], count, column, width) / count;
    }
    return mean;
  }

  private static float[] hamming(float[] frames, int count, int width) {
    double[] sums = new double[width];
    double weights = 0;
    for (int row = 0; row < count; row++) {
      double weight = count == 1 ? 1 : 0.54 - 0.46 * Math.cos(2 * Math.PI * row / (count - 1));
      weights += weight;
      for (int column = 0; column < width; column++) {
        sums[column] += weight * frames[row * width + column];
      }
    }
    float[] pooled = new float[width];
    for (int column = 0; column < width; column++) {
      pooled[column] = (float) (sums[column] / weights);
    }
    return pooled;
  }
}
