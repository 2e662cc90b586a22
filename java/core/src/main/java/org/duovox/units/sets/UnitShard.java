package org.duovox.units.sets;

import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;

/// One safetensors file of a unit set, read by position.
record UnitShard(SafetensorsFile tensors, long units, long[] offsets) {
  private static final String UNITS = "units";

  static UnitShard open(Path file) {
    SafetensorsFile tensors = Safetensors.open(file);
    try {
      return new UnitShard(tensors, tensors.require(UNITS).elements(), tensors.longs("offsets"));
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /// Refuses an entry of the index that does not fit the offsets.
  void requirePlace(IndexFile.Entry entry) {
    if (entry.position() + 1 >= offsets.length) {
      throw DuovoxException.badData(
          "%s: has no utterance %d".formatted(tensors.path(), entry.position()));
    }
    long from = offsets[entry.position()];
    long to = offsets[entry.position() + 1];
    if (from < 0 || to > units || to - from != entry.frames()) {
      throw DuovoxException.badData(
          "%s: '%s' spans %d to %d of %d units, but the index says %d frames"
              .formatted(tensors.path(), entry.id(), from, to, units, entry.frames()));
    }
  }

  /// The units of an utterance, every one checked.
  int[] units(IndexFile.Entry entry, int vocabulary) {
    requirePlace(entry);
    int[] found = tensors.ints(UNITS, offsets[entry.position()], entry.frames());
    for (int i = 0; i < found.length; i++) {
      if (found[i] < 0 || found[i] >= vocabulary) {
        throw DuovoxException.badData(
            "%s: '%s', frame %d: unit %d is outside of the vocabulary 0 to %d"
                .formatted(tensors.path(), entry.id(), i, found[i], vocabulary - 1));
      }
    }
    return found;
  }
}
