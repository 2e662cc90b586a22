package org.duovox.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;
import org.duovox.units.kmeans.KMeansConfig;

/// Settings of a quantizer: how the frames of a representation become units. What follows `groups`
/// are the settings of [KMeansConfig].
///
/// @param method `kmeans` fits codebooks; `codes` takes the codes that the frames are (a VQ layer,
///   a product quantizer)
/// @param levels of residual k-means; 1 for none
/// @param groups of columns of product k-means; 1 for none
record QuantizerConfig(
    Method method,
    int levels,
    int groups,
    int clusters,
    long seed,
    int batch,
    int epochs,
    int lloydPasses,
    double tolerance,
    int sample,
    double share,
    int starts) {

  /// Where units come from.
  public enum Method {
    @JsonProperty("kmeans")
    KMEANS,
    @JsonProperty("codes")
    CODES
  }

  public QuantizerConfig {
    if (levels < 1 || groups < 1 || (levels > 1 && groups > 1)) {
      throw DuovoxException.config(
          "quantizer: levels and groups must be 1 or more, and one of them 1, but are %d and %d"
              .formatted(levels, groups));
    }
    KMeansConfig ignored =
        new KMeansConfig(
            clusters, seed, batch, epochs, lloydPasses, tolerance, sample, share, starts);
  }

  /// Returns plain k-means with its documented defaults.
  public static QuantizerConfig defaults() {
    KMeansConfig k = KMeansConfig.defaults();
    int levels = 1;
    int groups = 1;
    return new QuantizerConfig(
        Method.KMEANS,
        levels,
        groups,
        k.clusters(),
        k.seed(),
        k.batch(),
        k.epochs(),
        k.lloydPasses(),
        k.tolerance(),
        k.sample(),
        k.share(),
        k.starts());
  }

  /// Returns the same with a codebook that is only begun: to take the time of what reads its units.
  QuantizerConfig begun() {
    int passes = 0;
    return new QuantizerConfig(
        method, levels, groups, clusters, seed, batch, passes, passes, tolerance, sample, share, 1);
  }

  /// Returns the settings of each k-means.
  KMeansConfig kmeans() {
    return new KMeansConfig(
        clusters, seed, batch, epochs, lloydPasses, tolerance, sample, share, starts);
  }
}
