package org.duovox.units.corpus;

import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.units.sets.IndexFile;

/// One safetensors file of a corpus, read by position. Utterances are read and checked when they
/// are asked for.
final class CorpusShard {
  private final SafetensorsFile tensors;
  private final long tokens;
  private final long phonetic;
  private final long[] offsets;
  private final long[] phoneticOffsets;
  private final Optional<TokenFeatures.Shard> features;

  private CorpusShard(SafetensorsFile tensors, Optional<TokenFeatures.Shard> features) {
    this.tensors = tensors;
    this.features = features;
    tokens = elements("contextual");
    phonetic = elements("phonetic");
    offsets = tensors.longs("offsets");
    phoneticOffsets = tensors.longs("phonetic_offsets");
    if (elements("durations") != tokens
        || elements("phonetic_start") != tokens
        || elements("phonetic_end") != tokens
        || offsets.length != phoneticOffsets.length) {
      throw DuovoxException.badData(tensors.path() + ": its tensors are of different lengths");
    }
    if (features.isPresent() && features.get().tokens() != tokens) {
      throw DuovoxException.badData(
          "%s: has %d tokens, but features of %d"
              .formatted(tensors.path(), tokens, features.get().tokens()));
    }
  }

  private long elements(String name) {
    return tensors.require(name).elements();
  }

  /// @param features of its tokens, where the corpus keeps them
  static CorpusShard open(Path file, Optional<TokenFeatures.Shard> features) {
    SafetensorsFile tensors = Safetensors.open(file);
    try {
      return new CorpusShard(tensors, features);
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /// Refuses an entry of the index that does not fit the offsets.
  void requirePlace(IndexFile.Entry entry) {
    int from = bound(offsets, entry.position(), tokens);
    int to = bound(offsets, entry.position() + 1, tokens);
    int unitsFrom = bound(phoneticOffsets, entry.position(), phonetic);
    int unitsTo = bound(phoneticOffsets, entry.position() + 1, phonetic);
    if (to - from != entry.frames() || unitsTo < unitsFrom) {
      throw DuovoxException.badData(
          "%s: '%s' has %d tokens, but %d in the index"
              .formatted(tensors.path(), entry.id(), to - from, entry.frames()));
    }
  }

  /// Reads an utterance and checks every unit.
  UnitUtterance utterance(
      IndexFile.Entry entry, CorpusManifest.Stream contextual, CorpusManifest.Stream fine) {
    requirePlace(entry);
    int from = (int) offsets[entry.position()];
    int count = entry.frames();
    int unitsFrom = (int) phoneticOffsets[entry.position()];
    int unitsTo = (int) phoneticOffsets[entry.position() + 1];
    UnitUtterance utterance =
        new UnitUtterance(
            entry.id(),
            tensors.ints("contextual", from, count),
            tensors.ints("durations", from, count),
            tensors.ints("phonetic", unitsFrom, unitsTo - unitsFrom),
            tensors.ints("phonetic_start", from, count),
            tensors.ints("phonetic_end", from, count),
            entry.samples(),
            entry.fields(),
            entry.audioSha256(),
            features.map(rows -> new TokenFeatures(rows, from)));
    check(utterance, contextual.vocabulary(), fine.vocabulary(), tensors.path().toString());
    requireDurations(utterance, contextual.frames());
    return utterance;
  }

  /// Refuses tokens that last longer than all frames of the stream.
  private void requireDurations(UnitUtterance utterance, long frames) {
    long sum = 0;
    for (int t = 0; t < utterance.tokens(); t++) {
      sum += utterance.durations()[t];
      if (sum > frames) {
        throw DuovoxException.badData(
            "%s: '%s', token %d lasts %d frames; the contextual stream has %d in all"
                .formatted(tensors.path(), utterance.id(), t, utterance.durations()[t], frames));
      }
    }
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

  private int bound(long[] bounds, int index, long limit) {
    if (index >= bounds.length
        || bounds[index] < 0
        || bounds[index] > Math.min(limit, Integer.MAX_VALUE)) {
      throw DuovoxException.badData(
          "%s: offset %d is missing or out of range".formatted(tensors.path(), index));
    }
    return (int) bounds[index];
  }
}
