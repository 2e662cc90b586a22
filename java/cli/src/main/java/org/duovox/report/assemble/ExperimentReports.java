package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.duovox.experiment.CellState;
import org.duovox.experiment.CellState.StagePlace;
import org.duovox.experiment.ExperimentFiles;
import org.duovox.experiment.ExperimentFiles.Comparisons;
import org.duovox.experiment.ExperimentFiles.Scores;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.io.json.Json;
import org.duovox.recipe.StageName;
import org.duovox.recipe.StageName.Type;
import org.duovox.report.Wording;
import org.duovox.report.page.DataTable;
import org.duovox.report.page.ExperimentReport;
import org.duovox.report.page.ExperimentReport.Answer;
import org.duovox.report.page.ExperimentReport.Charts;
import org.duovox.report.page.ExperimentReport.Tables;
import org.duovox.report.page.ExperimentReportWriter;
import org.duovox.report.page.WordsSection;
import tools.jackson.databind.JsonNode;

/// Makes the report of an experiment from its folder, finished or in progress.
public final class ExperimentReports {
  private final Path out;
  private final State state;
  private final Arms arms;
  private final ExperimentScores scores;

  private ExperimentReports(Path out) {
    this.out = out;
    this.state = State.read(out);
    this.arms = new Arms(state);
    Comparisons comparisons = has(ExperimentFiles.COMPARISONS) ? Comparisons.read(out) : null;
    Scores all = has(ExperimentFiles.RESULTS) ? Scores.read(out) : null;
    this.scores = new ExperimentScores(state, arms, comparisons, all);
  }

  private boolean has(String file) {
    return Files.isRegularFile(out.resolve(file));
  }

  /// Returns whether a folder is one of an experiment.
  public static boolean isExperiment(Path folder) {
    return Files.isRegularFile(folder.resolve(ExperimentFiles.STATE));
  }

  /// Writes the page, and its tables as CSV and JSON beside it.
  ///
  /// @param out folder of the experiment
  /// @throws org.duovox.DuovoxException when one of its files is damaged
  public static void write(Path out, Path page) {
    ExperimentReportWriter.write(new ExperimentReports(out).report(), page);
  }

  private ExperimentReport report() {
    LearningCurves curves = new LearningCurves(out, arms);
    UnitStatistics units = units();
    Confusions confusions = confusions();
    WordVectors vectors = vectors();
    WordsSection words = vectors.section();
    Tables tables = tables(units, confusions);
    List<DataTable> data = new ArrayList<>();
    data.addAll(List.of(tables.effects(), tables.arms(), tables.choices(), tables.cells()));
    data.addAll(List.of(curves.table(), tables.units(), confusions.data()));
    data.addAll(vectors.tables());
    return new ExperimentReport(
        state.title().isEmpty() ? state.name() : state.title(),
        state.question(),
        scores.answer(),
        facts(),
        answers(),
        charts(curves, units),
        tables,
        words,
        notes(),
        data);
  }

  private Tables tables(UnitStatistics units, Confusions confusions) {
    ExperimentTables all = scores.tables();
    return new Tables(
        all.comparisons(),
        all.armTable(),
        units.table(),
        confusions.table(),
        all.choices(),
        all.cells());
  }

  private Charts charts(LearningCurves curves, UnitStatistics units) {
    return new Charts(
        scores.effects(), scores.armCharts(), scores.sweeps(), curves.charts(), units.histograms());
  }

  private List<Answer> answers() {
    return scores.findings().stream().map(f -> new Answer(f.question(), f.sentence())).toList();
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    long done = state.cells().stream().filter(c -> c.state() == CellState.State.DONE).count();
    facts.put("Cells done", done + " of " + state.cells().size());
    facts.put("Seeds", Integer.toString(state.axes().getOrDefault("seed", List.of("")).size()));
    if (!state.size().isEmpty()) {
      facts.put("Size", state.size());
    }
    if (state.tried() != null && state.tried().settings() > 0) {
      facts.put("Settings tried on dev", Wording.grouped(state.tried().settings()));
      facts.put("Words of test scored", Wording.count(state.tried().testScores(), "time"));
    }
    double seconds = state.cells().stream().mapToDouble(CellState::seconds).sum();
    facts.put("Time of all cells", Wording.pageDuration(seconds));
    facts.put("Duovox", state.duovox());
    return facts;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (CellState cell : state.cells()) {
      switch (cell.state()) {
        case FAILED -> notes.add("%s failed: %s".formatted(cell.name(), cell.error()));
        case STOPPED -> notes.add(cell.name() + " was stopped; the same command goes on with it");
        default -> {}
      }
    }
    long waiting = state.cells().stream().filter(c -> c.state() == CellState.State.WAITING).count();
    if (waiting > 0) {
      notes.add(Wording.count(waiting, "cell") + " not begun; the same command goes on");
    }
    Set<Path> gone = new TreeSet<>();
    for (Type type :
        List.of(Type.UNITS, Type.PRETRAIN, Type.FINETUNE, Type.PROBE, Type.WORD_SCORES)) {
      stages(type, (arm, folder) -> gone.add(folder.normalize()));
    }
    gone.removeIf(Files::isDirectory);
    gone.forEach(folder -> notes.add(folder + " is gone; what it would show is left out"));
    return notes;
  }

  /// Passes the stages of a type of all cells that have ended well, those of an arm one after the
  /// other.
  private void stages(Type type, BiConsumer<Arms.Arm, Path> use) {
    for (Arms.Arm arm : arms.all()) {
      for (CellState cell : arm.done()) {
        for (StagePlace stage : cell.stages()) {
          if (StageName.parse(stage.name()).filter(name -> name.type() == type).isPresent()) {
            use.accept(arm, out.resolve(stage.folder()));
          }
        }
      }
    }
  }

  private UnitStatistics units() {
    Map<Path, Set<String>> users = new LinkedHashMap<>();
    stages(
        Type.UNITS,
        (arm, folder) ->
            users.computeIfAbsent(folder, key -> new LinkedHashSet<>()).add(arm.name()));
    UnitStatistics statistics = new UnitStatistics();
    users.forEach((folder, names) ->
        statistics.add(
            names.size() == arms.all().size() ? "all cells" : String.join("; ", names), folder));
    return statistics;
  }

  private Confusions confusions() {
    Confusions confusions = new Confusions();
    for (Type type : List.of(Type.FINETUNE, Type.PROBE)) {
      stages(type, (arm, folder) -> confusions.add(arm.name(), type.classifier(), folder));
    }
    return confusions;
  }

  private WordVectors vectors() {
    WordVectors vectors = new WordVectors(recipe());
    Map<String, List<Path>> byArm = new LinkedHashMap<>();
    stages(
        Type.WORD_SCORES,
        (arm, folder) -> byArm.computeIfAbsent(arm.name(), key -> new ArrayList<>()).add(folder));
    byArm.forEach(vectors::add);
    return vectors;
  }

  private JsonNode recipe() {
    return state.cells().stream()
        .map(cell -> out.resolve(cell.folder()).resolve("recipe.json"))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(Json::tree)
        .orElseGet(() -> Json.parse("{}", JsonNode.class, ""));
  }
}
