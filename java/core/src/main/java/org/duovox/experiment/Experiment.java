package org.duovox.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData;
import org.duovox.io.FolderAccess;
import org.duovox.io.json.Json;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.WordsConfig;
import org.duovox.train.run.RunSettings.Differences;

/// A grid with its cells, checked: what can be refused is refused before any of them runs.
///
/// @param cells every recipe
/// @param pairings what is compared
public record Experiment(Grid grid, List<Cell> cells, List<Pairing> pairings) {
  /// Values of the command line that win over the grid.
  ///
  /// @param size name of a size; null: the first
  /// @param settings texts `key=value` of every recipe
  /// @param threads of each cell; 0: as the grid says
  /// @param world folder of a microworld, which gives the audio and the words; null: as the recipe
  ///   says
  public record Given(String size, List<String> settings, int threads, Path world) {
    private List<String> all() {
      List<String> all = new ArrayList<>();
      if (world != null) {
        all.add("data.root=" + quoted(world.resolve("train")));
        all.add("data.manifest=manifest.jsonl");
        all.add("evaluations.words.root=" + quoted(world.resolve("semantic")));
      }
      if (threads > 0) {
        all.add("threads=" + threads);
      }
      all.addAll(settings);
      return all;
    }

    private static String quoted(Path path) {
      return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /// Reads a grid and all of its recipes.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_CONFIG) with the place of what is wrong
  public static Experiment read(Path file, Given given) {
    Grid grid = GridReader.read(file, given.size());
    List<Pairing> pairings = Pairing.of(grid);
    Experiment experiment = new Experiment(grid, Cells.of(grid, given.all()), pairings);
    Map<Map<String, String>, List<Cell>> arms = experiment.arms();
    pairings.forEach(pairing -> experiment.requireScored(pairing, arms));
    return experiment;
  }

  /// Refuses folders that are not there, data that cells cannot use, and comparisons by groups of
  /// word pairs that there are not.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA, BAD_CONFIG) before any work
  public void requireInputs() {
    Map<String, Map<String, Set<Double>>> groups = new LinkedHashMap<>();
    Set<List<Object>> usable = new HashSet<>();
    for (Cell cell : cells) {
      if (!Files.isDirectory(Path.of(cell.recipe().data().root()))) {
        FolderAccess.requireOpen(Path.of(cell.recipe().data().root()));
        throw DuovoxException.missing(
            "data.root: %s is not a folder".formatted(cell.recipe().data().root()));
      }
      boolean classifiers = cell.recipe().evaluations().hasClassifier();
      if (usable.add(List.of(cell.recipe().data(), classifiers))) {
        cell.recipe().data().requireUsable(classifiers);
      }
      WordsConfig words = cell.recipe().evaluations().words();
      if (words != null) {
        groups.computeIfAbsent(words.root(), root -> groups(cell.recipe()));
      }
    }
    Map<Map<String, String>, List<Cell>> arms = arms();
    for (Pairing pairing : pairings) {
      if (pairing.comparison().metric().ofWords()) {
        String root = arms.get(pairing.of()).getFirst().recipe().evaluations().words().root();
        requirePairs(pairing.comparison(), root, groups.get(root));
      }
    }
  }

  private void requirePairs(
      Grid.Comparison comparison, String root, Map<String, Set<Double>> groups) {
    String dataset = comparison.dataset();
    List<String> compared =
        groups.keySet().stream().filter(name -> dataset == null || name.contains(dataset)).toList();
    if (compared.isEmpty()) {
      throw DuovoxException.config(
          "%s: no group of word pairs below %s has '%s' in its name; there are %s; change 'dataset', or leave it out"
              .formatted(
                  grid.place(comparison), root, dataset, String.join(", ", groups.keySet())));
    }
    for (String group : compared) {
      if (groups.get(group).size() < 2) {
        throw DuovoxException.badData(
            "%s: all pairs of %s are judged %s, so that no score of them is defined; name another group as 'dataset', or mend pairs.csv"
                .formatted(root, group, groups.get(group).iterator().next()));
      }
    }
  }

  /// Returns the groups of the pairs that are scored last, of words that all have recordings, with
  /// the judgments that occur in each.
  private static Map<String, Set<Double>> groups(Recipe recipe) {
    Path folder = recipe.evaluations().words().requireWords(recipe.data());
    return SsimiData.read(folder.resolve("gold.csv"), folder.resolve("pairs.csv")).pairs().stream()
        .collect(
            Collectors.groupingBy(
                SsimiData.Pair::group,
                TreeMap::new,
                Collectors.mapping(SsimiData.Pair::human, Collectors.toSet())));
  }

  /// Refuses an output folder that holds something else, other cells or cells with other settings,
  /// or may not be written to, and stages to share that it cannot have.
  ///
  /// @param common folder of the stages that several experiments share; may be null
  /// @param replace whether the folder of another experiment may be used
  /// @throws DuovoxException (CANNOT_CREATE) before any work
  public void requireFolder(Path out, Path common, boolean replace) {
    ExperimentFolder.require(out, common, name(), replace);
    if (!replace) {
      requireNoOtherCells(out);
      cells.forEach(cell -> requireSame(cell, out));
    }
  }

  /// Refuses the folder of another grid of this name, whose results would be lost. Cells may come
  /// to those that were run.
  private void requireNoOtherCells(Path out) {
    Set<String> here = cells.stream().map(Cell::name).collect(Collectors.toSet());
    ExperimentFiles.State.earlier(out)
        .flatMap(earlier ->
            earlier.cells().stream().filter(cell -> !here.contains(cell.name())).findFirst())
        .ifPresent(cell -> {
          throw DuovoxException.cannotCreate(
              "%s holds the cell %s, which this grid does not have; name another folder, or --replace it"
                  .formatted(out, cell.name()),
              null);
        });
  }

  /// Refuses a cell that was begun with other settings: old and new results would stand together.
  private static void requireSame(Cell cell, Path out) {
    List<String> differences = differences(cell, out);
    if (!differences.isEmpty()) {
      throw DuovoxException.cannotCreate(
          "%s was begun with other settings: %s; name another folder, or --replace it"
              .formatted(folder(cell, out), Differences.text(differences)),
          null);
    }
  }

  /// Returns in which settings a cell differs from one of its name that was begun in a folder.
  static List<String> differences(Cell cell, Path out) {
    Path file = folder(cell, out).resolve(RecipeRunner.RECIPE);
    return Files.isRegularFile(file)
        ? Differences.between(Json.convert(cell.recipe()), Json.tree(file))
        : List.of();
  }

  private static Path folder(Cell cell, Path out) {
    return out.resolve(CellState.waiting(cell).folder());
  }

  /// Returns the short name.
  public String name() {
    return grid.head().name();
  }

  /// Returns the size of the grid that was chosen; "" where it has none.
  public String size() {
    return grid.size();
  }

  /// Returns how many comparisons there are.
  public int comparisons() {
    return pairings.size();
  }

  /// Returns the hours after which no cell begins; 0: none.
  public double budgetHours() {
    return grid.head().budgetHours();
  }

  /// Returns the line for people.
  public String title() {
    return grid.head().title();
  }

  /// Returns the encoders of all cells.
  public Set<String> encoders() {
    Set<String> encoders = new LinkedHashSet<>();
    for (Cell cell : cells) {
      Recipe.Representations both = cell.recipe().representations();
      encoders.add(both.contextual().encoder());
      encoders.add(both.phonetic().encoder());
    }
    return encoders;
  }

  /// Returns how many cells run side by side.
  ///
  /// @param asked 0: what the grid says, or as many as there are processors for
  public int jobs(int asked, int processors) {
    int wanted = asked > 0 ? asked : grid.head().jobs();
    int threads = cells.stream().mapToInt(cell -> cell.recipe().threads()).max().orElse(1);
    int automatic = Math.max(1, processors / Math.max(1, threads));
    return Math.min(cells.size(), wanted > 0 ? wanted : automatic);
  }

  /// Returns the cells in the order in which they begin: that of the grid, but of each seed the
  /// longest trainings first, so that none of them is left alone at the end.
  List<Cell> turns() {
    List<Cell> turns = new ArrayList<>();
    for (Cell cell : cells) {
      int place = turns.size();
      while (place > 0 && goesBefore(cell, turns.get(place - 1))) {
        place--;
      }
      turns.add(place, cell);
    }
    return turns;
  }

  private static boolean goesBefore(Cell cell, Cell other) {
    long steps = cell.recipe().pretrain().steps();
    return cell.seed() == other.seed() && steps > other.recipe().pretrain().steps();
  }

  /// Returns the cells of each arm, in the order of the grid.
  Map<Map<String, String>, List<Cell>> arms() {
    Map<Map<String, String>, List<Cell>> arms = new LinkedHashMap<>();
    cells.forEach(cell -> arms.computeIfAbsent(cell.arm(), arm -> new ArrayList<>()).add(cell));
    return arms;
  }

  /// Refuses a comparison by a score that one of its arms will not have.
  private void requireScored(Pairing pairing, Map<Map<String, String>, List<Cell>> arms) {
    Metric metric = pairing.comparison().metric();
    for (Map<String, String> arm : List.of(pairing.of(), pairing.against())) {
      Recipe.Evaluations evaluations = arms.get(arm).getFirst().recipe().evaluations();
      boolean scored =
          switch (metric) {
            case AUC, SPEARMAN -> evaluations.words() != null;
            case FINETUNE -> evaluations.finetune() != null;
            case PROBE -> evaluations.probe() != null;
          };
      if (!scored) {
        throw DuovoxException.config(
            "%s: %s is compared by %s, but the recipe of %s has no evaluations.%s"
                .formatted(
                    grid.place(pairing.comparison()),
                    pairing.text(),
                    metric.name().toLowerCase(Locale.ROOT),
                    Cell.name(arm),
                    metric.ofWords() ? "words" : metric.name().toLowerCase(Locale.ROOT)));
      }
    }
  }
}
