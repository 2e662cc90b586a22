package org.duovox.train;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.duovox.units.Corpus;
import org.duovox.units.SplitMix;

/// A corpus in two parts: what is trained on, and what is held out to validate.
///
/// @param training utterances to train on, in corpus order
/// @param validation utterances held out; empty when the share is 0 or there is one utterance only
public record HeldOut(Corpus training, Corpus validation) {
  // Keeps this draw apart from the others of the same seed.
  private static final long PURPOSE = 0x5EED0001;

  /// Holds out a share of the utterances, at least one, drawn by the seed.
  public static HeldOut split(Corpus corpus, double share, long seed) {
    int size = corpus.size();
    int count = share == 0 ? 0 : Math.min(size - 1, Math.max(1, (int) Math.rint(share * size)));
    int[] order = IntStream.range(0, size).toArray();
    SplitMix.of(seed, PURPOSE).shuffle(order, size);
    IntStream held = Arrays.stream(order).limit(Math.max(0, count)).sorted();
    IntStream rest = Arrays.stream(order).skip(Math.max(0, count)).sorted();
    return new HeldOut(corpus.select(rest), corpus.select(held));
  }
}
