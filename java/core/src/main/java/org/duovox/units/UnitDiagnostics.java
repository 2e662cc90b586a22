package org.duovox.units;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Diagnostics of units: how the vocabulary is used, and how long the same unit stays.
///
/// @param use of the vocabulary
/// @param mostFrequentAtEdges share of the utterances that begin or end with the most frequent code
/// @param constantUtterances share of the utterances of two frames or more that are one single run
/// @param runs how long the same unit stays
public record UnitDiagnostics(
    @JsonUnwrapped CodebookUse use,
    @JsonProperty("commonest_at_edges") double mostFrequentAtEdges,
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

  private static final double MANY_CONSTANT = 0.5;

  /// Whether the units distinguish hardly anything: the vocabulary has collapsed, or most
  /// utterances never change their unit.
  public boolean collapsed() {
    boolean constant = use.used() > 0 && use.codes() >= 2 && constantUtterances > MANY_CONSTANT;
    return use.hasCollapsedOverFrames() || constant;
  }

  /// Counts units and runs of equal units, utterance by utterance.
  public static final class Counter {
    private final CodebookUse.Counter units;
    private final long[] edges; // Utterances that begin or end with a code.
    private final TreeMap<Integer, Long> runs = new TreeMap<>(); // Number of runs by length.
    private long utterances;
    private long constant;
    private long severalFrames; // Utterances of two frames or more.

    /// Counts codes 0 to `codes - 1`.
    public Counter(int codes) {
      this.units = new CodebookUse.Counter(codes);
      this.edges = new long[codes];
    }

    /// Counts an utterance, given one unit per frame.
    public void add(int[] utterance) {
      if (utterance.length == 0) {
        return;
      }
      units.add(utterance);
      utterances++;
      severalFrames += utterance.length > 1 ? 1 : 0;
      int last = utterance[utterance.length - 1];
      edges[utterance[0]]++;
      edges[last] += last == utterance[0] ? 0 : 1;
      int begin = 0;
      for (int i = 1; i <= utterance.length; i++) {
        if (i == utterance.length || utterance[i] != utterance[begin]) {
          runs.merge(i - begin, 1L, Long::sum);
          constant += i - begin == utterance.length && i > 1 ? 1 : 0;
          begin = i;
        }
      }
    }

    /// The diagnostics of what was counted.
    public UnitDiagnostics diagnostics() {
      CodebookUse use = units.use();
      return new UnitDiagnostics(
          use,
          use.used() == 0 ? 0 : (double) edges[use.mostFrequent()] / utterances,
          severalFrames == 0 ? 0 : (double) constant / severalFrames,
          runs());
    }

    private Runs runs() {
      long count = 0;
      long frames = 0;
      Map<String, Long> histogram = new LinkedHashMap<>();
      for (Map.Entry<Integer, Long> run : runs.entrySet()) {
        count += run.getValue();
        frames += run.getKey() * run.getValue();
        histogram.merge(bucket(run.getKey()), run.getValue(), Long::sum);
      }
      double middle = (lengthAt((count - 1) / 2) + lengthAt(count / 2)) / 2.0;
      return new Runs(
          count,
          count == 0 ? 0 : (double) frames / count,
          count == 0 ? 0 : middle,
          lengthAt((long) Math.ceil(0.9 * count) - 1),
          runs.isEmpty() ? 0 : runs.lastKey(),
          histogram);
    }

    /// Length of the run of this rank, from 0 for the shortest; 0 beyond the last.
    private int lengthAt(long rank) {
      long seen = 0;
      for (Map.Entry<Integer, Long> run : runs.entrySet()) {
        seen += run.getValue();
        if (seen > rank) {
          return run.getKey();
        }
      }
      return 0;
    }

    private static String bucket(int length) {
      if (length <= 2) {
        return Integer.toString(length);
      }
      int top = Integer.highestOneBit(length - 1) * 2;
      return (top / 2 + 1) + "-" + top;
    }
  }
}
