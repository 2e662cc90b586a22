package org.duovox.slu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.units.corpus.UnitUtterance;

/// A classifier's answer for one utterance, column by column.
///
/// @param id of the utterance
/// @param slots one answer for each label column
public record Answer(String id, List<Slot> slots) {
  /// The answer for one label column.
  ///
  /// @param field name of the column
  /// @param gold the value in the manifest; null for an utterance without one
  /// @param predicted the value that the classifier chooses
  /// @param probabilities of every value
  public record Slot(
      String field, String gold, String predicted, Map<String, Double> probabilities) {
    /// Makes the answer of scores: the value of the highest one, probabilities by a softmax.
    ///
    /// @param scores of every value, in nats, up to a constant
    static Slot of(String field, String gold, Map<String, Double> scores) {
      double most = scores.values().stream().mapToDouble(s -> s).max().orElseThrow();
      double total = scores.values().stream().mapToDouble(s -> Math.exp(s - most)).sum();
      Map<String, Double> shares = new LinkedHashMap<>();
      String predicted = null;
      for (Map.Entry<String, Double> score : scores.entrySet()) {
        shares.put(score.getKey(), Math.exp(score.getValue() - most) / total);
        predicted = predicted == null && score.getValue() == most ? score.getKey() : predicted;
      }
      return new Slot(field, gold, predicted, shares);
    }

    /// Returns whether the value in the manifest is none that the classifier knows.
    public boolean isUnseen() {
      return !probabilities.containsKey(gold);
    }

    /// Returns whether the answer is right.
    public boolean correct() {
      return predicted.equals(gold);
    }
  }

  public Answer {
    slots = List.copyOf(slots);
  }

  /// Returns whether all columns are right.
  public boolean correct() {
    return slots.stream().allMatch(Slot::correct);
  }

  /// Joins the answers for an utterance and its shifted copies into one, by the geometric mean of
  /// their probabilities ([Prediction#joinCopies]).
  ///
  /// @param answers in the order of `utterances`, originals and copies alike
  public static List<Answer> joinCopies(List<Answer> answers, List<UnitUtterance> utterances) {
    Map<String, List<Answer>> byOriginal = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      byOriginal
          .computeIfAbsent(utterances.get(i).original(), id -> new ArrayList<>())
          .add(answers.get(i));
    }
    List<Answer> joined = new ArrayList<>();
    byOriginal.forEach(
        (id, copies) -> joined.add(copies.size() == 1 ? copies.getFirst() : join(id, copies)));
    return joined;
  }

  private static Answer join(String id, List<Answer> copies) {
    List<Slot> slots = new ArrayList<>();
    for (int k = 0; k < copies.getFirst().slots().size(); k++) {
      int column = k;
      Slot first = copies.getFirst().slots().get(k);
      Map<String, Double> joint = new LinkedHashMap<>();
      for (String value : first.probabilities().keySet()) {
        joint.put(
            value,
            copies.stream()
                .mapToDouble(c ->
                    Math.log(
                        Math.max(
                            Double.MIN_NORMAL, c.slots().get(column).probabilities().get(value))))
                .average()
                .orElseThrow());
      }
      slots.add(Slot.of(first.field(), first.gold(), joint));
    }
    return new Answer(id, slots);
  }
}
