package org.duovox.units.kmeans;

import java.nio.FloatBuffer;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRows;
import org.duovox.speech.FeatureCodebook;

/// The coder of frames that are codes already.
final class StoredCodes implements Coder {
  private final FeatureCodebook codebook;
  private final float[] vectors;

  StoredCodes(FeatureCodebook codebook) {
    this.codebook = codebook;
    this.vectors = codebook.vectors();
  }

  @Override
  public int groups() {
    return codebook.groups();
  }

  @Override
  public int radix() {
    return codebook.codes();
  }

  @Override
  public int width() {
    return groups() * codebook.width();
  }

  @Override
  public int[] codes(NativeRows rows, int count, String id, int frame) {
    int[] codes = new int[count * groups()];
    FloatBuffer values = rows.floats(0, count);
    for (int i = 0; i < codes.length; i++) {
      float value = values.get(i);
      codes[i] = (int) value;
      if (codes[i] != value || value < 0 || value >= radix()) {
        throw DuovoxException.badData(
            "%s: frame %d holds %s where a code must be, a whole number from 0 to %d (%s)"
                .formatted(id, frame + i / groups(), value, radix() - 1, codebook.where()));
      }
    }
    return codes;
  }

  @Override
  public void decode(int[] combination, int from, float[] target, int at) {
    int width = codebook.width();
    for (int g = 0; g < groups(); g++) {
      int row = g * radix() + combination[from + g];
      System.arraycopy(vectors, row * width, target, at + g * width, width);
    }
  }
}
