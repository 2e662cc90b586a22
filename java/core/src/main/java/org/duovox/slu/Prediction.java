package org.duovox.slu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.units.corpus.UnitUtterance;

/// The classifier's answer for one utterance.
///
/// @param id of the utterance
/// @param gold its label in the manifest; null for an utterance without one
/// @param predicted the label with the highest score
/// @param scores by class, in the order of the labels; natural log of probabilities
public record Prediction(String id, String gold, String predicted, List<Double> scores) {

  /// Returns whether the answer is right.
  public boolean correct() {
    return predicted.equals(gold);
  }

  /// Joins the answers for an utterance and its shifted copies into one, by the mean of their
  /// log-probabilities. Copies are not further utterances: counted as such, they would make an
  /// interval too narrow.
  ///
  /// @param labels the classes, in the order of the scores
  /// @param answers in the order of `utterances`, originals and copies alike
  /// @return one answer per original, in the order of their first appearance; an utterance without
  ///   copies keeps its answer
  public static List<Prediction> joinCopies(
      List<String> labels, List<Prediction> answers, List<UnitUtterance> utterances) {
    Map<String, List<Prediction>> byOriginal = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      byOriginal
          .computeIfAbsent(utterances.get(i).original(), id -> new ArrayList<>())
          .add(answers.get(i));
    }
    List<Prediction> joined = new ArrayList<>();
    byOriginal.forEach((id, copies) -> joined.add(join(id, labels, copies)));
    return joined;
  }

  private static Prediction join(String id, List<String> labels, List<Prediction> copies) {
    List<Double> scores = new ArrayList<>();
    int best = 0;
    for (int c = 0; c < labels.size(); c++) {
      int label = c;
      scores.add(copies.stream().mapToDouble(a -> a.scores().get(label)).average().orElseThrow());
      best = scores.get(c) > scores.get(best) ? c : best;
    }
    return new Prediction(id, copies.getFirst().gold(), labels.get(best), scores);
  }
}
