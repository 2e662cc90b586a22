package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.internal.Device;
import org.duovox.model.ModelFiles;
import org.duovox.report.Wording;
import org.duovox.slu.FrontEnd;
import org.duovox.slu.ProbeClassifier;
import org.duovox.slu.ProbeConfig;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu probe`: trains a linear classifier on a learned weighted sum of a frozen model's
/// layers.
@Command(
    name = "probe",
    description = {
      "Trains a linear classifier on a learned weighted sum of a frozen model's layers, as the"
          + " SUPERB benchmark does.",
      "",
      "With several --label it has one output for each (the slots of an intent)."
    },
    footer = {
      "  duovox slu probe --model run/ --corpus corpus/ --label intent --where split=train --out"
          + " probe/",
      "  duovox slu probe --model run/ --corpus corpus/ --label action --label object --label"
          + " location --balance --out probe/",
      "  duovox slu probe --model run/ --corpus corpus/ --label digit --set probe.layers=4 --out"
          + " probe/"
    })
final class SluProbeCommand extends Verb {
  @Mixin private ProbeOptions options;

  @Mixin private TrainingVerb.CorpusOptions corpus;

  @Option(names = "--out", required = true, paramLabel = "PROBE", description = "Folder to write.")
  private Path out;

  @Mixin private DeviceOption deviceOption;

  private record Result(
      String out,
      int utterances,
      Map<String, List<String>> labels,
      List<Integer> layers,
      List<Double> layerShares,
      double trainingAccuracy,
      double seconds)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      List<String> columns = new ArrayList<>();
      labels.forEach(
          (field, values) -> columns.add("%d classes of '%s'".formatted(values.size(), field)));
      writer.println(
          Wording.format(
              "wrote %s: %s, %s in %s; %s of them right",
              out,
              String.join(", ", columns),
              Wording.count(utterances, "utterance"),
              Wording.duration(seconds),
              Wording.percent(trainingAccuracy)));
      List<String> weights = new ArrayList<>();
      for (int l = 0; l < layers.size(); l++) {
        weights.add(Wording.format("%d: %.3f", layers.get(l), layerShares.get(l)));
      }
      writer.println("weights of the layers: " + String.join(", ", weights));
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    Device device = deviceOption.ready();
    ProbeConfig probe = options.probe();
    Corpus units = corpus.open();
    Stopwatch stopwatch = new Stopwatch();
    int layers = ModelFiles.card(options.model()).model().layers() + 1;
    try (Progress progress = progress("slu probe", layers, "layers")) {
      ProbeClassifier.Fitted fitted =
          ProbeClassifier.train(
              options.model(),
              units,
              options.slots(),
              probe,
              device,
              out,
              done -> progress.update(done, layers, ""));
      FrontEnd.write(corpus.folder(), out);
      return new Result(
          out.toString(),
          fitted.utterances(),
          fitted.labels(),
          fitted.layers(),
          fitted.shares(),
          fitted.accuracy(),
          stopwatch.seconds());
    }
  }
}
