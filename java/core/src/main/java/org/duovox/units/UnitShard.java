package org.duovox.units;

import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.io.MappedTensor;

/// One mapped safetensors file of a unit set.
record UnitShard(Path file, MappedTensor units, MappedTensor offsets) {

  static UnitShard open(Path file) {
    return new UnitShard(
        file, MappedTensor.open(file, "units"), MappedTensor.open(file, "offsets"));
  }

  /// Refuses an entry of the index that does not fit the offsets.
  void requirePlace(IndexFile.Entry entry) {
    if (entry.position() + 1 >= offsets.size()) {
      throw DuovoxException.badData("%s: has no utterance %d".formatted(file, entry.position()));
    }
    long from = offsets.at(entry.position());
    long to = offsets.at(entry.position() + 1);
    if (from < 0 || to > units.size() || to - from != entry.frames()) {
      throw DuovoxException.badData(
          "%s: '%s' spans %d to %d of %d units, but the index says %d frames"
              .formatted(file, entry.id(), from, to, units.size(), entry.frames()));
    }
  }

  /// The units of an utterance, every one checked.
  int[] units(IndexFile.Entry entry, int vocabulary) {
    requirePlace(entry);
    int from = (int) offsets.at(entry.position());
    int[] found = units.range(from, from + entry.frames());
    for (int i = 0; i < found.length; i++) {
      if (found[i] < 0 || found[i] >= vocabulary) {
        throw DuovoxException.badData(
            "%s: '%s', frame %d: unit %d is outside of the vocabulary 0 to %d"
                .formatted(file, entry.id(), i, found[i], vocabulary - 1));
      }
    }
    return found;
  }
}
