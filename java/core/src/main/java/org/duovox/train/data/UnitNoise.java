package org.duovox.train.data;

import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.SplitMix;

/// Replaces units by MASK at random, so that a classifier does not depend on single units of its
/// training speakers.
///
/// @param contextual probability of hiding a contextual token; 0
/// @param phonetic probability of hiding a phonetic unit; 0
public record UnitNoise(double contextual, double phonetic) {
  /// Units as they are.
  public static final UnitNoise NONE = new UnitNoise(0, 0);

  public UnitNoise {
    if (!(contextual >= 0 && contextual < 1 && phonetic >= 0 && phonetic < 1)) {
      throw DuovoxException.config(
          "unit noise must be 0 to below 1, but is %s and %s".formatted(contextual, phonetic));
    }
  }

  /// Returns no noise.
  public static UnitNoise defaults() {
    return NONE;
  }

  /// Returns whether it leaves all units unchanged.
  public boolean changesNothing() {
    return contextual == 0 && phonetic == 0;
  }

  /// Masks units of one row; CLS, SEP and their phonetic units stay.
  public void apply(Slot slot, Shape shape, int row, UnitIds ids, SplitMix draws) {
    int at = row * shape.tokens();
    for (int t = 1; t < slot.lengths().get(row) - 1; t++) {
      if (draws.nextDouble() < contextual) {
        slot.contextual().put(at + t, ids.mask());
      }
    }
    if (ids.bothStreams()) {
      int units = row * shape.phoneticUnits();
      for (int i = 1; i < slot.phoneticLengths().get(row) - 1; i++) {
        if (draws.nextDouble() < phonetic) {
          slot.phonetic().put(units + i, ids.phoneticMask());
        }
      }
    }
  }
}
