package org.duovox.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.duovox.experiment.CellState.State;
import org.duovox.experiment.ExperimentFiles.DevRow;
import org.duovox.experiment.ExperimentFiles.Tried;
import org.duovox.internal.Device;
import org.duovox.recipe.RunListener;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageStore;
import org.duovox.recipe.TrainedRecipe.DevScore;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;

/// Runs the cells of an experiment side by side, chooses layers and channels on dev, scores test
/// once, and compares.
///
/// The output folder holds `stages` (shared by all cells), `cells/NAME/recipe.json`, and the files
/// of [ExperimentFiles]. Threads of cells are never interrupted: an interruption closes the files
/// that they write.
public final class ExperimentRunner {
  private final Experiment experiment;
  private final Path out;
  private final int jobs;
  private final TrainControl control;
  private final ExperimentListener listener;
  private final List<CellRun> runs = new ArrayList<>();
  private final Map<String, String> makers = new ConcurrentHashMap<>();
  private int ended;

  /// What an experiment found.
  ///
  /// @param cells as they ended
  /// @param findings empty unless every cell has ended
  /// @param waiting how many cells did not begin, because the budget was used up or by a request
  public record Outcome(List<CellState> cells, List<Finding> findings, Tried tried, int waiting) {
    /// Returns the cells that failed.
    public List<CellState> failed() {
      return cells.stream().filter(cell -> cell.state() == State.FAILED).toList();
    }
  }

  /// @param jobs cells side by side
  /// @param control asks trainings to save, and the whole experiment to stop
  public ExperimentRunner(
      Experiment experiment,
      Path out,
      int jobs,
      Device device,
      TrainControl control,
      ExperimentListener listener) {
    this.experiment = experiment;
    this.out = out;
    this.jobs = jobs;
    this.control = control;
    this.listener = listener;
    StageStore store = StageStore.shared(out.resolve("stages"));
    MemoryBudget memory = new MemoryBudget();
    for (Cell cell : experiment.cells()) {
      // A control of its own: a cell that fails stops its folds, but no other cell.
      TrainControl own = new TrainControl(control);
      TrainHost host = new TrainHost(device, memory, own, TrainListener.NONE);
      runs.add(new CellRun(cell, out, store, host, reporter(cell.name())));
    }
  }

  /// Runs what is not finished yet.
  ///
  /// @param common folder of the stages that several experiments share; null: the experiment's own
  /// @param replace whether the folder of another experiment may be used
  public Outcome run(Path common, boolean replace) {
    experiment.requireFolder(out, common, replace);
    try (ExperimentFolder folder = ExperimentFolder.open(out, common, experiment.name(), replace)) {
      if (replace) {
        ExperimentFiles.discardResults(out);
      }
      return folder.holding(this::runCells);
    }
  }

  private Outcome runCells() {
    writeState(new Tried(0, 0, 0));
    long deadline = deadline();
    Map<Cell, CellRun> byCell = byCell();
    each(
        experiment.turns().stream().map(byCell::get).toList(),
        run -> {
          if (!control.isLeaving() && System.nanoTime() - deadline < 0) {
            run(run);
          }
        });
    int waiting = (int) runs.stream().filter(ExperimentRunner::isOpen).count();
    return waiting > 0 ? outcome(List.of(), new Tried(0, 0, 0), waiting) : evaluate();
  }

  private static boolean isOpen(CellRun run) {
    return run.state().state() == State.WAITING || run.state().state() == State.STOPPED;
  }

  private long deadline() {
    double hours = experiment.grid().head().budgetHours();
    long most = Long.MAX_VALUE / 4;
    long nanos = hours > 0 ? (long) Math.min(most, hours * 3600e9) : most;
    return System.nanoTime() + nanos;
  }

  private void run(CellRun run) {
    told(() -> listener.started(run.cell().name()));
    run.train();
    told(() -> {
      if (run.state().state() != State.STOPPED) {
        ended++;
      }
      listener.ended(run.state(), ended, runs.size());
      writeState(new Tried(0, 0, 0));
    });
  }

  private synchronized void told(Runnable report) {
    report.run();
  }

  /// Does something with each cell, some of them at once, and waits for all.
  private void each(List<CellRun> cells, Consumer<CellRun> work) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(jobs, cells.size())));
    cells.forEach(cell -> threads.execute(() -> work.accept(cell)));
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        control.leave();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome evaluate() {
    List<DevRow> dev = new ArrayList<>();
    List<Arm> arms = arms();
    Map<Arm, DevScore> chosen = new HashMap<>();
    for (Arm arm : arms) {
      List<List<DevScore>> scores =
          arm.cells().stream()
              .filter(cell -> cell.state().isDone())
              .map(CellRun::devScores)
              .filter(list -> !list.isEmpty())
              .toList();
      if (!scores.isEmpty()) {
        DevScore.means(scores)
            .forEach(score -> dev.add(ExperimentFiles.devRow(arm.values(), score)));
        chosen.put(arm, DevScore.best(scores, experiment.grid().head().select()));
      }
    }
    score(chosen);
    if (runs.stream().anyMatch(ExperimentRunner::isOpen)) {
      return outcome(List.of(), new Tried(0, 0, 0), 1);
    }
    int scored = (int) runs.stream().filter(CellRun::sawTest).count();
    Tried tried = new Tried(arms.size(), dev.size(), scored);
    ExperimentFiles.writeScores(out, experiment, arms, dev);
    long seed = ExperimentFiles.bootstrap(experiment).seed();
    List<Finding> findings =
        new Findings(arms, experiment.grid().head().draws(), seed).of(experiment.pairings());
    ExperimentFiles.writeFindings(out, experiment, tried, findings);
    return outcome(findings, tried, 0);
  }

  private void score(Map<Arm, DevScore> chosen) {
    Map<CellRun, DevScore> byCell = new HashMap<>();
    chosen.forEach((arm, best) ->
        arm.cells().stream()
            .filter(cell -> cell.state().isDone())
            .forEach(cell -> byCell.put(cell, best)));
    each(
        runs.stream().filter(byCell::containsKey).toList(),
        cell -> cell.score(byCell.get(cell).setting()));
  }

  private Map<Cell, CellRun> byCell() {
    Map<Cell, CellRun> byCell = new HashMap<>();
    runs.forEach(run -> byCell.put(run.cell(), run));
    return byCell;
  }

  private List<Arm> arms() {
    Map<Cell, CellRun> byCell = byCell();
    return experiment.arms().entrySet().stream()
        .map(arm -> new Arm(arm.getKey(), arm.getValue().stream().map(byCell::get).toList()))
        .toList();
  }

  private Outcome outcome(List<Finding> findings, Tried tried, int waiting) {
    boolean interrupted = Thread.interrupted(); // It would close the file that is written.
    writeState(tried);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new Outcome(states(), findings, tried, waiting);
  }

  private List<CellState> states() {
    return runs.stream().map(CellRun::state).toList();
  }

  private void writeState(Tried tried) {
    ExperimentFiles.State.of(experiment, jobs, tried, states()).write(out);
  }

  /// Returns a listener that passes the reports of a cell on under its name, one at a time.
  private RunListener reporter(String cell) {
    return new RunListener() {
      @Override
      public void finished(Stage stage) {
        String maker = makers.putIfAbsent(stage.key(), stage.reused() ? "" : cell);
        boolean other = stage.reused() && maker != null && !maker.isEmpty();
        told(() -> listener.finished(cell, stage, stage.reused() ? (other ? maker : null) : cell));
      }

      @Override
      public void remark(String text) {
        told(() -> listener.remark(cell, text));
      }

      @Override
      public void remark(String stage, String text) {
        told(() -> listener.detail(cell, stage + ": " + text));
      }

      @Override
      public void warning(String stage, String text) {
        told(() -> listener.warning(cell, stage + ": " + text));
      }

      @Override
      public void progress(String stage, long done, long total, String unit) {
        told(() -> listener.progress(cell, stage, done, total, unit));
      }
    };
  }
}
