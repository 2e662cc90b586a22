package org.duovox.cli.recipe;

import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.experiment.CellState;
import org.duovox.experiment.ExperimentListener;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.report.Wording;

/// Prints a line for each stage and each end of a cell, and how long the rest will take.
final class CellPrinter implements ExperimentListener {
  private final Verb verb;
  private final Progress progress;
  private final boolean verbose;
  private final long begun = System.nanoTime();
  private int ran;

  /// @param verbose whether details of trainings are printed
  CellPrinter(Verb verb, Progress progress, boolean verbose) {
    this.verb = verb;
    this.progress = progress;
    this.verbose = verbose;
  }

  @Override
  public void finished(String cell, Stage stage, String maker) {
    String end =
        !stage.reused()
            ? Wording.duration(stage.seconds())
            : maker == null || maker.equals(cell) ? "reused" : "shared with " + maker;
    verb.remark("%s", Wording.format("%-32s %-28s %s", cell, stage.name(), end));
  }

  @Override
  public void ended(CellState state, int done, int all) {
    switch (state.state()) {
      case DONE -> {
        ran++;
        double each = (System.nanoTime() - begun) / 1e9 / ran;
        String left =
            done < all ? "; about " + Wording.duration(each * (all - done)) + " left" : "";
        verb.remark(
            "%s",
            Wording.format(
                "[%d/%d] %s done in %s%s",
                done, all, state.name(), Wording.duration(state.seconds()), left));
      }
      case FAILED ->
          verb.error(
              "duovox: cell %s failed: %s; the others go on"
                  .formatted(state.name(), state.error()));
      default -> verb.remark("%s", state.name() + " is saved and goes on with the same command");
    }
    progress.show(done, all, state.name());
  }

  @Override
  public void remark(String cell, String text) {
    verb.remark("%s", cell + ": " + text);
  }

  @Override
  public void detail(String cell, String text) {
    if (verbose) {
      remark(cell, text);
    }
  }

  @Override
  public void warning(String cell, String text) {
    verb.remark("%s", "duovox: warning: " + cell + ": " + text);
  }
}
