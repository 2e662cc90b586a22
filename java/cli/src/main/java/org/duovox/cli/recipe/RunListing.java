package org.duovox.cli.recipe;

import java.util.HashSet;
import java.util.Set;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.recipe.RunListener;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.report.Text;
import org.duovox.train.log.TrainLine;

/// What `run` says while it works: a line per stage, remarks, and progress inside the stage that
/// moves.
final class RunListing implements RunListener {
  private final Verb verb;
  private final Progress progress;
  private final boolean verbose;
  private final Set<String> reused = new HashSet<>();

  /// @param verbose print every report of a training too
  RunListing(Verb verb, Progress progress, boolean verbose) {
    this.verb = verb;
    this.progress = progress;
    this.verbose = verbose;
  }

  /// Names of the stages that were taken from an earlier run.
  Set<String> reused() {
    return Set.copyOf(reused);
  }

  @Override
  public void again(String name, String reason) {
    verb.remark("%s", Text.of("%-44s made again: %s", name, reason));
  }

  @Override
  public void failed(String fold, String reason) {
    verb.error("duovox: fold %s failed: %s".formatted(fold, reason));
  }

  @Override
  public void finished(Stage stage) {
    if (stage.reused()) {
      reused.add(stage.name());
    }
    verb.remark(
        "%s",
        Text.of(
            "%-44s %s", stage.name(), stage.reused() ? "reused" : Text.duration(stage.seconds())));
  }

  @Override
  public void remark(String text) {
    verb.remark("%s", text);
  }

  @Override
  public void remark(String stage, String text) {
    verb.remark("%s", stage + ": " + text);
  }

  @Override
  public void warning(String stage, String text) {
    verb.remark("%s", "duovox: warning: " + stage + ": " + text);
  }

  @Override
  public void progress(String stage, long done, long total, String unit) {
    progress.show(done, total, stage); // The run itself looks whether it is to stop.
  }

  @Override
  public void line(String stage, TrainLine line) {
    if (verbose) {
      verb.remark("%s", stage + " " + line.text());
    }
  }
}
