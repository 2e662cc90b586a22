package org.duovox.cli.model;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.FieldFilter;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.TrainingSignals;
import org.duovox.cli.console.Verb;
import org.duovox.internal.Device;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Base class of the verbs that train: the corpus, the folder of the run, and the one way to start
/// a training, show its progress, and save and leave at a signal.
abstract class TrainingVerb extends Verb {
  /// `--corpus` and `--where`: a corpus, or the utterances of it that a verb reads.
  static final class CorpusOptions {
    @Option(
        names = "--corpus",
        required = true,
        paramLabel = "CORPUS",
        description = "Corpus of 'duovox align'.")
    private Path folder;

    @Option(
        names = "--where",
        paramLabel = "FIELD=VALUE",
        description =
            "These utterances only, e.g. split=test; several values with commas; repeatable.")
    private List<String> conditions = List.of();

    /// Returns the folder.
    Path folder() {
      return folder;
    }

    /// Opens the corpus with the selected utterances.
    ///
    /// @throws org.duovox.DuovoxException (BAD_DATA) when there are none
    Corpus open() {
      return open(folder, conditions);
    }

    /// Opens a corpus with the utterances that meet the conditions of `--where`.
    static Corpus open(Path folder, List<String> conditions) {
      FieldFilter filter = new FieldFilter(conditions);
      Corpus corpus = Corpus.open(folder);
      if (filter.isEmpty()) {
        return corpus;
      }
      Corpus selected = corpus.filter(utterance -> filter.matches(utterance.fields()));
      if (selected.size() == 0) {
        throw filter.noMatch(
            folder.toString(), corpus.utterances().stream().map(UnitUtterance::fields));
      }
      return selected;
    }
  }

  @Mixin private CorpusOptions corpus;

  @Option(names = "--out", required = true, paramLabel = "RUN", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--resume",
      description =
          "Go on with the run in --out from its newest checkpoint, to the same bits as if it had"
              + " never stopped; start it when there is none.")
  private boolean resume;

  @Mixin private DeviceOption deviceOption;

  private int exitCode;

  /// The training itself.
  interface Work {
    Training.Result train(Corpus units, RunFolder run, TrainHost host);
  }

  /// The result of a training, the size of its corpus, and the seconds that it took here.
  record Outcome(Training.Result result, int utterances, double seconds) {}

  /// Returns the folder of the run.
  final Path out() {
    return out;
  }

  /// Returns the folder of the corpus.
  final Path corpusFolder() {
    return corpus.folder();
  }

  @Override
  public final List<Output> outputs() {
    return Output.continuing(out);
  }

  /// Trains in the folder of the run.
  ///
  /// @param task name of the task on the progress bar
  /// @param format makes a report of the training a line for people
  final Outcome train(String task, BiFunction<TrainLine, Timing, String> format, Work work) {
    Device device = deviceOption.ready();
    Corpus units = corpus.open();
    // With --resume, --replace is for the other outputs.
    if (mayReplace() && !resume && RunFolder.isRun(out)) {
      remark("duovox: the run that was in %s is now %s", out, RunFolder.setAside(out));
    }
    Stopwatch stopwatch = new Stopwatch();
    TrainControl control = new TrainControl();
    try (Progress progress = progress(task, -1, "steps");
        RunFolder run = RunFolder.open(out, resume);
        TrainingSignals signals =
            new TrainingSignals(
                control::leave, control::save, text -> progress.line("duovox: " + text))) {
      if (run.isFinished()) {
        progress.line("duovox: " + out + " is finished already");
      }
      TrainHost host =
          new TrainHost(device, new MemoryBudget(), control, listener(progress, format));
      Training.Result result = work.train(units, run, host);
      exitCode = result.finished() ? 0 : signals.exitCode();
      return new Outcome(result, units.size(), stopwatch.seconds());
    }
  }

  @Override
  protected final int exitCode(Object result) {
    return exitCode;
  }

  /// Returns a listener that moves the bar with every step and prints a line per report.
  static TrainListener listener(Progress progress, BiFunction<TrainLine, Timing, String> format) {
    return new TrainListener() {
      private Timing last = new Timing(TrainLine.Kind.TRAIN, 0, 0, 0);

      @Override
      public void step(long done, long all) {
        progress.show(done, all, ""); // Not update: an interruption must not come before the save.
      }

      @Override
      public void timing(Timing timing) {
        last = timing;
      }

      @Override
      public void line(TrainLine line) {
        progress.line(format.apply(line, last));
      }

      @Override
      public void remark(String text) {
        progress.line(text);
      }

      @Override
      public void warning(String remark) {
        progress.line("duovox: warning: " + remark);
      }

      @Override
      public void checkpoint(long step, Path folder, double seconds) {
        progress.line("checkpoint " + folder.getFileName());
      }
    };
  }
}
