package org.duovox.units.kmeans;

import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.units.FeatureLayer;
import org.duovox.units.SplitMix;

/// Settings of a k-means fit; the default values are our own unless a source is named.
///
/// @param clusters K, the size of the vocabulary
/// @param seed of the sample, the start, the order and repairs
/// @param batch rows of a mini-batch; 10,000 as in fairseq's HuBERT recipe
/// @param epochs passes of mini-batches over the features; 2
/// @param lloydPasses most full passes afterwards; 20
/// @param tolerance a full pass that finds the mean squared distance lower by no more than this
///   share ends the fit; 0.001
/// @param sample rows drawn evenly for the k-means++ start; 10,000, and never fewer than 3 K
/// @param share of the frames that the fit reads at all, drawn by utterance; 1. fairseq's recipe
///   takes 0.1 of a large corpus
/// @param starts k-means++ starts on the sample, the best of which is kept; 1
public record KMeansConfig(
    int clusters,
    long seed,
    int batch,
    int epochs,
    int lloydPasses,
    double tolerance,
    int sample,
    double share,
    int starts) {

  public KMeansConfig {
    require(clusters >= 1 && clusters <= 1_000_000, "clusters must be 1 to 1000000", clusters);
    require(batch >= 1 && batch <= 10_000_000, "batch must be 1 to 10000000", batch);
    require(epochs >= 0 && epochs <= 10_000, "epochs must be 0 to 10000", epochs);
    require(
        lloydPasses >= 0 && lloydPasses <= 10_000, "lloyd_passes must be 0 to 10000", lloydPasses);
    require(tolerance >= 0 && tolerance < 1, "tolerance must be 0 to below 1", tolerance);
    require(sample >= 1 && sample <= 10_000_000, "sample must be 1 to 10000000", sample);
    require(share > 0 && share <= 1, "share must be above 0 and at most 1", share);
    require(starts >= 1 && starts <= 1000, "starts must be 1 to 1000", starts);
  }

  /// The documented defaults: 100 clusters, seed 0.
  public static KMeansConfig defaults() {
    return of(100, 0);
  }

  /// The documented defaults for K clusters.
  public static KMeansConfig of(int clusters, long seed) {
    int batch = 10_000;
    int epochs = 2;
    int lloydPasses = 20;
    double tolerance = 0.001;
    int sample = 10_000;
    double share = 1;
    int starts = 1;
    return new KMeansConfig(
        clusters, seed, batch, epochs, lloydPasses, tolerance, sample, share, starts);
  }

  /// The same for another seed, as a further stage of the same fit takes.
  KMeansConfig withSeed(long other) {
    return new KMeansConfig(
        clusters, other, batch, epochs, lloydPasses, tolerance, sample, share, starts);
  }

  /// The utterances that a fit reads: drawn at random until they hold the share of the frames, in
  /// the order of the features.
  ///
  /// @param chosen utterances that it may read
  int[] drawShare(FeatureLayer features, int[] chosen) {
    if (share == 1) {
      return chosen;
    }
    long wanted = (long) Math.ceil(share * features.frames(chosen));
    int[] drawn = shuffled(chosen);
    int count = 0;
    for (long frames = 0; frames < wanted; count++) {
      frames += features.utterances().get(drawn[count]).frames();
    }
    return Arrays.stream(drawn, 0, count).sorted().toArray();
  }

  /// These utterances in a random order.
  int[] shuffled(int[] utterances) {
    int[] shuffled = utterances.clone();
    SplitMix.of(seed, 3).shuffle(shuffled, shuffled.length);
    return shuffled;
  }

  /// Rows kept for the start.
  int startRows() {
    return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(sample, 3L * clusters));
  }

  private static void require(boolean condition, String rule, Object value) {
    if (!condition) {
      throw DuovoxException.config("k-means: " + rule + ", but is " + value);
    }
  }
}
