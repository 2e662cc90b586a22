package org.duovox.cli.train;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.duovox.cli.console.Clock;
import org.duovox.cli.console.CorpusPart;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.internal.Device;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the verbs that train share: a corpus to train on, the folder of the run, and the one way to
/// begin it, to hear of it, and to leave it at a signal.
abstract class TrainingVerb extends Verb {
  @Mixin private CorpusPart corpus;

  @Option(names = "--out", required = true, paramLabel = "RUN", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--resume",
      description =
          "Go on with the run in --out from its newest checkpoint, to the same bits as if it had never stopped; start it when there is none.")
  private boolean resume;

  @Mixin private DeviceOption device;

  private int exitCode;

  /// The training itself.
  interface Work {
    Training.Result train(Corpus units, RunFolder run, TrainHost host);
  }

  /// What a training came to here.
  record Trained(Training.Result result, int utterances, double seconds) {}

  /// Folder of the run.
  final Path out() {
    return out;
  }

  @Override
  public final List<Output> outputs() {
    return Output.continuing(out);
  }

  /// Trains in the folder of the run.
  ///
  /// @param task as the progress bar names it
  /// @param told what the training says, shown through the bar
  final Trained train(String task, Function<Progress, TrainListener> told, Work work) {
    Device computing = device.ready();
    Corpus units = corpus.open();
    // With --resume, --replace is for the other outputs.
    if (mayReplace() && !resume && RunFolder.isRun(out)) {
      remark("duovox: the run that was in %s is now %s", out, RunFolder.setAside(out));
    }
    Clock clock = new Clock();
    TrainControl control = new TrainControl();
    try (Progress progress = progress(task, -1, "steps");
        RunFolder run = RunFolder.open(out, resume);
        TrainingSignals signals =
            new TrainingSignals(
                control::leave, control::save, text -> progress.line("duovox: " + text))) {
      if (run.isFinished()) {
        progress.line("duovox: " + out + " is finished already");
      }
      TrainHost host = new TrainHost(computing, new MemoryBudget(), control, told.apply(progress));
      Training.Result result = work.train(units, run, host);
      exitCode = result.finished() ? 0 : signals.exitCode();
      return new Trained(result, units.size(), clock.seconds());
    }
  }

  @Override
  protected final int exitCode(Object result) {
    return exitCode;
  }
}
