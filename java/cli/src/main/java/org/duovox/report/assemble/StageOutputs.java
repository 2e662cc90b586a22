package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.io.json.Json;
import org.duovox.recipe.Predictions;
import org.duovox.recipe.StageName;
import org.duovox.recipe.StageName.Type;
import org.duovox.report.Wording;
import org.duovox.report.assemble.FinishedStages.Finished;
import org.duovox.report.chart.ConfusionChart;
import org.duovox.report.chart.LossChart;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.page.DataTable;
import org.duovox.slu.Prediction;
import org.duovox.train.run.RunFolder;
import org.duovox.units.CodebookUse;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusManifest;
import org.duovox.units.sets.UnitSet;

/// Reads what a report shows of the folders of finished stages. With several folds, losses and
/// codebooks are those of the first one, and confusions are summed over all.
final class StageOutputs {
  private final FinishedStages stages;

  StageOutputs(FinishedStages stages) {
    this.stages = stages;
  }

  /// Returns the training losses of each system.
  List<LossChart> losses() {
    Map<String, LossChart> first = new LinkedHashMap<>();
    for (Finished stage : stages.of(Type.PRETRAIN)) {
      StageName name = stage.parsed().orElseThrow();
      String system = name.system().label();
      if (!first.containsKey(system)) {
        String title = name.fold() + "-" + system;
        first.put(system, new LossChart(title, RunFolder.metrics(stage.folder())));
      }
    }
    return List.copyOf(first.values());
  }

  /// Returns all reports of all pretrainings.
  DataTable learning() {
    List<List<Object>> rows = new ArrayList<>();
    for (Finished stage : stages.of(Type.PRETRAIN)) {
      RunFolder.metrics(stage.folder())
          .forEach(line -> rows.add(LearningCurves.row(stage.name(), line)));
    }
    return LearningCurves.table(rows);
  }

  /// Returns how often the units of both codebooks are used.
  List<UnitHistogram> codebooks() {
    List<UnitHistogram> codebooks = new ArrayList<>();
    stages.of(Type.UNITS).stream()
        .limit(1)
        .forEach(stage ->
            sets(stage)
                .forEach((name, set) ->
                    codebooks.add(new UnitHistogram(name, set.countUnits().counts()))));
    return codebooks;
  }

  private static Map<String, UnitSet> sets(Finished stage) {
    Map<String, UnitSet> sets = new LinkedHashMap<>();
    for (String name : List.of("contextual", "phonetic")) {
      Path folder = stage.folder().resolve(name);
      if (Files.isDirectory(folder)) {
        sets.put(name, UnitSet.open(folder));
      }
    }
    return sets;
  }

  /// Returns the confusions of each classifier and system over all folds.
  List<ConfusionChart> confusions() {
    Map<String, ConfusionMatrix> sums = new LinkedHashMap<>();
    Stream.of(Type.FINETUNE, Type.PROBE)
        .flatMap(type -> stages.of(type).stream())
        .filter(stage -> Files.isRegularFile(stage.folder().resolve(Predictions.FILE)))
        .forEach(stage -> sums.merge(title(stage), matrix(stage), StageOutputs::plus));
    return sums.entrySet().stream()
        .map(entry -> new ConfusionChart(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String title(Finished stage) {
    StageName name = stage.parsed().orElseThrow();
    return name.system().label() + ", " + name.type().classifier();
  }

  private static ConfusionMatrix matrix(Finished stage) {
    Predictions predictions = Predictions.read(stage.folder());
    List<String> labels = predictions.labels();
    int[] truth =
        predictions.predictions().stream()
            .map(Prediction::gold)
            .mapToInt(labels::indexOf)
            .toArray();
    int[] predicted =
        predictions.predictions().stream()
            .map(Prediction::predicted)
            .mapToInt(labels::indexOf)
            .toArray();
    return ConfusionMatrix.of(labels, truth, predicted);
  }

  // A fold whose training part lacks a class has other labels; it is left out rather than mixed up.
  private static ConfusionMatrix plus(ConfusionMatrix sum, ConfusionMatrix next) {
    return sum.labels().equals(next.labels()) ? sum.plus(next) : sum;
  }

  /// Returns the versions that stages recorded.
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    stages.of(Type.PRETRAIN).stream()
        .map(stage -> stage.folder().resolve(RunFolder.SETTINGS))
        .filter(Files::isRegularFile)
        .findFirst()
        .ifPresent(
            file -> versions.put("libtorch", Json.tree(file).path("libtorch").asString("?")));
    return versions;
  }

  /// Returns what a reader should know: collapsed codebooks, utterances that were left out, and
  /// what the trainings warned of and remarked.
  List<String> notes() {
    List<String> notes = new ArrayList<>(units());
    List<String> remarks = new ArrayList<>();
    for (Finished stage : stages.all()) {
      for (Path run : List.of(stage.folder(), stage.folder().resolve("model"))) {
        for (String text : RunFolder.remarks(run)) {
          (text.startsWith("warning: ") ? notes : remarks).add(stage.name() + ": " + text);
        }
      }
    }
    notes.addAll(remarks); // What somebody should look at comes first.
    return notes;
  }

  private List<String> units() {
    List<String> notes = new ArrayList<>();
    for (Finished stage : stages.of(Type.UNITS)) {
      sets(stage)
          .forEach(
              (name, set) -> collapsed(stage, name, set.countUnits().use()).forEach(notes::add));
      Path corpus = stage.folder().resolve("corpus");
      if (Files.isDirectory(corpus)) {
        CorpusManifest manifest = Corpus.manifest(corpus);
        if (!manifest.skipped().isEmpty()) {
          notes.add(
              stage.name()
                  + ": left out "
                  + Wording.firstTen(
                      manifest.skipped().stream().map(CorpusManifest.Skipped::id).toList()));
        }
      }
    }
    return notes;
  }

  private static Stream<String> collapsed(Finished stage, String name, CodebookUse use) {
    return use.isNarrow()
        ? Stream.of(
            "%s: the %s units hardly distinguish anything: %s"
                .formatted(stage.name(), name, use.describe()))
        : Stream.empty();
  }
}
