package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.model.ModelFiles;
import org.duovox.recipe.Settings;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.SluConfig;
import org.duovox.slu.SluConfig.Mode;
import org.duovox.train.EarlierRun;
import org.duovox.train.MemoryBudget;
import org.duovox.train.RunFolder;
import org.duovox.train.TrainControl;
import org.duovox.train.TrainHost;
import org.duovox.train.TrainLine;
import org.duovox.train.TrainLog;
import org.duovox.train.Training;
import org.duovox.units.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu train`: a classifier on a pretrained model.
@Command(
    name = "train",
    description = "Trains a classifier of utterances on a pretrained model.",
    footer = {
      "  duovox slu train --model run/ --corpus corpus/ --label intent --where split=train --out"
          + " intent/",
      "  duovox slu train --model run/ --corpus corpus/ --label digit --mode probe --set"
          + " slu.epochs=20 --out probe/"
    })
final class SluTrainCommand extends Verb {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox pretrain' wrote.")
  private Path model;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "CORPUS",
      description = "Corpus of 'duovox align'.")
  private Path corpus;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "FIELD",
      description = "Field of the manifest that holds the class.")
  private String label;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "finetune",
      description =
          "finetune: the whole model; probe: a linear head alone. Default: ${DEFAULT-VALUE}.")
  private Mode mode;

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description =
          "Train on these utterances, e.g. split=train; several values with commas; repeatable.")
  private List<String> where = List.of();

  @Option(names = "--config", paramLabel = "F", description = "YAML file with the section slu:.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting, e.g. slu.epochs=20; repeatable.")
  private List<String> settings = List.of();

  @Option(names = "--out", required = true, paramLabel = "RUN", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--resume",
      description =
          "Go on with the run in --out from its newest checkpoint, to the same bits as if it had never stopped; start it when there is none.")
  private boolean resume;

  @Mixin private DeviceOption device;

  private int exitCode;

  private record Result(
      String out,
      String label,
      String mode,
      int utterances,
      List<String> labels,
      long steps,
      boolean finished,
      double seconds,
      TrainLine training)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of(
              "%s %s: %s of %d classes of '%s', %,d steps on %s in %s",
              finished ? "wrote" : "stopped, saved, go on with --resume:",
              out,
              mode,
              labels.size(),
              label,
              steps,
              Text.count(utterances, "utterance"),
              Text.duration(seconds)));
      if (training != null) {
        writer.println("training: " + TrainLog.classes(training));
      }
    }
  }

  @Override
  List<Output> outputs() {
    return Output.continuing(out);
  }

  @Override
  Object execute() {
    SluConfig slu = slu();
    Device computing = device.ready();
    Corpus training = CorpusFolder.open(corpus, new Where(where));
    if (mayReplace() && EarlierRun.isIn(out)) {
      remark("duovox: the run that was in %s is now %s", out, EarlierRun.setAside(out));
    }
    Clock clock = new Clock();
    TrainControl control = new TrainControl();
    try (Progress progress = progress("slu train", -1, "steps");
        RunFolder run = RunFolder.open(out, resume);
        TrainingSignals signals =
            new TrainingSignals(control, text -> progress.line("duovox: " + text))) {
      if (run.isFinished()) {
        progress.line("duovox: " + out + " is finished already");
      }
      TrainHost host =
          new TrainHost(computing, new MemoryBudget(), control, TrainingText.classifier(progress));
      Training.Result result = IntentClassifier.train(model, training, label, slu, run, host);
      exitCode = result.finished() ? 0 : signals.exitCode();
      return new Result(
          out.toString(),
          label,
          Text.label(mode),
          training.size(),
          ModelFiles.card(out).labels(),
          result.steps(),
          result.finished(),
          clock.seconds(),
          result.training());
    }
  }

  @Override
  int exitCode(Object result) {
    return exitCode;
  }

  private SluConfig slu() {
    SluConfig defaults = mode == Mode.PROBE ? SluConfig.probe() : SluConfig.defaults();
    SluConfig slu =
        Settings.read(config, settings, List.of("slu")).section("slu", SluConfig.class, defaults);
    if (slu.mode() != mode) {
      throw DuovoxException.config(
          "slu.mode is %s, but --mode is %s; give it with --mode, which also chooses the defaults"
              .formatted(Text.label(slu.mode()), Text.label(mode)));
    }
    return slu;
  }
}
