package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.config.Settings;
import org.duovox.model.ModelConfig;
import org.duovox.model.match.Match;
import org.duovox.report.Wording;
import org.duovox.train.PretrainConfig;
import org.duovox.train.Pretrainer;
import org.duovox.train.Training;
import org.duovox.train.log.TrainLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox pretrain`: trains a unit language model with masked context prediction and
/// reconstruction.
@Command(
    name = "pretrain",
    description = {
      "Pretrains a dual-channel model, or a baseline (BERT on one stream, or on both in one joint"
          + " sequence), on a corpus.",
      "",
      "Settings come from a YAML file with the sections 'model' and 'pretrain' and from --set; what"
          + " is left out has",
      "the documented default. config.json and train.json of the run hold them all.",
      "",
      "Heads read both channels. In the preset paper (model.head_layout auto) each reads one, unless"
          + " there is one objective alone (pretrain.mcp_weight or mcr_weight 0)."
    },
    footer = {
      "  duovox pretrain --corpus corpus/ --out run/ --preset tiny --set pretrain.epochs=20",
      "  duovox pretrain --corpus corpus/ --out run/ --config model.yaml",
      "  duovox pretrain --corpus corpus/ --out run/ --config model.yaml --resume",
      "  duovox pretrain --corpus corpus/ --out bert/ --set model.kind=single --set"
          + " model.stream=phonetic",
      "  duovox pretrain --corpus corpus/ --out joint/ --set model.kind=joint --match parameters"
    })
public final class PretrainCommand extends TrainingVerb {
  @Option(
      names = "--config",
      paramLabel = "F",
      description = "YAML file with the sections model: and pretrain:.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description =
          "A setting, e.g. pretrain.epochs=20 or model.layers=4; wins over the file; repeatable.")
  private List<String> settings = List.of();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "paper",
      description =
          "What 'model' starts from: an architecture (paper, charbert), a size (bert-small: 8 x 512,"
              + " tiny: 2 x 96), or both joined, e.g. charbert-tiny. Default: ${DEFAULT-VALUE}, which"
              + " is paper-bert-small.")
  private String preset;

  @Option(
      names = "--match",
      paramLabel = "WHAT",
      description =
          "Size a baseline (model.kind=single or joint) after the dual-channel model of the same"
              + " settings: parameters, or flops per utterance. Same as --set pretrain.match=WHAT.")
  private Match match;

  private record Result(
      String out,
      int utterances,
      long steps,
      boolean finished,
      double seconds,
      long parameters,
      TrainLine training,
      TrainLine validation)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "%s %s: %,d parameters, %,d steps on %s in %s",
              finished ? "wrote" : "stopped, saved, go on with --resume:",
              out,
              parameters,
              steps,
              Wording.count(utterances, "utterance"),
              Wording.duration(seconds)));
      if (training == null) {
        return;
      }
      writer.println("training:   " + training.text());
      if (validation != null) {
        writer.println("validation: " + validation.text());
      }
    }
  }

  @Override
  protected Object execute() {
    requireOneProcess(System.getenv());
    List<String> overrides = new ArrayList<>(settings);
    if (match != null) {
      overrides.add("pretrain.match=" + Wording.optionName(match));
    }
    Settings merged = Settings.read(config, overrides, List.of("model", "pretrain"));
    ModelConfig model = merged.section("model", ModelConfig.class, ModelConfig.preset(preset));
    PretrainConfig pretrain =
        merged.section("pretrain", PretrainConfig.class, PretrainConfig.defaults());
    if (match != null && match != Match.NONE && model.dual()) {
      throw DuovoxException.usage(
          "--match sizes a baseline after the dual-channel model; add --set model.kind=single or"
              + " --set model.kind=joint");
    }
    Outcome outcome =
        train(
            "pretrain",
            TrainLine::text,
            (units, run, host) -> new Pretrainer(pretrain, host).run(model, units, run));
    Training.Result result = outcome.result();
    return new Result(
        out().toString(),
        outcome.utterances(),
        result.steps(),
        result.finished(),
        outcome.seconds(),
        result.parameters(),
        result.training(),
        result.validation().orElse(null));
  }

  /// Refuses to be one of several processes, each of which would train the whole model by itself.
  static void requireOneProcess(Map<String, String> environment) {
    String size = environment.getOrDefault("WORLD_SIZE", "1").strip();
    if (!size.equals("1")) {
      throw DuovoxException.unavailable(
          ("WORLD_SIZE is %s: training by several processes comes with a later version; unset"
                  + " WORLD_SIZE to train with this one")
              .formatted(size));
    }
  }
}
