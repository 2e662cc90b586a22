package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.eval.Accuracy;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.eval.Estimate;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelFiles;
import org.duovox.report.Wording;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu evaluate`: computes the accuracy of a classifier, its interval and confusion matrix.
@Command(
    name = "evaluate",
    description = "Evaluates a classifier that 'duovox slu train' wrote.",
    footer = {
      "  duovox slu evaluate --model intent/ --corpus corpus/ --where split=test",
      "  duovox slu evaluate --model intent/ --corpus corpus/ --predictions predictions.jsonl"
          + " --json result.json"
    })
final class SluEvaluateCommand extends Verb {
  private static final int MOST_TABULATED = 12;
  private static final int MOST_LISTED = 10;
  private static final int LABEL_WIDTH = 10;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox slu train' wrote.")
  private Path model;

  @Mixin private TrainingVerb.CorpusOptions corpus;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Write id, gold, predicted and log probabilities as JSONL.")
  private Path predictions;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the bootstrap interval. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private DeviceOption deviceOption;

  private record Result(String model, Estimate accuracy, ConfusionMatrix confusion)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "accuracy %.4f, 95 %% interval %.4f to %.4f, %s",
              accuracy.value(),
              accuracy.low(),
              accuracy.high(),
              Wording.count(accuracy.n(), "utterance")));
      printConfusion(writer, confusion);
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, predictions);
  }

  @Override
  protected Object execute() {
    Device device = deviceOption.ready();
    Corpus test = corpus.open();
    List<String> labels = ModelFiles.card(model).labels();
    List<Prediction> answers =
        Prediction.joinCopies(
            labels, IntentClassifier.evaluate(model, test, device), test.utterances());
    if (predictions != null) {
      writeLines(answers);
    }
    int[] truth = answers.stream().mapToInt(answer -> labels.indexOf(answer.gold())).toArray();
    int[] predicted =
        answers.stream().mapToInt(answer -> labels.indexOf(answer.predicted())).toArray();
    return new Result(
        model.toString(),
        Accuracy.of(truth, predicted, seed),
        ConfusionMatrix.of(labels, truth, predicted));
  }

  private void writeLines(List<Prediction> answers) {
    List<String> lines = new ArrayList<>();
    answers.forEach(answer -> lines.add(Json.line(answer)));
    AtomicFiles.write(
        predictions, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Prints the whole table for few classes, the commonest confusions for many.
  static void printConfusion(PrintWriter out, ConfusionMatrix matrix) {
    if (matrix.labels().size() <= MOST_TABULATED) {
      printTable(out, matrix);
    } else {
      printCommonest(out, matrix);
    }
  }

  private static void printTable(PrintWriter out, ConfusionMatrix matrix) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("truth \\ predicted"));
    matrix.labels().forEach(label -> head.add(shortened(label)));
    head.add("recall");
    rows.add(head);
    int[][] counts = matrix.counts();
    for (int truth = 0; truth < counts.length; truth++) {
      List<String> row = new ArrayList<>(List.of(matrix.labels().get(truth)));
      for (int count : counts[truth]) {
        row.add(count == 0 ? "." : Integer.toString(count));
      }
      row.add(Wording.percent(matrix.recall(truth)));
      rows.add(row);
    }
    Wording.table(out, rows, true);
  }

  private static void printCommonest(PrintWriter out, ConfusionMatrix matrix) {
    record Confusion(String truth, String predicted, int count) {}
    List<Confusion> confusions = new ArrayList<>();
    int[][] counts = matrix.counts();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        if (i != j && counts[i][j] > 0) {
          confusions.add(
              new Confusion(matrix.labels().get(i), matrix.labels().get(j), counts[i][j]));
        }
      }
    }
    out.println(
        Wording.format(
            "%d classes; commonest confusions (--json has the whole matrix):", counts.length));
    List<List<String>> rows = new ArrayList<>();
    confusions.stream()
        .sorted(Comparator.comparingInt(Confusion::count).reversed())
        .limit(MOST_LISTED)
        .forEach(c ->
            rows.add(
                List.of("  " + c.truth(), "taken for " + c.predicted(), c.count() + " times")));
    Wording.table(out, rows, false);
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_WIDTH ? label : label.substring(0, LABEL_WIDTH - 1) + "…";
  }
}
