package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.eval.pairs.ScoreFile;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.model.UnitModel;
import org.duovox.model.likelihood.SpanConfig;
import org.duovox.model.likelihood.SpanLikelihood;
import org.duovox.model.likelihood.SpanLikelihood.Score;
import org.duovox.report.Wording;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `duovox score`: computes the pseudo log-probability of every utterance of a corpus.
@Command(
    name = "score",
    description = {
      "Computes the pseudo log-probability of every utterance of a corpus: a window of masks slides"
          + " over its tokens.",
      "",
      "The output has a line STEM SCORE for each, STEM being the last part of the id: a submission"
          + " to the lexical and syntactic tasks of ZeroSpeech 2021, which 'duovox swuggy' and"
          + " 'duovox sblimp' evaluate."
    },
    footer = {
      "  duovox score --model run/ --corpus lexical-dev/ --out submission/lexical/dev.txt",
      "  duovox score --model run/ --corpus syntactic-dev/ --window 10 --step 1 --out"
          + " submission/syntactic/dev.txt"
    })
public final class ScoreCommand extends Verb {
  private static final String VISIBLE = "visible";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox pretrain' wrote; it must have been trained with MCP.")
  private Path model;

  @Mixin private TrainingVerb.CorpusOptions corpus;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "15",
      description = "Tokens that are hidden together. Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--step",
      paramLabel = "N",
      defaultValue = "5",
      description = "Tokens from one window to the next. Default: ${DEFAULT-VALUE}.")
  private int step;

  @Option(
      names = "--no-tail",
      description =
          "Leave out what lies behind the last step, as the ZeroSpeech 2021 baseline does, instead"
              + " of scoring it in a window at the end.")
  private boolean noTail;

  @Option(
      names = "--phonetic",
      paramLabel = "RULE",
      defaultValue = "auto",
      description = {
        "Phonetic units under hidden tokens: hidden, visible (they may give the tokens away), or"
            + " auto: as the run was trained",
        "(masking.mask_phonetic), hidden where that is not known. Default: ${DEFAULT-VALUE}."
      })
  private PhoneticUnits phonetic;

  @Option(
      names = "--per",
      paramLabel = "WHAT",
      defaultValue = "utterance",
      description =
          "utterance: the sum of log-probabilities; token: their mean. Default: ${DEFAULT-VALUE}.")
  private SpanConfig.Per per;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Windows computed together. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Mixin private DeviceOption deviceOption;

  /// What happens to the phonetic units under hidden tokens.
  enum PhoneticUnits {
    AUTO,
    HIDDEN,
    VISIBLE
  }

  private record Result(
      String out,
      boolean phoneticHidden,
      int utterances,
      long windows,
      long tokens,
      double perToken,
      double seconds)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "wrote %s: %s, %,d windows in %s; %.3f nats a token",
              out,
              Wording.count(utterances, "utterance"),
              windows,
              Wording.duration(seconds),
              perToken));
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, out);
  }

  @Override
  protected Object execute() {
    SpanConfig config = new SpanConfig(window, step, !noTail, hides(), per, batchSize);
    Device device = deviceOption.ready();
    Corpus units = corpus.open();
    requireStems(units);
    Stopwatch stopwatch = new Stopwatch();
    try (UnitModel loaded = UnitModel.load(model, device)) {
      SpanLikelihood likelihood = new SpanLikelihood(loaded, config);
      int all = likelihood.windows(units);
      try (Progress progress = progress("score", all, "windows")) {
        List<Score> scores = likelihood.score(units, done -> progress.update(done, all, ""));
        Map<String, Double> byStem = new LinkedHashMap<>();
        scores.forEach(score -> byStem.put(stem(score.id()), score.score()));
        ScoreFile.write(out, byStem);
        return result(scores, stopwatch.seconds());
      }
    }
  }

  private Result result(List<Score> scores, double seconds) {
    long tokens = scores.stream().mapToLong(Score::tokens).sum();
    double sum =
        scores.stream()
            .mapToDouble(s -> per == SpanConfig.Per.TOKEN ? s.score() * s.tokens() : s.score())
            .sum();
    return new Result(
        out.toString(),
        hides(),
        scores.size(),
        scores.stream().mapToLong(Score::windows).sum(),
        tokens,
        -sum / tokens,
        seconds);
  }

  private boolean hides() {
    if (phonetic != PhoneticUnits.AUTO) {
      return phonetic == PhoneticUnits.HIDDEN;
    }
    Path settings = model.resolve(RunFolder.SETTINGS);
    if (!Files.isRegularFile(settings)) {
      return true;
    }
    JsonNode masking = Json.tree(settings).path("pretrain").path("masking");
    // "phonetic" is the name of the rule in runs that choose among more than two.
    return masking.path("mask_phonetic").asBoolean(false)
        || !masking.path("phonetic").asString(VISIBLE).equals(VISIBLE);
  }

  private static void requireStems(Corpus units) {
    Map<String, String> seen = new LinkedHashMap<>();
    units
        .utterances()
        .forEach(utterance -> {
          String stem = stem(utterance.id());
          String other = seen.putIfAbsent(stem, utterance.id());
          if (other != null) {
            throw DuovoxException.badData(
                "%s and %s have the same stem '%s'; a file of scores needs one of its own for each"
                    .formatted(other, utterance.id(), stem));
          }
          if (stem.contains(" ")) {
            throw DuovoxException.badData(
                "%s has a space, which separates stem and score in a file of scores"
                    .formatted(utterance.id()));
          }
        });
  }

  private static String stem(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }
}
