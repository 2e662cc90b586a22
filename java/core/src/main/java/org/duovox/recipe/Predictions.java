package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.slu.Prediction;

/// A classifier's answers to the test utterances, as `predictions.json` holds them.
///
/// @param field the field that holds the class
/// @param labels the classes, in the order of the scores
public record Predictions(String field, List<String> labels, List<Prediction> predictions) {
  /// The name of the file in a stage's folder.
  public static final String FILE = "predictions.json";

  /// Writes the file into a folder.
  public void write(Path folder) {
    AtomicFiles.write(folder.resolve(FILE), Json.pretty(this));
  }

  /// Reads the file of a folder.
  public static Predictions read(Path folder) {
    return Json.read(folder.resolve(FILE), Predictions.class);
  }

  /// Returns (utterances) 1 for each right answer, 0 for each wrong one.
  public double[] hits() {
    return predictions.stream().mapToDouble(p -> p.correct() ? 1 : 0).toArray();
  }
}
