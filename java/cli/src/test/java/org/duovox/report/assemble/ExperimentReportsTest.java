package org.duovox.report.assemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.eval.compare.Verdict;
import org.duovox.eval.compare.WordPairs;
import org.duovox.experiment.CellState;
import org.duovox.experiment.CellState.StagePlace;
import org.duovox.experiment.ExperimentFiles;
import org.duovox.experiment.ExperimentFiles.ArmRow;
import org.duovox.experiment.ExperimentFiles.Comparisons;
import org.duovox.experiment.ExperimentFiles.DevRow;
import org.duovox.experiment.ExperimentFiles.Row;
import org.duovox.experiment.ExperimentFiles.Scores;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.experiment.ExperimentFiles.Tried;
import org.duovox.experiment.Finding;
import org.duovox.io.Csv;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.recipe.Predictions;
import org.duovox.recipe.WordsConfig.Setting;
import org.duovox.report.page.Reports;
import org.duovox.slu.Prediction;
import org.duovox.train.log.TrainLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// The page of an invented experiment of 50 cells: two systems, five sizes, five seeds.
class ExperimentReportsTest {
  private static final List<String> SYSTEMS = List.of("dual", "contextual");
  private static final List<String> STEPS = List.of("100", "200", "400", "800", "1600");
  private static final int SEEDS = 5;
  private static final int WORDS = 120;
  private static final int REPORTS = 400;

  @TempDir private Path folder;
  private final Random random = new Random(5);

  private record Parts(State state, Scores scores, Comparisons comparisons) {
    void write(Path out) throws IOException {
      Files.writeString(out.resolve(ExperimentFiles.STATE), Json.pretty(state));
      Files.writeString(out.resolve(ExperimentFiles.RESULTS), Json.pretty(scores));
      Files.writeString(out.resolve(ExperimentFiles.COMPARISONS), Json.pretty(comparisons));
    }
  }

  private static Map<String, String> arm(String system, String steps) {
    return new TreeMap<>(Map.of("system", system, "pretrain.steps", steps));
  }

  private Parts parts() throws IOException {
    Map<String, List<String>> axes = new LinkedHashMap<>();
    axes.put("seed", List.of("1", "2", "3", "4", "5"));
    axes.put("system", SYSTEMS);
    axes.put("pretrain.steps", STEPS);
    List<CellState> cells = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    List<ArmRow> arms = new ArrayList<>();
    List<DevRow> dev = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (String steps : STEPS) {
      for (String system : SYSTEMS) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
          double value = 0.5 + random.nextDouble() / 4;
          values.put(Integer.toString(seed), value);
          CellState cell = cell(system, steps, seed);
          cells.add(cell);
          rows.add(
              new Row(
                  cell.name(),
                  cell.values(),
                  "word meaning",
                  "synthetic/class",
                  "test",
                  system,
                  "AUC",
                  value,
                  value - 0.1,
                  value + 0.1,
                  WORDS,
                  seed,
                  "both layer 1"));
        }
        Map<String, String> arm = arm(system, steps);
        arms.add(new ArmRow(arm, "auc", "both layer 1", 0.6, 0.5, 0.7, 0.04, SEEDS, WORDS, values));
        dev.add(new DevRow(arm, "both layer 1", 0.6, 20.0));
      }
      findings.add(finding(steps));
    }
    Tried tried = new Tried(10, 10, 50);
    State state =
        new State("1.0", "grid", "A grid", "Is it better?", "small", axes, tried, 2, 2, cells);
    return new Parts(
        state,
        new Scores("1.0", "grid", rows, arms, dev),
        new Comparisons("1.0", "grid", "Is it better?", tried, findings));
  }

  private static Finding finding(String steps) {
    boolean clear = steps.equals("1600");
    return new Finding(
        "Is it better?",
        arm("dual", steps),
        arm("contextual", steps),
        "AUC",
        null,
        0.65,
        0.6,
        0.05,
        clear ? 0.02 : -0.02,
        0.12,
        0.02,
        0.01,
        clear ? 0.01 : 0.3,
        0.08,
        clear ? Verdict.BETTER : Verdict.INSIDE_THE_NOISE,
        SEEDS,
        WORDS,
        "dual against contextual: …",
        Map.of("1", 0.65),
        Map.of("1", 0.6));
  }

  private CellState cell(String system, String steps, int seed) throws IOException {
    String name = "seed=%d,system=%s,pretrain.steps=%s".formatted(seed, system, steps);
    Map<String, String> values = arm(system, steps);
    values.put("seed", Integer.toString(seed));
    List<StagePlace> stages = new ArrayList<>();
    for (String type : List.of("pretrain", "wordscores", "probe")) {
      String stage = type + "-all-" + system;
      String place = "stages/%s-%s-%d".formatted(stage, steps, seed);
      Path path = Files.createDirectories(folder.resolve(place));
      switch (type) {
        case "pretrain" -> metrics(path);
        case "wordscores" -> words(path);
        default -> predictions(path);
      }
      stages.add(new StagePlace(stage, place, false, 1));
    }
    return new CellState(
        name,
        "cells/" + name,
        values,
        system,
        seed,
        CellState.State.DONE,
        null,
        null,
        12.5,
        new Setting("both", 1),
        stages);
  }

  private void metrics(Path path) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int step = 1; step <= REPORTS; step++) {
      double loss = 5.0 / step + random.nextDouble();
      TrainLine.Kind kind = step % 40 == 0 ? TrainLine.Kind.VALIDATION : TrainLine.Kind.TRAIN;
      lines
          .append(
              Json.line(
                  new TrainLine(
                      kind,
                      50L * step,
                      0,
                      loss,
                      loss,
                      0,
                      0.2,
                      1e-3,
                      1,
                      9,
                      9,
                      TrainLine.Health.NONE)))
          .append('\n');
    }
    Files.writeString(path.resolve("metrics.jsonl"), lines);
  }

  private void words(Path path) throws IOException {
    List<WordPairs.Row> pairs = new ArrayList<>();
    try (SafetensorsWriter writer =
        Safetensors.create(path.resolve("words.safetensors"), Map.of())) {
      for (int w = 0; w < WORDS; w++) {
        float[] vector = new float[32];
        for (int d = 0; d < vector.length; d++) {
          vector[d] = (float) random.nextGaussian() / 8 + (w % 6 == d ? 1 : 0);
        }
        writer.add("word" + w, new long[] {vector.length}, vector);
        String other = "word" + (w + 6) % WORDS;
        pairs.add(new WordPairs.Row("synthetic", "class", "word" + w, other, 1, 0.1));
      }
      writer.commit();
    }
    Files.writeString(path.resolve(WordPairs.FILE), new WordPairs(pairs).csv());
  }

  private static void predictions(Path path) {
    List<Prediction> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(new Prediction("u" + i, "on", i < 3 ? "off" : "on", List.of(0.0, 0.0)));
    }
    answers.add(new Prediction("v", "off", "on", List.of(0.0, 0.0)));
    new Predictions("intent", List.of("on", "off"), answers).write(path);
  }

  @Test
  void fiftyCellsMakeAPageWithEverythingBelowTenMegabytes() throws IOException {
    parts().write(folder);
    Path page = folder.resolve("report.html");
    ExperimentReports.write(folder, page);
    String html = Files.readString(page);
    assertTrue(html.length() < 10_000_000, html.length() + " characters");
    Document parsed = Reports.parse(html);
    List<String> titles =
        Reports.elements(parsed, "h2", null).stream().map(Element::getTextContent).toList();
    assertEquals(
        List.of(
            "Answer",
            "Effects",
            "Scores",
            "Sweeps",
            "Training",
            "Words",
            "Confusions",
            "Choices",
            "Cells",
            "Data"),
        titles);
    String answer = Reports.elements(parsed, "p", "answer").getFirst().getTextContent();
    assertTrue(
        answer.startsWith(
            "Of 5 comparisons 1 found the first better, 4 are inside the noise. Better: dual against"
                + " contextual at steps 1600. Inside the noise: dual against contextual at steps 100;"),
        answer);
    // One chart of two lines over the five numbers of steps.
    Element sweep = (Element) parsed.getElementsByTagName("section").item(3);
    assertEquals(1, sweep.getElementsByTagName("svg").getLength());
    assertEquals(2 * 25 * 1, sweep.getElementsByTagName("circle").getLength());
    // Ten arms are too many lines for one chart: one for each number of steps.
    Element training = (Element) parsed.getElementsByTagName("section").item(4);
    assertTrue(training.getTextContent().contains("Training loss: steps 1600"));
    assertFalse(html.contains("NaN"));
    assertEquals(html, again(), "repeats byte for byte");
  }

  @Test
  void aVerdictOfAllIsSaidOnce() throws IOException {
    Parts all = parts();
    List<Finding> noise =
        all.comparisons().comparisons().stream()
            .filter(f -> f.verdict() == Verdict.INSIDE_THE_NOISE)
            .toList();
    Comparisons found = new Comparisons("1.0", "grid", "Is it?", new Tried(8, 8, 40), noise);
    Arms arms = new Arms(all.state());
    assertEquals(
        "All 4 comparisons are inside the noise: dual against contextual at steps 100",
        new ExperimentScores(all.state(), arms, found, all.scores()).answer().split(";")[0]);
  }

  private String again() throws IOException {
    Path page = folder.resolve("again.html");
    ExperimentReports.write(folder, page);
    return Files.readString(page);
  }

  @Test
  void whatIsGoneOrCutIsNamed() throws IOException {
    parts().write(folder);
    Path gone = folder.resolve("stages/probe-all-dual-100-3");
    Files.delete(gone.resolve(Predictions.FILE));
    Files.delete(gone);
    Path page = folder.resolve("report.html");
    ExperimentReports.write(folder, page);
    assertTrue(Files.readString(page).contains("probe-all-dual-100-3 is gone"));
    Path metrics = folder.resolve("stages/pretrain-all-dual-100-3/metrics.jsonl");
    Files.writeString(metrics, Files.readString(metrics).substring(0, 900));
    DuovoxException cut =
        assertThrows(DuovoxException.class, () -> ExperimentReports.write(folder, page));
    assertTrue(cut.getMessage().contains("pretrain-all-dual-100-3"), cut.getMessage());
    assertTrue(cut.getMessage().contains("take that folder away"), cut.getMessage());
  }

  @Test
  void theNumbersStandBesideThePage() throws IOException {
    parts().write(folder);
    ExperimentReports.write(folder, folder.resolve("report.html"));
    Path data = folder.resolve("report-data");
    for (String name :
        List.of(
            "effects",
            "arms",
            "dev",
            "cells",
            "learning",
            "confused",
            "nearest-words",
            "word-map")) {
      assertTrue(Files.isRegularFile(data.resolve(name + ".csv")), name);
      assertTrue(Json.tree(data.resolve(name + ".json")).isArray(), name);
    }
    assertEquals(50 * REPORTS, Csv.read(data.resolve("learning.csv")).rows().size());
    assertEquals(10 * WORDS * 5, Csv.read(data.resolve("nearest-words.csv")).rows().size());
    Csv confused = Csv.read(data.resolve("confused.csv"));
    assertEquals(
        List.of("dual, steps 100", "linear probe", "on", "off", "15", "50"),
        confused.rows().getFirst().cells());
    // Vectors of a class point into one direction, so nearest words are of it.
    long alike =
        Csv.read(data.resolve("nearest-words.csv")).rows().stream()
            .filter(row -> number(row.cells().get(1)) % 6 == number(row.cells().get(3)) % 6)
            .count();
    assertEquals(10 * WORDS * 5, alike);
  }

  private static int number(String word) {
    return Integer.parseInt(word.substring("word".length()));
  }

  @Test
  void anExperimentInProgressHasAPage() throws IOException {
    State state = parts().state();
    List<CellState> cells = new ArrayList<>(state.cells());
    CellState first = cells.getFirst();
    cells.set(
        0,
        new CellState(
            first.name(),
            first.folder(),
            first.values(),
            first.system(),
            1,
            CellState.State.FAILED,
            "no space left",
            null,
            3,
            null,
            List.of()));
    CellState last = cells.getLast();
    cells.set(
        cells.size() - 1,
        new CellState(
            last.name(),
            last.folder(),
            last.values(),
            last.system(),
            1,
            CellState.State.WAITING,
            null,
            null,
            0,
            null,
            List.of()));
    State running = new State("1.0", "grid", "", "", "", state.axes(), null, 0, 1, cells);
    Files.writeString(folder.resolve(ExperimentFiles.STATE), Json.pretty(running));
    ExperimentReports.write(folder, folder.resolve("report.html"));
    String html = Files.readString(folder.resolve("report.html"));
    assertTrue(html.contains("Not known yet: 48 of 50 cells are done."));
    assertTrue(html.contains(first.name() + " failed: no space left"));
    assertTrue(html.contains("1 cell not begun"));
  }
}
