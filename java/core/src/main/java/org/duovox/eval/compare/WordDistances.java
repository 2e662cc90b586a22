package org.duovox.eval.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.Distance;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;

/// Distances of word pairs from one vector per spoken word: the mean over the words' recordings, of
/// type *synthetic* within each voice, of type *librispeech* over all pairs of recordings.
///
/// Vectors may be centered: the mean of all recordings of a type and voice is taken off each, so
/// that who speaks does not count.
public final class WordDistances {
  private static final String SYNTHETIC = "synthetic";

  private final SsimiData data;
  private final Map<Token, double[]> vectors = new HashMap<>();
  // By type, then word, then voice (one group for librispeech).
  private final Map<String, Map<String, Map<String, List<double[]>>>> spoken = new HashMap<>();

  /// @param vectors of the recordings, by [Token#label()]
  /// @throws DuovoxException (BAD_DATA) when a recording of the gold list has no vector
  public WordDistances(SsimiData data, Map<String, double[]> vectors, boolean centered) {
    this.data = data;
    List<String> missing =
        data.tokens().stream()
            .map(Token::label)
            .filter(name -> !vectors.containsKey(name))
            .toList();
    if (!missing.isEmpty()) {
      throw DuovoxException.badData(
          "%d of %d words of the gold list have no recording that could be used, e.g. %s"
              .formatted(missing.size(), data.tokens().size(), missing.getFirst()));
    }
    data.tokens().forEach(token -> this.vectors.put(token, vectors.get(token.label()).clone()));
    if (centered) {
      center();
    }
    data.tokens()
        .forEach(token ->
            spoken
                .computeIfAbsent(token.type(), type -> new HashMap<>())
                .computeIfAbsent(token.word(), word -> new TreeMap<>())
                .computeIfAbsent(group(token), group -> new ArrayList<>())
                .add(this.vectors.get(token)));
  }

  private static String group(Token token) {
    return token.type().equals(SYNTHETIC) ? token.voice() : "";
  }

  private void center() {
    Map<List<String>, List<Token>> voices = new LinkedHashMap<>();
    data.tokens()
        .forEach(token ->
            voices
                .computeIfAbsent(List.of(token.type(), token.voice()), key -> new ArrayList<>())
                .add(token));
    voices
        .values()
        .forEach(tokens -> {
          double[] mean = mean(tokens.stream().map(vectors::get).toList());
          tokens.forEach(token -> subtract(vectors.get(token), mean));
        });
  }

  private static double[] mean(List<double[]> rows) {
    double[] mean = new double[rows.getFirst().length];
    rows.forEach(row -> add(mean, row));
    Arrays.setAll(mean, i -> mean[i] / rows.size());
    return mean;
  }

  private static void add(double[] sum, double... row) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += row[i];
    }
  }

  private static void subtract(double[] row, double... mean) {
    for (int i = 0; i < row.length; i++) {
      row[i] -= mean[i];
    }
  }

  /// Returns (pairs) the distance of each pair; NaN where one is undefined.
  public double[] of(Distance metric) {
    Map<String, Map<String, Map<String, Summed>>> sums = metric == Distance.COSINE ? sums() : null;
    return IntStream.range(0, data.pairs().size())
        .parallel()
        .mapToDouble(i -> {
          Pair pair = data.pairs().get(i);
          return sums == null ? distance(pair, metric) : cosine(pair, sums.get(pair.type()));
        })
        .toArray();
  }

  /// Returns the mean vector of each word over all of its recordings, by word.
  public Map<String, double[]> means() {
    Map<String, List<double[]>> byWord = new TreeMap<>();
    data.tokens()
        .forEach(token ->
            byWord
                .computeIfAbsent(token.word(), word -> new ArrayList<>())
                .add(vectors.get(token)));
    Map<String, double[]> means = new TreeMap<>();
    byWord.forEach((word, rows) -> means.put(word, mean(rows)));
    return means;
  }

  private double distance(Pair pair, Distance metric) {
    Map<String, List<double[]>> one = groups(pair, pair.word1(), spoken.get(pair.type()));
    Map<String, List<double[]>> two = groups(pair, pair.word2(), spoken.get(pair.type()));
    double sum = 0;
    long count = 0;
    for (Map.Entry<String, List<double[]>> group : one.entrySet()) {
      for (double[] x : group.getValue()) {
        for (double[] y : two.getOrDefault(group.getKey(), List.of())) {
          sum += metric.between(x, y);
          count++;
        }
      }
    }
    return mean(pair, sum, count);
  }

  /// The unit vectors of a word's recordings in one group, summed.
  @SuppressWarnings("ArrayRecordComponent") // Private and never changed.
  private record Summed(double[] sum, int count) {
    static Summed of(List<double[]> rows) {
      double[] sum = new double[rows.getFirst().length];
      for (double[] row : rows) {
        double norm = Math.sqrt(Arrays.stream(row).map(v -> v * v).sum());
        for (int i = 0; i < sum.length; i++) {
          sum[i] += row[i] / norm;
        }
      }
      return new Summed(sum, rows.size());
    }
  }

  private Map<String, Map<String, Map<String, Summed>>> sums() {
    Map<String, Map<String, Map<String, Summed>>> sums = new HashMap<>();
    spoken.forEach((type, words) -> {
      Map<String, Map<String, Summed>> ofType = new HashMap<>();
      words.forEach((word, groups) -> {
        Map<String, Summed> ofWord = new TreeMap<>();
        groups.forEach((group, rows) -> ofWord.put(group, Summed.of(rows)));
        ofType.put(word, ofWord);
      });
      sums.put(type, ofType);
    });
    return sums;
  }

  /// Returns the mean cosine distance: the sum over pairs of recordings of products is the product
  /// of the sums.
  private static double cosine(Pair pair, Map<String, Map<String, Summed>> words) {
    Map<String, Summed> one = groups(pair, pair.word1(), words);
    Map<String, Summed> two = groups(pair, pair.word2(), words);
    double sum = 0;
    long count = 0;
    for (Map.Entry<String, Summed> group : one.entrySet()) {
      Summed x = group.getValue();
      Summed y = two.get(group.getKey());
      if (y != null) {
        for (int i = 0; i < x.sum().length; i++) {
          sum += x.sum()[i] * y.sum()[i];
        }
        count += (long) x.count() * y.count();
      }
    }
    return 1 - mean(pair, sum, count);
  }

  private static double mean(Pair pair, double sum, long count) {
    if (count == 0) {
      throw DuovoxException.badData(
          "no voice of the gold list says both \"%s\" and \"%s\" of %s"
              .formatted(pair.word1(), pair.word2(), pair.group()));
    }
    return sum / count;
  }

  private static <T> Map<String, T> groups(
      Pair pair, String word, Map<String, Map<String, T>> words) {
    Map<String, T> groups = words == null ? null : words.get(word);
    if (groups == null) {
      throw DuovoxException.badData(
          "the gold list has no %s file for the word \"%s\" of a pair of %s"
              .formatted(pair.type(), word, pair.dataset()));
    }
    return groups;
  }
}
