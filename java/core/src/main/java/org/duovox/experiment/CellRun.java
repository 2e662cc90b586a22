package org.duovox.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.compare.ItemScore;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.experiment.CellState.StagePlace;
import org.duovox.experiment.CellState.State;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.RunListener;
import org.duovox.recipe.RunStopped;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageStore;
import org.duovox.recipe.TrainedRecipe;
import org.duovox.recipe.TrainedRecipe.DevScore;
import org.duovox.recipe.TrainedRecipe.Words;
import org.duovox.recipe.WordsConfig.Setting;
import org.duovox.train.TrainHost;

/// The run of one cell: its recipe, then its words by the setting that its arm chose. It fails
/// alone.
final class CellRun {
  private final Cell cell;
  private final Path out;
  private final StageStore store;
  private final TrainHost host;
  private final RunListener listener;
  private CellState state;
  private TrainedRecipe trained;
  private Words words;

  CellRun(Cell cell, Path out, StageStore store, TrainHost host, RunListener listener) {
    this.cell = cell;
    this.out = out;
    this.store = store;
    this.host = host;
    this.listener = listener;
    this.state = CellState.waiting(cell);
  }

  Cell cell() {
    return cell;
  }

  synchronized CellState state() {
    return state;
  }

  private synchronized void set(CellState newState) {
    state = newState;
  }

  /// Runs everything but the scores of test words.
  void train() {
    guarded(() -> {
      Path folder = out.resolve(state().folder());
      trained = new RecipeRunner(cell.recipe(), folder, 1, store, host, listener).train();
    });
  }

  /// Scores the words of test by a setting.
  void score(Setting setting) {
    double before = state().seconds();
    guarded(() -> words = trained.words(cell.system(), setting));
    if (state().isDone()) {
      CellState now = state();
      set(now.ended(State.DONE, before + now.seconds(), now.stages()).chosen(setting, places()));
    }
  }

  private void guarded(Runnable work) {
    long start = System.nanoTime();
    try {
      work.run();
      set(state().ended(State.DONE, seconds(start), places()));
    } catch (RunStopped e) {
      set(state().ended(State.STOPPED, seconds(start), List.of()));
    } catch (DuovoxException e) {
      set(state().failed(e.kind(), e.getMessage(), seconds(start)));
    } catch (OutOfMemoryError e) {
      String advice = "out of memory (%s); run fewer cells at once (--jobs 1)";
      set(state().failed(Kind.RETRY, advice.formatted(e.getMessage()), seconds(start)));
    } catch (RuntimeException e) { // A bug of ours must not end the other cells.
      set(state().failed(null, "a bug: " + e, seconds(start)));
      System.getLogger(CellRun.class.getName()).log(System.Logger.Level.DEBUG, cell.name(), e);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private List<StagePlace> places() {
    Map<String, StagePlace> places = new LinkedHashMap<>();
    for (Stage stage : trained.stages()) {
      String folder = out.relativize(stage.folder()).toString();
      places.putIfAbsent(
          folder, new StagePlace(stage.name(), folder, stage.reused(), stage.seconds()));
    }
    return new ArrayList<>(places.values());
  }

  /// Returns the recipe after [#train()].
  TrainedRecipe trained() {
    return trained;
  }

  /// Returns the words after [#score(Setting)]; null where they were not scored.
  Words words() {
    return words;
  }

  /// Returns whether words of test were scored, not those of dev once more.
  boolean sawTest() {
    return words != null && words.part().equals("test");
  }

  /// Returns what the settings of the evaluation `words` score on dev.
  List<DevScore> devScores() {
    return trained.devScores(cell.system());
  }

  /// Returns the words that were scored, of which two cells must have the same to be compared;
  /// empty where a metric does not score words.
  List<String> items(Metric metric) {
    return metric.ofWords() && words != null ? words.folds().getFirst().words() : List.of();
  }

  /// Returns the score by a metric on its items, by data set: groups of word pairs, or the recipe's
  /// name. Empty where the cell has none.
  Map<String, ItemScore> scores(Metric metric) {
    if (!state().isDone()) {
      return Map.of();
    }
    if (metric.ofWords()) {
      Statistic statistic = metric.statistic();
      double similar = words == null ? 0 : cell.recipe().evaluations().words().similar();
      return words == null ? Map.of() : words.scores(statistic, similar);
    }
    Map<String, ItemScore> scores = new LinkedHashMap<>();
    trained
        .hits()
        .forEach((task, folds) -> {
          if (metric.isOf(task)) {
            scores.put(cell.recipe().name(), new ItemScore.Mean(folds));
          }
        });
    return scores;
  }
}
