package org.duovox.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.duovox.experiment.Experiment.Given;
import org.duovox.experiment.Plan.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The grids in `recipes/experiments` are read in both sizes, share what they should, and have as
/// many seeds as they promise.
final class ReadyGridsTest {
  private static final Path FOLDER = Path.of("..", "..", "recipes", "experiments");
  private static final List<String> OF_THE_PAPER =
      List.of("single-vs-dual", "dual-vs-joint", "objectives");

  static List<Path> grids() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("world"))
          .sorted()
          .toList();
    }
  }

  private static Experiment read(Path grid, String size) {
    return Experiment.read(grid, new Given(size, List.of(), 0, Path.of("world")));
  }

  @Test
  void allAreThere() throws IOException {
    assertEquals(
        new TreeSet<>(
            List.of(
                "alignment",
                "coarse-units",
                "codebook",
                "compute-scaling",
                "data-scaling",
                "digits",
                "dual-ablations",
                "dual-vs-joint",
                "intents",
                "languages",
                "learning-rate",
                "masking",
                "objectives",
                "representations",
                "resolution",
                "single-vs-dual")),
        new TreeSet<>(
            grids().stream().map(g -> g.getFileName().toString().replace(".yaml", "")).toList()));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void bothSizesAreReadAndHaveTheirSeeds(Path file) {
    for (String size : List.of("small", "paper")) {
      Experiment experiment = read(file, size);
      String name = experiment.name();
      assertEquals(file.getFileName().toString(), name + ".yaml");
      assertEquals(
          seeds(name),
          GridReader.byName(experiment.grid().axes()).get(Axis.SEED).values().size(),
          name);
      assertFalse(experiment.pairings().isEmpty(), name);
      assertTrue(
          experiment.pairings().stream().noneMatch(p -> p.comparison().question().isEmpty()));
      assertEquals(
          size.equals("small") ? 2 : 8,
          experiment.cells().stream().mapToInt(c -> c.recipe().model().layers()).max().orElse(0));
    }
  }

  private static int seeds(String grid) {
    if (grid.equals("learning-rate")) {
      return 2; // It chooses settings, and answers nothing.
    }
    if (grid.equals("intents")) {
      return 8; // Of 400 utterances, three seeds do not tell a difference of 0.1.
    }
    return OF_THE_PAPER.contains(grid) ? 5 : 3;
  }

  @Test
  void theSmallOnesKeepTheirBudgets() throws IOException {
    for (Path file : grids()) {
      Experiment small = read(file, "small");
      double most = OF_THE_PAPER.contains(small.name()) ? 2 : 0.67;
      assertTrue(small.budgetHours() > 0 && small.budgetHours() <= most, small.name());
    }
  }

  @Test
  void seedsShareEverythingButTheTrainings() {
    Plan plan = Plan.of(read(FOLDER.resolve("single-vs-dual.yaml"), "small"));
    Map<Kind, Plan.Need> stages = plan.stages();
    assertEquals(new Plan.Need(1, 40), stages.get(Kind.FEATURES));
    assertEquals(new Plan.Need(1, 40), stages.get(Kind.UNITS));
    assertEquals(new Plan.Need(30, 30), stages.get(Kind.PRETRAIN));
    assertEquals(new Plan.Need(5, 5), stages.get(Kind.RANDOM));
    assertEquals("40 cells = 5 of seed x 8 of model", plan.cells());
  }

  @Test
  void everyOtherValueIsComparedWithTheOneNamed() {
    List<String> texts =
        read(FOLDER.resolve("compute-scaling.yaml"), "small").pairings().stream()
            .map(Pairing::text)
            .toList();
    assertEquals(7, texts.size(), texts.toString());
    assertTrue(texts.contains("2 x 192 against 2 x 96 at pretrain.steps=1000"), texts.toString());
    assertTrue(
        texts.contains("pretrain.steps 3000 against pretrain.steps 300 at size=2 x 96"),
        texts.toString());
  }

  @Test
  void aWorldOfTheCommandLineGivesAudioAndWords() {
    Experiment experiment = read(FOLDER.resolve("masking.yaml"), null);
    Path world = Path.of("world").toAbsolutePath();
    assertEquals("small", experiment.size());
    assertEquals(
        world.resolve("train").toString(), experiment.cells().getFirst().recipe().data().root());
    assertEquals(
        world.resolve("semantic").toString(),
        experiment.cells().getFirst().recipe().evaluations().words().root());
    assertEquals(2, experiment.jobs(0, 2));
    assertEquals(8, experiment.jobs(0, 8));
    assertEquals(3, experiment.jobs(3, 2));
  }

  /// Cells that train longer begin first; a seed is whole before the next begins.
  @Test
  void theLongestTrainingsOfASeedBeginFirst() {
    Experiment experiment = read(FOLDER.resolve("compute-scaling.yaml"), "small");
    List<String> turns =
        experiment.turns().stream()
            .map(cell -> cell.seed() + ": " + cell.recipe().pretrain().steps())
            .distinct()
            .toList();
    assertEquals(
        List.of(
            "1: 3000", "1: 1000", "1: 300", "2: 3000", "2: 1000", "2: 300", "3: 3000", "3: 1000",
            "3: 300"),
        turns);
    assertEquals(new HashSet<>(experiment.cells()), new HashSet<>(experiment.turns()));
    List<Cell> alike = read(FOLDER.resolve("masking.yaml"), "small").turns();
    assertEquals(
        read(FOLDER.resolve("masking.yaml"), "small").cells(), alike, "else the grid's order");
  }
}
