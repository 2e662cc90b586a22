package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.slu.Prediction;
import org.duovox.units.UnitUtterance;

/// The file with a classifier's answers: `predictions.json`.
///
/// @param field the field that holds the class
/// @param labels the classes, in the order of the scores
public record Predictions(String field, List<String> labels, List<Prediction> predictions) {
  /// Name of the file in a stage's folder.
  public static final String FILE = "predictions.json";

  /// Joins the answers for the shifted copies of an utterance into one, by the mean of their
  /// log-probabilities.
  ///
  /// @param copies answers in the order of `corpus`, originals and copies alike
  static Predictions ofCopies(
      String field, List<String> labels, List<Prediction> copies, List<UnitUtterance> corpus) {
    Map<String, List<Prediction>> byOriginal = new LinkedHashMap<>();
    for (int i = 0; i < copies.size(); i++) {
      String original = corpus.get(i).original();
      byOriginal.computeIfAbsent(original, id -> new ArrayList<>()).add(copies.get(i));
    }
    List<Prediction> joined = new ArrayList<>();
    byOriginal.forEach((id, answers) -> joined.add(join(id, labels, answers)));
    return new Predictions(field, labels, joined);
  }

  private static Prediction join(String id, List<String> labels, List<Prediction> answers) {
    List<Double> scores = new ArrayList<>();
    int best = 0;
    for (int c = 0; c < labels.size(); c++) {
      int label = c;
      scores.add(answers.stream().mapToDouble(a -> a.scores().get(label)).average().orElseThrow());
      best = scores.get(c) > scores.get(best) ? c : best;
    }
    return new Prediction(id, answers.getFirst().gold(), labels.get(best), scores);
  }

  /// Writes the file into a folder.
  public void write(Path folder) {
    AtomicFiles.write(folder.resolve(FILE), Json.pretty(this));
  }

  /// Reads the file of a folder.
  public static Predictions read(Path folder) {
    return Json.read(folder.resolve(FILE), Predictions.class);
  }

  /// 1 for each right answer, 0 for each wrong one.
  public double[] hits() {
    return predictions.stream().mapToDouble(p -> p.correct() ? 1 : 0).toArray();
  }
}
