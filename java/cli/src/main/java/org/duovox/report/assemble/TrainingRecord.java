package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.TextInput;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.UnitPredictors.Accuracies;
import org.duovox.train.watch.Watches;
import tools.jackson.databind.JsonNode;

/// What a training run has recorded in its folder so far, also while another process writes there.
///
/// @param folder of the run
/// @param lines reports in order
/// @param timings of the training's reports in order
/// @param settings `train.json`; empty when it is absent
/// @param environment `environment.json`; empty when it is absent
/// @param predictors accuracies to compare with, where they were measured
/// @param finished whether the model stands in the folder
record TrainingRecord(
    Path folder,
    List<TrainLine> lines,
    List<Timing> timings,
    JsonNode settings,
    JsonNode environment,
    Optional<Accuracies> predictors,
    boolean finished) {

  /// Reads what is there.
  ///
  /// @throws DuovoxException (MISSING_INPUT) when the folder is not that of a training run
  static TrainingRecord read(Path folder) {
    if (!RunFolder.hasRecord(folder)) {
      throw DuovoxException.missing(
          "%s is not a training run: it has neither %s nor %s"
              .formatted(folder, RunFolder.SETTINGS, RunFolder.METRICS));
    }
    Path predictors = folder.resolve(Accuracies.FILE);
    return new TrainingRecord(
        folder,
        jsonLines(folder.resolve(RunFolder.METRICS), TrainLine.class),
        jsonLines(folder.resolve(RunFolder.TIMING), Timing.class),
        tree(folder.resolve(RunFolder.SETTINGS)),
        tree(folder.resolve("environment.json")),
        Files.isRegularFile(predictors)
            ? Optional.of(Json.read(predictors, Accuracies.class))
            : Optional.empty(),
        Files.isRegularFile(folder.resolve("model.safetensors")));
  }

  /// Returns the steps of the schedule; 0 when they are not known.
  long stepsPlanned() {
    return settings.path("steps").asLong(0);
  }

  /// Returns the steps that were reported.
  long stepsDone() {
    return lines.isEmpty() ? 0 : lines.getLast().step();
  }

  /// Returns how far the run is, in a sentence.
  String state() {
    String steps =
        Wording.format("%,d of %,d steps", stepsDone(), Math.max(stepsDone(), stepsPlanned()));
    if (lines.isEmpty()) {
      return "No step was reported yet.";
    }
    return finished
        ? "Finished after " + steps + "."
        : "In progress or interrupted: " + steps + ".";
  }

  /// Returns the reports of one kind, in order.
  List<TrainLine> lines(TrainLine.Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind).toList();
  }

  /// Returns the validation with the lowest loss.
  Optional<TrainLine> best() {
    return lines(TrainLine.Kind.VALIDATION).stream()
        .filter(line -> Double.isFinite(line.loss()))
        .min(Comparator.comparingDouble(TrainLine::loss));
  }

  /// Returns what the watches over the training say about its lines, and what else it warned of.
  List<String> notes() {
    Set<String> notes = new LinkedHashSet<>();
    Watches watches = new Watches(Watches.Config.defaults(), notes::add);
    lines.forEach(watches::line);
    RunFolder.remarks(folder).stream()
        .filter(text -> text.startsWith("warning: "))
        .forEach(text -> notes.add(text.substring("warning: ".length())));
    return List.copyOf(notes);
  }

  /// Returns the lines of a file; a last one that is still being written is left out.
  private static <T> List<T> jsonLines(Path file, Class<T> type) {
    return Files.exists(file) ? Json.lines(TextInput.readWritten(file), type, file) : List.of();
  }

  private static JsonNode tree(Path file) {
    return Files.isRegularFile(file) ? Json.tree(file) : Json.parse("{}", JsonNode.class, "");
  }
}
