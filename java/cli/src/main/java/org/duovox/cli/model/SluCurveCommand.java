package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.FieldFilter;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.config.Settings;
import org.duovox.internal.Device;
import org.duovox.report.Wording;
import org.duovox.slu.FewShotCurve;
import org.duovox.slu.FewShotCurve.Point;
import org.duovox.slu.FewShotCurve.Weights;
import org.duovox.slu.SluConfig;
import org.duovox.slu.SluConfig.Mode;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu curve`: computes the accuracy of a probe by the number of labeled examples.
@Command(
    name = "curve",
    description = {
      "Computes how accuracy grows with the number of labeled examples of a class, for a"
          + " pretrained model and the same model with random weights: what pretraining is worth.",
      "",
      "Each point is the mean over several draws of examples; both models see the same ones."
    },
    footer = {
      "  duovox slu curve --model run/ --corpus corpus/ --label intent --train split=train --test"
          + " split=test",
      "  duovox slu curve --model run/ --corpus corpus/ --label digit --train"
          + " speaker=george,lucas --test speaker=theo --shots 1,2,5,all --draws 10 --json"
          + " curve.json",
      "  duovox slu curve --model run/ --corpus corpus/ --label digit --mode finetune --train"
          + " split=train --test split=test --set slu.steps=300"
    })
final class SluCurveCommand extends Verb {
  private static final String ALL = "all";

  @Mixin private ProbeOptions options;

  @Mixin private TrainingVerb.CorpusOptions corpus;

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FIELD=VALUE",
      description =
          "Utterances that examples are drawn from; several values with commas; repeatable.")
  private List<String> train;

  @Option(
      names = "--test",
      required = true,
      paramLabel = "FIELD=VALUE",
      description = "Utterances to test on; several values with commas; repeatable.")
  private List<String> test;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "probe",
      description =
          "probe: a linear classifier on frozen layers; finetune: the whole model. Default:"
              + " ${DEFAULT-VALUE}.")
  private Mode mode;

  @Option(
      names = "--shots",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,5,10,all",
      description =
          "Examples of a class (with several --label: of a combination), with commas; all: all"
              + " there are. Default: ${DEFAULT-VALUE}.")
  private List<String> shots;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "5",
      description = "Draws of examples for each number of them. Default: ${DEFAULT-VALUE}.")
  private int draws;

  @Option(names = "--no-random", description = "Leave the model with random weights out.")
  private boolean noRandom;

  @Mixin private SpeakerOption speaker;

  @Option(
      names = "--unseen",
      paramLabel = "RULE",
      defaultValue = "error",
      description =
          "What labels of the test are that training lacks: error, or wrong (predicted wrong)."
              + " Default: ${DEFAULT-VALUE}.")
  private String unseen;

  @Mixin private DeviceOption deviceOption;

  private record Result(
      String model, String mode, List<String> labels, int training, int test, List<Point> points)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(
          List.of(
              "examples a class",
              "examples",
              "draws",
              "weights",
              "accuracy",
              "95 % interval",
              "over draws"));
      for (Point point : points) {
        rows.add(
            List.of(
                point.shots() == null ? ALL : point.shots().toString(),
                Integer.toString(point.examples()),
                Integer.toString(point.draws()),
                Wording.optionName(point.weights()),
                number(point.exactMatch().value(), point.weights()),
                number(point.exactMatch().low(), point.weights())
                    + " to "
                    + number(point.exactMatch().high(), point.weights()),
                Double.isNaN(point.deviation())
                    ? "-"
                    : Wording.format("± %.3f", point.deviation())));
      }
      Wording.table(writer, rows, true);
      writer.println(
          Wording.format(
              "accuracy of %s on %s, by %s",
              String.join(" and ", labels),
              Wording.count(test, "test utterance"),
              mode.equals("probe") ? "linear probes on frozen weights" : "fine-tuning"));
    }

    private static String number(double value, Weights weights) {
      return Wording.format(weights == Weights.DIFFERENCE ? "%+.3f" : "%.3f", value);
    }
  }

  @Override
  protected Object execute() {
    Device device = deviceOption.ready();
    Settings settings = options.settings(List.of("probe", "slu"));
    SluConfig tuning = settings.section("slu", SluConfig.class, SluConfig.defaults());
    Corpus all = corpus.open();
    Corpus training = part(all, train);
    Corpus testing = part(all, test);
    FewShotCurve.Request request =
        new FewShotCurve.Request(
            options.slots(),
            shots.stream().map(SluCurveCommand::shots).toList(),
            draws,
            !noRandom,
            speaker.of(testing),
            SluEvaluateCommand.rule(unseen),
            options.probe(settings),
            mode == Mode.FINETUNE ? tuning : null);
    try (Progress progress = progress("slu curve", -1, "classifiers")) {
      List<Point> points =
          FewShotCurve.of(
              options.model(),
              training,
              testing,
              request,
              device,
              (done, of) -> progress.update(done, of, ""));
      return new Result(
          options.model().toString(),
          Wording.optionName(mode),
          options.slots().fields(),
          training.size(),
          testing.size(),
          points);
    }
  }

  private Corpus part(Corpus all, List<String> conditions) {
    FieldFilter filter = new FieldFilter(conditions);
    Corpus selected = all.filter(utterance -> filter.matches(utterance.fields()));
    if (selected.size() == 0) {
      throw filter.noMatch(
          corpus.folder().toString(), all.utterances().stream().map(u -> u.fields()));
    }
    return selected;
  }

  private static int shots(String text) {
    if (text.strip().equals(ALL)) {
      return FewShotCurve.ALL;
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new DuovoxException(
          DuovoxException.Kind.USAGE,
          "--shots: '%s' is neither a number of examples nor 'all'".formatted(text),
          e);
    }
  }
}
