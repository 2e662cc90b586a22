package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duovox.Versions;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.duovox.recipe.StageName.Type;
import org.duovox.report.page.DataTable;
import org.duovox.report.page.Report;
import org.duovox.report.page.Report.StageTime;
import org.duovox.report.page.ReportData;
import org.duovox.report.page.ReportWriter;
import org.duovox.report.page.WordsSection;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Makes the report of a recipe's run from its output folder.
///
/// Reads `results.json`, `recipe.json` and `stages/`; what is not there is left out of the page.
public final class RecipeReports {
  /// Name of the page in the output folder.
  public static final String PAGE = "report.html";

  private final Path run;
  private final List<Path> bases;
  private final Set<String> reused;

  private RecipeReports(Path run, List<Path> bases, Set<String> reused) {
    this.run = run;
    this.bases = bases;
    this.reused = reused;
  }

  /// Returns the folder beside a page that holds its numbers as CSV and JSON.
  public static Path data(Path page) {
    return ReportData.folder(page);
  }

  /// Writes the page, and its tables as CSV and JSON beside it.
  ///
  /// @param run output folder of `duovox run`
  /// @param bases folders that the recipe's relative paths may start from, likeliest first; for the
  ///   waveform
  /// @param reused names of the stages whose earlier result was taken
  /// @throws org.duovox.DuovoxException (MISSING_INPUT) when the folder has no results
  public static void write(Path run, List<Path> bases, Set<String> reused, Path page) {
    ReportWriter.write(new RecipeReports(run, bases, reused).report(), page);
  }

  private Report report() {
    Results results = Results.read(run);
    Path file = run.resolve("recipe.json");
    JsonNode recipe =
        Files.isRegularFile(file) ? Json.tree(file) : Json.parse("{}", JsonNode.class, "");
    FinishedStages stages = new FinishedStages(run);
    StageOutputs outputs = new StageOutputs(stages);
    Confusions confusions = confusions(stages);
    WordVectors vectors = vectors(stages, recipe);
    WordsSection words = vectors.section();
    List<DataTable> data = new ArrayList<>();
    data.addAll(List.of(results(results), outputs.learning(), units(stages), confusions.data()));
    data.addAll(vectors.tables());
    return new Report(
        results.recipe(),
        recipe.path("title").asString(""),
        results.results(),
        outputs.losses(),
        outputs.codebooks(),
        new ExampleUtterance(stages, recipe, bases).chart().orElse(null),
        outputs.confusions(),
        confusions.table(),
        words,
        yaml(recipe),
        versions(results, outputs),
        notes(results, outputs),
        times(stages),
        data);
  }

  private static DataTable results(Results results) {
    List<List<Object>> rows = new ArrayList<>();
    for (Results.Row row : results.results()) {
      rows.add(
          Arrays.asList(
              row.task(),
              row.dataset(),
              row.split(),
              row.system(),
              row.metric(),
              row.value(),
              row.low(),
              row.high(),
              row.n(),
              row.seed()));
    }
    List<String> columns =
        List.of(
            "task", "dataset", "split", "system", "metric", "value", "low", "high", "n", "seed");
    return new DataTable("results", "Results", columns, rows);
  }

  private static DataTable units(FinishedStages stages) {
    UnitStatistics units = new UnitStatistics();
    stages.of(Type.UNITS).forEach(stage -> units.add(stage.name(), stage.folder()));
    return units.table();
  }

  private static Confusions confusions(FinishedStages stages) {
    Confusions confusions = new Confusions();
    for (Type type : List.of(Type.FINETUNE, Type.PROBE)) {
      stages
          .of(type)
          .forEach(stage -> confusions.add(system(stage), type.classifier(), stage.folder()));
    }
    return confusions;
  }

  private static WordVectors vectors(FinishedStages stages, JsonNode recipe) {
    WordVectors vectors = new WordVectors(recipe);
    Map<String, List<Path>> bySystem = new LinkedHashMap<>();
    stages
        .of(Type.WORD_SCORES)
        .forEach(stage ->
            bySystem.computeIfAbsent(system(stage), key -> new ArrayList<>()).add(stage.folder()));
    bySystem.forEach(vectors::add);
    return vectors;
  }

  private static String system(FinishedStages.Finished stage) {
    return stage.parsed().orElseThrow().system().label();
  }

  private static String yaml(JsonNode recipe) {
    return recipe.isEmpty()
        ? ""
        : YAMLMapper.builder()
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .build()
            .writeValueAsString(recipe);
  }

  private static SortedMap<String, String> versions(Results results, StageOutputs outputs) {
    SortedMap<String, String> versions = new TreeMap<>(outputs.versions());
    versions.put("Duovox", results.duovox());
    if (results.duovox().equals(Versions.DUOVOX)) {
      versions.put("Java", Runtime.version().toString());
    }
    return versions;
  }

  private static List<String> notes(Results results, StageOutputs outputs) {
    List<String> notes = new ArrayList<>(outputs.notes());
    results.results().stream()
        .filter(row -> row.value() == null)
        .forEach(row ->
            notes.add(
                "%s of %s (%s, %s) is undefined"
                    .formatted(row.metric(), row.task(), row.split(), row.system())));
    return notes;
  }

  private List<StageTime> times(FinishedStages stages) {
    return stages.all().stream()
        .map(s -> new StageTime(s.name(), s.about().seconds(), reused.contains(s.name())))
        .toList();
  }
}
