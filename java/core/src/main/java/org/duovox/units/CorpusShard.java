package org.duovox.units;

import java.nio.file.Path;
import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;

/// One safetensors file of a corpus in memory, cut into utterances that are checked one by one.
final class CorpusShard {
  private final Path file;
  private final int[] contextual;
  private final int[] durations;
  private final int[] phonetic;
  private final int[] start;
  private final int[] end;
  private final long[] offsets;
  private final long[] phoneticOffsets;

  private CorpusShard(Path file, SafetensorsFile tensors) {
    this.file = file;
    contextual = tensors.ints("contextual");
    durations = tensors.ints("durations");
    phonetic = tensors.ints("phonetic");
    start = tensors.ints("phonetic_start");
    end = tensors.ints("phonetic_end");
    offsets = tensors.longs("offsets");
    phoneticOffsets = tensors.longs("phonetic_offsets");
    if (durations.length != contextual.length
        || start.length != contextual.length
        || end.length != contextual.length
        || offsets.length != phoneticOffsets.length) {
      throw DuovoxException.badData(file + ": its tensors are of different lengths");
    }
  }

  static CorpusShard read(Path file) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      return new CorpusShard(file, tensors);
    }
  }

  UnitUtterance utterance(IndexFile.Entry entry, int contextualCodes, int phoneticCodes) {
    int from = bound(offsets, entry.position(), contextual.length);
    int to = bound(offsets, entry.position() + 1, contextual.length);
    int unitsFrom = bound(phoneticOffsets, entry.position(), phonetic.length);
    int unitsTo = bound(phoneticOffsets, entry.position() + 1, phonetic.length);
    if (to - from != entry.frames() || unitsTo < unitsFrom) {
      throw DuovoxException.badData(
          "%s: '%s' has %d tokens, but %d in the index"
              .formatted(file, entry.id(), to - from, entry.frames()));
    }
    UnitUtterance utterance =
        new UnitUtterance(
            entry.id(),
            Arrays.copyOfRange(contextual, from, to),
            Arrays.copyOfRange(durations, from, to),
            Arrays.copyOfRange(phonetic, unitsFrom, unitsTo),
            Arrays.copyOfRange(start, from, to),
            Arrays.copyOfRange(end, from, to),
            entry.samples(),
            entry.fields());
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

  private int bound(long[] bounds, int index, int limit) {
    if (index >= bounds.length || bounds[index] < 0 || bounds[index] > limit) {
      throw DuovoxException.badData(
          "%s: offset %d is missing or out of range".formatted(file, index));
    }
    return (int) bounds[index];
  }
}
