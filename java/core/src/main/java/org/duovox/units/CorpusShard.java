package org.duovox.units;

import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.MappedRows;
import org.duovox.io.MappedTensor;

/// One mapped safetensors file of a corpus; utterances are cut out and checked when they are asked
/// for.
final class CorpusShard {
  private final Path file;
  private final MappedTensor contextual;
  private final MappedTensor durations;
  private final MappedTensor phonetic;
  private final MappedTensor start;
  private final MappedTensor end;
  private final MappedTensor offsets;
  private final MappedTensor phoneticOffsets;
  private final Optional<MappedRows> features;

  private CorpusShard(Path file, Optional<MappedRows> features) {
    this.file = file;
    this.features = features;
    contextual = MappedTensor.open(file, "contextual");
    durations = MappedTensor.open(file, "durations");
    phonetic = MappedTensor.open(file, "phonetic");
    start = MappedTensor.open(file, "phonetic_start");
    end = MappedTensor.open(file, "phonetic_end");
    offsets = MappedTensor.open(file, "offsets");
    phoneticOffsets = MappedTensor.open(file, "phonetic_offsets");
    if (durations.size() != contextual.size()
        || start.size() != contextual.size()
        || end.size() != contextual.size()
        || offsets.size() != phoneticOffsets.size()) {
      throw DuovoxException.badData(file + ": its tensors are of different lengths");
    }
    if (features.isPresent() && features.get().rows() != contextual.size()) {
      throw DuovoxException.badData(
          "%s: has %d tokens, but features of %d"
              .formatted(file, contextual.size(), features.get().rows()));
    }
  }

  /// @param features of its tokens, where the corpus keeps them
  static CorpusShard open(Path file, Optional<MappedRows> features) {
    return new CorpusShard(file, features);
  }

  /// Refuses an entry of the index that does not fit the offsets.
  void requirePlace(IndexFile.Entry entry) {
    int from = bound(offsets, entry.position(), contextual.size());
    int to = bound(offsets, entry.position() + 1, contextual.size());
    int unitsFrom = bound(phoneticOffsets, entry.position(), phonetic.size());
    int unitsTo = bound(phoneticOffsets, entry.position() + 1, phonetic.size());
    if (to - from != entry.frames() || unitsTo < unitsFrom) {
      throw DuovoxException.badData(
          "%s: '%s' has %d tokens, but %d in the index"
              .formatted(file, entry.id(), to - from, entry.frames()));
    }
  }

  /// An utterance, every unit checked.
  UnitUtterance utterance(IndexFile.Entry entry, int contextualCodes, int phoneticCodes) {
    requirePlace(entry);
    int from = (int) offsets.at(entry.position());
    int to = from + entry.frames();
    int unitsFrom = (int) phoneticOffsets.at(entry.position());
    int unitsTo = (int) phoneticOffsets.at(entry.position() + 1);
    UnitUtterance utterance =
        new UnitUtterance(
            entry.id(),
            contextual.range(from, to),
            durations.range(from, to),
            phonetic.range(unitsFrom, unitsTo),
            start.range(from, to),
            end.range(from, to),
            entry.samples(),
            entry.fields(),
            entry.audioSha256(),
            features.map(rows -> new TokenFeatures(rows, from)));
    check(utterance, contextualCodes, phoneticCodes, file.toString());
    return utterance;
  }

  /// Refuses an utterance that a model could not read: no token, units outside of the vocabulary,
  /// spans out of order.
  static void check(UnitUtterance utterance, int contextualCodes, int phoneticCodes, String where) {
    int tokens = utterance.tokens();
    if (tokens == 0) {
      throw DuovoxException.badData("%s: '%s' has no token".formatted(where, utterance.id()));
    }
    int next = 0;
    for (int t = 0; t < tokens; t++) {
      if (utterance.start()[t] != next
          || utterance.end()[t] < next
          || utterance.durations()[t] < 1) {
        throw DuovoxException.badData(
            "%s: '%s', token %d: phonetic units %d to %d do not follow those of the token before"
                .formatted(where, utterance.id(), t, utterance.start()[t], utterance.end()[t]));
      }
      next = utterance.end()[t] + 1;
    }
    if (next != utterance.phonetic().length) {
      throw DuovoxException.badData(
          "%s: '%s' has %d phonetic units, its tokens %d"
              .formatted(where, utterance.id(), utterance.phonetic().length, next));
    }
    requireCodes(utterance.contextual(), contextualCodes, utterance.id(), where);
    requireCodes(utterance.phonetic(), phoneticCodes, utterance.id(), where);
  }

  private static void requireCodes(int[] units, int codes, String id, String where) {
    for (int i = 0; i < units.length; i++) {
      if (units[i] < 0 || units[i] >= codes) {
        throw DuovoxException.badData(
            "%s: '%s', unit %d at index %d is outside of the vocabulary 0 to %d"
                .formatted(where, id, units[i], i, codes - 1));
      }
    }
  }

  private int bound(MappedTensor bounds, int index, int limit) {
    if (index >= bounds.size() || bounds.at(index) < 0 || bounds.at(index) > limit) {
      throw DuovoxException.badData(
          "%s: offset %d is missing or out of range".formatted(file, index));
    }
    return (int) bounds.at(index);
  }
}
