package org.duovox.cli.train;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.cli.console.CorpusPart;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.Output;
import org.duovox.cli.console.Output.Form;
import org.duovox.cli.console.Summary;
import org.duovox.cli.console.Verb;
import org.duovox.eval.Accuracy;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.eval.Estimate;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelFiles;
import org.duovox.report.Text;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu evaluate`: accuracy of a classifier with its interval and confusion matrix.
@Command(
    name = "evaluate",
    description = "Evaluates a classifier that 'duovox slu train' wrote.",
    footer = {
      "  duovox slu evaluate --model intent/ --corpus corpus/ --where split=test",
      "  duovox slu evaluate --model intent/ --corpus corpus/ --predictions predictions.jsonl"
          + " --json result.json"
    })
final class SluEvaluateCommand extends Verb {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox slu train' wrote.")
  private Path model;

  @Mixin private CorpusPart corpus;

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

  @Mixin private DeviceOption device;

  private record Result(String model, Estimate accuracy, ConfusionMatrix confusion)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of(
              "accuracy %.4f, 95 %% interval %.4f to %.4f, %s",
              accuracy.value(),
              accuracy.low(),
              accuracy.high(),
              Text.count(accuracy.n(), "utterance")));
      ConfusionText.print(writer, confusion);
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, predictions);
  }

  @Override
  protected Object execute() {
    Device computing = device.ready();
    Corpus test = corpus.open();
    List<String> labels = ModelFiles.card(model).labels();
    List<Prediction> answers =
        Prediction.joinCopies(
            labels, IntentClassifier.evaluate(model, test, computing), test.utterances());
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
}
