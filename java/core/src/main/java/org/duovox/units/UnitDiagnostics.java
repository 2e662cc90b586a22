package org.duovox.units;

import java.util.Map;

/// How a vocabulary is used: what shows a codebook that tells nothing apart.
///
/// @param codes size of the vocabulary
/// @param used codes that occur
/// @param perplexity two to the power of the entropy in bits: the number of codes in even use
/// @param commonest the commonest code, -1 without units
/// @param commonestShare its share of all units, 0 to 1
/// @param commonestAtEdges share of the utterances that begin or end with it
/// @param constantUtterances share of the utterances of two frames or more that are one single run
/// @param runs how long the same unit stays
public record UnitDiagnostics(
    int codes,
    int used,
    double perplexity,
    int commonest,
    double commonestShare,
    double commonestAtEdges,
    double constantUtterances,
    Runs runs) {

  /// Lengths of runs of equal units, in frames.
  ///
  /// @param count number of runs
  /// @param histogram number of runs by length: "1", "2", "3-4", "5-8" and so on by powers of two
  public record Runs(
      long count,
      double mean,
      double median,
      int percentile90,
      int longest,
      Map<String, Long> histogram) {}

  /// Under this share of the codes in even use, or with one code above half of all units, hardly
  /// anything is told apart.
  private static final double HEALTHY_PERPLEXITY = 0.1;

  private static final double HEALTHY_SHARE = 0.5;

  /// Whether hardly anything is told apart.
  public boolean collapsed() {
    boolean few = codes >= 10 && perplexity < HEALTHY_PERPLEXITY * codes;
    boolean one = codes >= 2 && commonestShare > (codes >= 10 ? HEALTHY_SHARE : 0.9);
    return used > 0 && (few || one || (codes >= 2 && constantUtterances > HEALTHY_SHARE));
  }
}
