package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.config.Settings;
import org.duovox.model.ModelFiles;
import org.duovox.report.Wording;
import org.duovox.slu.ClassBalance;
import org.duovox.slu.FrontEnd;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Slots;
import org.duovox.slu.SluConfig;
import org.duovox.slu.SluConfig.Mode;
import org.duovox.train.Training;
import org.duovox.train.log.TrainLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox slu train`: trains a classifier of utterances on a pretrained model.
@Command(
    name = "train",
    description = "Trains a classifier of utterances on a pretrained model.",
    footer = {
      "  duovox slu train --model run/ --corpus corpus/ --label intent --where split=train --out"
          + " intent/",
      "  duovox slu train --model run/ --corpus corpus/ --label digit --mode probe --set"
          + " slu.epochs=20 --out probe/",
      "  duovox slu train --model run/ --corpus corpus/ --label action --label object --label"
          + " location --out slots/"
    })
final class SluTrainCommand extends TrainingVerb {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox pretrain' wrote.")
  private Path model;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "FIELD",
      description =
          "Field of the manifest that holds the class; repeatable: the classes are then the"
              + " combinations that occur.")
  private List<String> labels;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "finetune",
      description =
          "finetune: the whole model; probe: a linear head alone. Default: ${DEFAULT-VALUE}.")
  private Mode mode;

  @Option(
      names = "--balance",
      description = "Repeat the utterances of rarer classes, so that all occur about as often.")
  private boolean balance;

  @Option(names = "--config", paramLabel = "F", description = "YAML file with the section slu:.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting, e.g. slu.epochs=20; repeatable.")
  private List<String> settings = List.of();

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
          Wording.format(
              "%s %s: %s of %d classes of '%s', %,d steps on %s in %s",
              finished ? "wrote" : "stopped, saved, go on with --resume:",
              out,
              mode,
              labels.size(),
              label,
              steps,
              Wording.count(utterances, "utterance"),
              Wording.duration(seconds)));
      if (training != null) {
        writer.println("training: " + training.classText());
      }
    }
  }

  @Override
  protected Object execute() {
    SluConfig slu = slu();
    Slots slots = new Slots(labels);
    Outcome outcome =
        train(
            "slu train",
            TrainLine::classText,
            (units, run, host) ->
                IntentClassifier.train(
                    model,
                    balance ? ClassBalance.repeatRare(units, slots) : units,
                    slots.field(),
                    slu,
                    run,
                    host));
    Training.Result result = outcome.result();
    if (result.finished()) {
      FrontEnd.write(corpusFolder(), out());
    }
    return new Result(
        out().toString(),
        String.join(", ", labels),
        Wording.optionName(mode),
        outcome.utterances(),
        ModelFiles.card(out()).labels(),
        result.steps(),
        result.finished(),
        outcome.seconds(),
        result.training());
  }

  private SluConfig slu() {
    SluConfig defaults = mode == Mode.PROBE ? SluConfig.probe() : SluConfig.defaults();
    SluConfig slu =
        Settings.read(config, settings, List.of("slu")).section("slu", SluConfig.class, defaults);
    if (slu.mode() != mode) {
      throw DuovoxException.config(
          "slu.mode is %s, but --mode is %s; give it with --mode, which also chooses the defaults"
              .formatted(Wording.optionName(slu.mode()), Wording.optionName(mode)));
    }
    return slu;
  }
}
