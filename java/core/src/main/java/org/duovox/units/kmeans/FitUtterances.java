package org.duovox.units.kmeans;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.duovox.units.FeatureLayer;
import org.duovox.units.SplitMix;

/// Which utterances a fit reads: all that were chosen, or a share of them drawn at random.
final class FitUtterances {
  private FitUtterances() {}

  /// Utterances drawn until they hold the share of the frames, in the order of the features.
  static int[] share(FeatureLayer features, KMeansConfig config, int[] all) {
    if (config.share() == 1) {
      return all;
    }
    long wanted = (long) Math.ceil(config.share() * frames(features, all));
    int[] drawn = shuffled(config, all);
    int count = 0;
    for (long held = 0; held < wanted; count++) {
      held += features.utterances().get(drawn[count]).frames();
    }
    return Arrays.stream(drawn, 0, count).sorted().toArray();
  }

  /// The same utterances in a random order.
  static int[] shuffled(KMeansConfig config, int[] utterances) {
    int[] shuffled = utterances.clone();
    SplitMix.of(config.seed(), 3).shuffle(shuffled, shuffled.length);
    return shuffled;
  }

  static long frames(FeatureLayer features, int[] utterances) {
    return IntStream.of(utterances).mapToLong(u -> features.utterances().get(u).frames()).sum();
  }
}
