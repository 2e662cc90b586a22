package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duovox.Versions;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.duovox.report.page.Report;
import org.duovox.report.page.ReportWriter;
import org.duovox.report.page.StageTime;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Makes the report of a recipe's output folder from what the stages left there.
///
/// Reads `results.json`, `recipe.json` and `stages/`; parts that are not there are left out of the
/// page.
public final class ReportAssembler {
  /// Name of the page in the output folder.
  public static final String PAGE = "report.html";

  private final Path run;
  private final List<Path> bases;
  private final Set<String> reused;

  /// @param run output folder of `duovox run`
  /// @param bases folders that the recipe's relative paths may start from, likeliest first; for the
  ///   waveform
  /// @param reused names of the stages whose earlier result was taken
  ReportAssembler(Path run, List<Path> bases, Set<String> reused) {
    this.run = run;
    this.bases = bases;
    this.reused = reused;
  }

  /// Writes `report.html` into a run's folder and tells where.
  ///
  /// @param base folder where the recipe's relative paths start, or null when it is not known
  /// @throws org.duovox.DuovoxException (MISSING_INPUT) when the folder has no results
  public static Path write(Path run, Path base) {
    return write(run, base, Set.of());
  }

  /// Like the other one, without knowing where the recipe was.
  public static Path write(Path run) {
    return write(run, null);
  }

  /// Writes the page to a place of its own.
  public static void write(Path run, Path base, Path page) {
    ReportWriter.write(new ReportAssembler(run, bases(base), Set.of()).assemble(), page);
  }

  /// Writes `report.html`, marking the stages whose earlier result was taken.
  public static Path write(Path run, Path base, Set<String> reused) {
    Path page = run.resolve(PAGE);
    ReportWriter.write(new ReportAssembler(run, bases(base), reused).assemble(), page);
    return page;
  }

  private static List<Path> bases(Path base) {
    List<Path> bases = new ArrayList<>();
    if (base != null) {
      bases.add(base);
    }
    bases.add(Path.of(""));
    String home = System.getProperty("duovox.home", "");
    if (!home.isEmpty()) {
      bases.add(Path.of(home, "recipes"));
      bases.add(Path.of(home));
    }
    return bases;
  }

  Report assemble() {
    Results results = Results.read(run);
    Path file = run.resolve("recipe.json");
    JsonNode recipe =
        Files.isRegularFile(file) ? Json.tree(file) : Json.parse("{}", JsonNode.class, "");
    RunStages stages = new RunStages(run);
    StageParts parts = new StageParts(stages);
    return new Report(
        results.recipe(),
        recipe.path("title").asString(""),
        results.results(),
        parts.curves(),
        parts.codebooks(),
        new StripPart(stages, recipe, bases).strip().orElse(null),
        parts.confusions(),
        yaml(recipe),
        versions(results, parts),
        notes(results, parts),
        times(stages));
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

  private static SortedMap<String, String> versions(Results results, StageParts parts) {
    SortedMap<String, String> versions = new TreeMap<>(parts.versions());
    versions.put("Duovox", results.duovox());
    if (results.duovox().equals(Versions.DUOVOX)) {
      versions.put("Java", Runtime.version().toString());
    }
    return versions;
  }

  private static List<String> notes(Results results, StageParts parts) {
    List<String> notes = new ArrayList<>(parts.notes());
    results.results().stream()
        .filter(row -> row.value() == null)
        .forEach(row ->
            notes.add(
                "%s of %s (%s, %s) is undefined"
                    .formatted(row.metric(), row.task(), row.split(), row.system())));
    return notes;
  }

  private List<StageTime> times(RunStages stages) {
    return stages.all().stream()
        .map(s -> new StageTime(s.name(), s.about().seconds(), reused.contains(s.name())))
        .toList();
  }
}
