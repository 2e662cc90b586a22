package org.duovox.cli.model;

import java.util.List;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.abx.AbxCondition;
import org.duovox.eval.abx.AbxConfig;
import org.duovox.eval.abx.FrameDistance;
import org.duovox.eval.abx.FramePooling;
import org.duovox.eval.abx.FrameSource;
import org.duovox.eval.abx.TokenSet;
import picocli.CommandLine.Option;

/// The options of `duovox abx` that say what is measured: distances, poolings, conditions, and how
/// many items are taken.
final class AbxMeasures {
  private static final String ALL = "all";

  @Option(
      names = "--distance",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "cosine (angle), euclidean, kl_symmetric, kl (both for distributions), identity (the only"
              + " one of units), or all: cosine, euclidean and, where nothing is negative,"
              + " kl_symmetric. Default: ${DEFAULT-VALUE}.")
  private String distance;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "none (dynamic time warping), mean, hamming, or all: none and mean. Default:"
              + " ${DEFAULT-VALUE}.")
  private String pooling;

  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      defaultValue = ALL,
      description = "X by the same speaker (within), another one (across), or all. Default: all.")
  private String speaker;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "The same neighbors of all three phones (within), any neighbors (any), or all. Default:"
              + " all.")
  private String context;

  @Option(
      names = "--max-group",
      paramLabel = "N",
      description =
          "Most items of a phone and speaker that are taken, drawn at random; 10 in ZeroSpeech."
              + " Default: all.")
  private Integer maxGroup;

  @Option(
      names = "--max-speakers",
      paramLabel = "N",
      description =
          "Most other speakers that X comes from, drawn at random; 5 in ZeroSpeech. Default: all.")
  private Integer maxSpeakers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "3459",
      description = "Seed of the draws. Default: ${DEFAULT-VALUE}, as in ZeroSpeech.")
  private long seed;

  /// Refuses words that are no choices.
  void check() {
    config();
    conditions();
    if (!distance.equals(ALL)) {
      FrameDistance.of(distance);
    }
    if (!pooling.equals(ALL)) {
      FramePooling.of(pooling);
    }
  }

  /// How many items are taken.
  AbxConfig config() {
    int most = Integer.MAX_VALUE;
    return new AbxConfig(
        maxGroup == null ? most : maxGroup, maxSpeakers == null ? most : maxSpeakers, seed);
  }

  /// The conditions that were asked for.
  List<AbxCondition> conditions() {
    requireWord("--speaker", speaker, "within", "across");
    requireWord("--context", context, "within", "any");
    return AbxCondition.ALL.stream()
        .filter(each -> speaker.equals(ALL) || each.acrossSpeakers() == speaker.equals("across"))
        .filter(each -> context.equals(ALL) || each.anyContext() == context.equals("any"))
        .toList();
  }

  private static void requireWord(String option, String value, String one, String other) {
    if (!List.of(ALL, one, other).contains(value)) {
      throw DuovoxException.usage(
          "%s is %s, %s or all, but not \"%s\"".formatted(option, one, other, value));
    }
  }

  /// Whether frames are compared for being the same, as units are.
  boolean isIdentity(FrameSource source) {
    return source.areUnits() || distance.equals(FrameDistance.IDENTITY.label());
  }

  /// The poolings that were asked for.
  ///
  /// @throws DuovoxException of kind USAGE for what units do not have
  List<FramePooling> poolings(FrameSource source) {
    if (!isIdentity(source)) {
      return pooling.equals(ALL)
          ? List.of(FramePooling.NONE, FramePooling.MEAN)
          : List.of(FramePooling.of(pooling));
    }
    if (!pooling.equals(ALL) && FramePooling.of(pooling) != FramePooling.NONE) {
      throw DuovoxException.usage("units have no mean; their --pooling is none");
    }
    if (!List.of(ALL, FrameDistance.IDENTITY.label()).contains(distance)) {
      throw DuovoxException.usage("units have no distance but --distance identity");
    }
    return List.of(FramePooling.NONE);
  }

  /// The distances that were asked for; `all` leaves out what the frames are not fit for.
  ///
  /// @throws DuovoxException of kind BAD_DATA for a divergence of what is no distribution
  List<FrameDistance> distances(FrameSource source, TokenSet set) {
    if (isIdentity(source)) {
      return List.of(FrameDistance.IDENTITY);
    }
    String reason = set.notDistributions();
    if (distance.equals(ALL)) {
      return Stream.of(FrameDistance.EUCLIDEAN, FrameDistance.COSINE, FrameDistance.KL_SYMMETRIC)
          .filter(each -> reason.isEmpty() || !each.needsDistributions())
          .toList();
    }
    FrameDistance only = FrameDistance.of(distance);
    if (only.needsDistributions() && !reason.isEmpty()) {
      throw DuovoxException.badData(reason + "; " + distance + " is for distributions");
    }
    return List.of(only);
  }
}
