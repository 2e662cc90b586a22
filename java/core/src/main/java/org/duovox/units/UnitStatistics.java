package org.duovox.units;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Counts units and runs of equal units, utterance by utterance.
public final class UnitStatistics {
  private final Usage usage;
  private final long[] edges; // Utterances that begin or end with a code.
  private final TreeMap<Integer, Long> runs = new TreeMap<>();
  private long utterances;
  private long constant;
  private long several; // Utterances of two frames or more.

  public UnitStatistics(int codes) {
    this.usage = new Usage(codes);
    this.edges = new long[codes];
  }

  public void add(int[] units) {
    if (units.length == 0) {
      return;
    }
    usage.add(units);
    utterances++;
    several += units.length > 1 ? 1 : 0;
    edges[units[0]]++;
    edges[units[units.length - 1]] += units[units.length - 1] == units[0] ? 0 : 1;
    int begin = 0;
    for (int i = 1; i <= units.length; i++) {
      if (i == units.length || units[i] != units[begin]) {
        runs.merge(i - begin, 1L, Long::sum);
        constant += i - begin == units.length && i > 1 ? 1 : 0;
        begin = i;
      }
    }
  }

  public UnitDiagnostics diagnostics() {
    long[] counts = usage.counts();
    int commonest = usage.total() == 0 ? -1 : 0;
    for (int code = 1; code < counts.length; code++) {
      commonest = counts[code] > counts[Math.max(0, commonest)] ? code : commonest;
    }
    return new UnitDiagnostics(
        counts.length,
        usage.used(),
        usage.perplexity(),
        commonest,
        usage.commonestShare(),
        commonest < 0 ? 0 : (double) edges[commonest] / utterances,
        several == 0 ? 0 : (double) constant / several,
        runs());
  }

  private UnitDiagnostics.Runs runs() {
    long count = 0;
    long frames = 0;
    Map<String, Long> histogram = new LinkedHashMap<>();
    for (Map.Entry<Integer, Long> run : runs.entrySet()) {
      count += run.getValue();
      frames += run.getKey() * run.getValue();
      histogram.merge(bucket(run.getKey()), run.getValue(), Long::sum);
    }
    double middle = (quantile((count - 1) / 2) + quantile(count / 2)) / 2.0;
    return new UnitDiagnostics.Runs(
        count,
        count == 0 ? 0 : (double) frames / count,
        count == 0 ? 0 : middle,
        quantile((long) Math.ceil(0.9 * count) - 1),
        runs.isEmpty() ? 0 : runs.lastKey(),
        histogram);
  }

  /// Length of the run of this rank among all, from 0 for the shortest.
  private int quantile(long rank) {
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
