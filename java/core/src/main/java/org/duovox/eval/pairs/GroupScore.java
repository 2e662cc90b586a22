package org.duovox.eval.pairs;

import java.util.List;

/// The score of a group of pairs.
///
/// @param n pairs
/// @param score their mean; NaN for none
/// @param std their standard deviation (n - 1); NaN for fewer than two
public record GroupScore(int n, double score, double std) {
  static GroupScore of(List<Double> scores) {
    double mean = scores.stream().mapToDouble(s -> s).average().orElse(Double.NaN);
    double squares = scores.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    int n = scores.size();
    return new GroupScore(n, mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)));
  }
}
