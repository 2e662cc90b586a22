package org.duovox.train.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// A corpus split in two: utterances to train on, and utterances held out to validate.
///
/// Recordings are held out, not utterances: shifted copies of a recording hold the same speech, so
/// all of them are on the same side.
///
/// @param training utterances to train on, in corpus order
/// @param validation utterances held out, in corpus order; empty when the share is 0 or there is
///   one recording only
public record HeldOut(Corpus training, Corpus validation) {
  // Keeps this draw apart from the others of the same seed.
  private static final long PURPOSE = 0x5EED0001;

  /// Holds out a share of the recordings, at least one, drawn by the seed.
  public static HeldOut split(Corpus corpus, double share, long seed) {
    int[] recordings = recordings(corpus);
    int size = Arrays.stream(recordings).max().orElse(-1) + 1;
    int count = share == 0 ? 0 : Math.min(size - 1, Math.max(1, (int) Math.rint(share * size)));
    int[] order = IntStream.range(0, size).toArray();
    SplitMix.of(seed, PURPOSE).shuffle(order, size);
    BitSet held = new BitSet(size);
    Arrays.stream(order).limit(Math.max(0, count)).forEach(held::set);
    return new HeldOut(
        select(corpus, i -> !held.get(recordings[i])),
        select(corpus, i -> held.get(recordings[i])));
  }

  private static Corpus select(Corpus corpus, IntPredicate chosen) {
    return corpus.select(IntStream.range(0, corpus.size()).filter(chosen));
  }

  /// Returns the number of each utterance's recording, counted by first appearance. Only recordings
  /// with copies are kept by name.
  private static int[] recordings(Corpus corpus) {
    Set<String> copied = new HashSet<>();
    for (UnitUtterance utterance : corpus.utterances()) {
      if (utterance.isCopy()) {
        copied.add(utterance.original());
      }
    }
    if (copied.isEmpty()) {
      return IntStream.range(0, corpus.size()).toArray();
    }
    Map<String, Integer> known = new HashMap<>();
    int[] recordings = new int[corpus.size()];
    int next = 0;
    for (int i = 0; i < recordings.length; i++) {
      String original = corpus.utterance(i).original();
      Integer earlier = copied.contains(original) ? known.putIfAbsent(original, next) : null;
      recordings[i] = earlier == null ? next++ : earlier;
    }
    return recordings;
  }
}
