package org.duovox.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.duovox.cli.Cli;
import org.duovox.io.Csv;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests `duovox report` of experiments, and the numbers that reports of recipes have beside them.
class ExperimentReportCommandTest {
  private static final String WORDS =
      """
        data.split: {hold_out: null, field: instrument, train: low, test: high}
        evaluations.ssimi: null
        evaluations.words: {root: meaning, similar: 0.5}
      """;

  private static final String GRID =
      """
      name: tones
      title: Two systems on tones
      question: Does the dual-channel model hear more?
      base: recipe.yaml
      set:
      %saxes:
        seed: [1, 2]
        system: [dual, contextual]
      comparisons:
        - metric: probe
          of: {system: dual}
          against: {system: contextual}
      draws: 100
      """
          .formatted(WORDS);

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    TonesGrid.write(folder);
  }

  @Test
  void anExperimentHasAPageWithItsNumbersBesideIt() throws IOException {
    Path grid = Files.writeString(folder.resolve("grid.yaml"), GRID);
    Path out = folder.resolve("out");
    Cli made = Cli.run("experiment", grid, "--out", out, "--no-probe");
    assertEquals(0, made.code(), made.err());
    Path page = out.resolve("report.html");
    assertTrue(made.out().contains("report: " + page), made.out());
    byte[] first = Files.readAllBytes(page);
    Files.delete(page);
    Cli again = Cli.run("report", out);
    assertEquals(0, again.code(), again.err());
    assertArrayEquals(first, Files.readAllBytes(page));
    String html = Files.readString(page);
    for (String section :
        List.of(
            "Answer", "Effects", "Scores", "Training", "Words", "Confusions", "Units", "Cells")) {
      assertTrue(html.contains("<h2 id=\"" + section.toLowerCase(Locale.ROOT)), section);
    }
    assertEquals(4, Csv.read(out.resolve("report-data/cells.csv")).rows().size());
    assertTrue(Json.tree(out.resolve("report-data/word-map.json")).isArray());

    Path other = folder.resolve("elsewhere/tones.html");
    assertEquals(0, Cli.run("report", out, "--out", other).code());
    assertTrue(Files.isRegularFile(folder.resolve("elsewhere/tones-data/effects.csv")));
    Files.delete(other);
    Cli taken = Cli.run("report", out, "--out", other);
    assertEquals(73, taken.code(), taken.err());
    assertTrue(taken.err().contains("tones-data is there already"), taken.err());
    assertFalse(Files.exists(other));
    assertEquals(0, Cli.run("report", out, "--out", other, "--replace").code());
  }

  @Test
  void aDamagedExperimentIsNamed() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    String plain =
        "{\"duovox\": \"1\", \"name\": \"n\", \"size\": \"\", \"budget_hours\": 0, \"jobs\": 1, ";
    for (String rest :
        List.of(
            "\"axes\": null, \"cells\": []}",
            "\"axes\": {}, \"cells\": [null]}",
            "\"axes\": {}, \"cells\": [{\"seed\": 1, \"seconds\": 1}]}")) {
      Files.writeString(out.resolve("experiment.json"), plain + rest);
      Cli cli = Cli.run("report", out);
      assertEquals(65, cli.code(), cli.err());
      assertTrue(cli.err().contains("experiment.json:1:"), cli.err());
      assertFalse(cli.err().contains("Exception"), cli.err());
    }
    Files.writeString(out.resolve("experiment.json"), "{\"name\": 1");
    Cli cli = Cli.run("report", out);
    assertEquals(65, cli.code(), cli.err());
    assertTrue(cli.err().contains("experiment.json"), cli.err());
    Cli none = Cli.run("report", Files.createDirectories(folder.resolve("none")));
    assertEquals(66, none.code(), none.err());
    assertTrue(none.err().contains("no experiment.json (of 'duovox experiment')"), none.err());
  }

  @Test
  void aRunThatScoresWordsShowsThem() throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    Path out = folder.resolve("out");
    Cli cli =
        Cli.run(
            "run",
            recipe,
            "--out",
            out,
            "--set",
            "evaluations.ssimi=null",
            "--set",
            "evaluations.words={root: meaning, similar: 0.5}");
    assertEquals(0, cli.code(), cli.err());
    String html = Files.readString(out.resolve("report.html"));
    assertTrue(html.contains("<h2 id=\"words-title\">Words"), "maps and nearest words");
    for (String name : List.of("results", "learning", "units", "confused", "nearest-words")) {
      assertFalse(Csv.read(out.resolve("report-data/" + name + ".csv")).rows().isEmpty(), name);
    }
  }
}
