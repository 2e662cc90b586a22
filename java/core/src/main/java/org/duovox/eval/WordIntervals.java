package org.duovox.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.eval.Ssimi.Group;
import org.duovox.eval.SsimiData.Pair;

/// The scores of an evaluation with intervals over words: all on the same draws of words, since
/// datasets share words.
///
/// @param correlations by `type/dataset`
/// @param means plain means of the correlations, by type
/// @param weighted means weighted with the number of pairs, by type
/// @param areas under the ROC curve, by `type/dataset`
public record WordIntervals(
    Map<String, Estimate> correlations,
    Map<String, Estimate> means,
    Map<String, Estimate> weighted,
    Map<String, Estimate> areas) {

  static WordIntervals of(List<Pair> pairs, List<Group> groups, long seed) {
    Map<String, List<Integer>> types = new TreeMap<>();
    for (int i = 0; i < groups.size(); i++) {
      types.computeIfAbsent(groups.get(i).type(), type -> new ArrayList<>()).add(i);
    }
    List<Estimate> all =
        new WordBootstrap(pairs, seed).of(occurrences -> scores(groups, types, occurrences));
    Map<String, Estimate> correlations = new LinkedHashMap<>();
    Map<String, Estimate> areas = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      correlations.put(groups.get(i).name(), all.get(i));
      if (groups.get(i).roc() != null) {
        areas.put(groups.get(i).name(), all.get(groups.size() + i));
      }
    }
    Map<String, Estimate> means = new LinkedHashMap<>();
    Map<String, Estimate> weighted = new LinkedHashMap<>();
    int at = 2 * groups.size();
    for (String type : types.keySet()) {
      means.put(type, all.get(at++));
      weighted.put(type, all.get(at++));
    }
    return new WordIntervals(correlations, means, weighted, areas);
  }

  /// Returns all correlations, then all areas, then the plain and the weighted mean of each type.
  private static double[] scores(
      List<Group> groups, Map<String, List<Integer>> types, int[] occurrences) {
    double[] scores = new double[2 * (groups.size() + types.size())];
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      int[] own = group.of(occurrences);
      scores[i] = 100 * group.spearman().weighted(own);
      scores[groups.size() + i] = group.roc() == null ? Double.NaN : group.roc().weighted(own);
    }
    int at = 2 * groups.size();
    for (List<Integer> members : types.values()) {
      double sum = 0;
      double weighted = 0;
      long pairs = 0;
      for (int i : members) {
        int size = groups.get(i).members().length;
        sum += scores[i];
        weighted += scores[i] * size;
        pairs += size;
      }
      scores[at++] = sum / members.size();
      scores[at++] = weighted / pairs;
    }
    return scores;
  }
}
