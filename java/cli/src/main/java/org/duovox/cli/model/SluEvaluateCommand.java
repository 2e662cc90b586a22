package org.duovox.cli.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.eval.Estimate;
import org.duovox.eval.SlotScores;
import org.duovox.eval.SlotScores.Interval;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelFiles;
import org.duovox.report.Wording;
import org.duovox.slu.Answer;
import org.duovox.slu.Gold;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.slu.ProbeClassifier;
import org.duovox.slu.Slots;
import org.duovox.speech.SkippedUtterance;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox slu evaluate`: computes the accuracy of a classifier, its intervals and confusion
/// matrix, on a corpus or on audio.
@Command(
    name = "evaluate",
    description = {
      "Evaluates a classifier that 'duovox slu train' or 'duovox slu probe' wrote.",
      "",
      "On audio without labels it predicts only."
    },
    footer = {
      "  duovox slu evaluate --model intent/ --corpus corpus/ --where split=test",
      "  duovox slu evaluate --model intent/ --corpus corpus/ --predictions predictions.jsonl"
          + " --json result.json",
      "  duovox slu evaluate --model intent/ --audio one.wav two.wav",
      "  duovox slu evaluate --model intent/ --manifest recordings/ --predictions answers.jsonl"
    })
final class SluEvaluateCommand extends Verb {
  private static final String NONE = "none";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox slu train' or 'duovox slu probe' wrote.")
  private Path model;

  @Mixin private EvaluationData data;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Write id, gold, predicted and the score of every class as JSONL.")
  private Path predictions;

  @Mixin private SpeakerOption speaker;

  @Option(
      names = "--absent",
      paramLabel = "VALUE",
      defaultValue = NONE,
      description =
          "The value of a slot that is not filled in; slot F1 leaves it out. Default:"
              + " ${DEFAULT-VALUE}.")
  private String absent;

  @Option(
      names = "--unseen",
      paramLabel = "RULE",
      defaultValue = "error",
      description =
          "What labels are that training lacks: error, or wrong (predicted wrong). Default:"
              + " ${DEFAULT-VALUE}.")
  private String unseen;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the bootstrap interval. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private DeviceOption deviceOption;

  /// @param confusion of the only label column; null for several
  /// @param unseen utterances with a label that training lacks
  private record Result(
      String model,
      Estimate accuracy,
      @JsonInclude(JsonInclude.Include.NON_NULL) ConfusionMatrix confusion,
      SlotScores scores,
      int unseen,
      List<SkippedUtterance> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      boolean single = scores.columns().size() == 1;
      writer.println(
          Wording.format(
              "%s %.4f, 95 %% interval %.4f to %.4f, %s",
              single ? "accuracy" : "exact match",
              accuracy.value(),
              accuracy.low(),
              accuracy.high(),
              Wording.count(accuracy.n(), "utterance")));
      if (scores.exactMatch().both() != null) {
        Estimate both = scores.exactMatch().both();
        writer.println(
            Wording.format(
                "over speakers and utterances: 95 %% interval %.4f to %.4f, %s",
                both.low(), both.high(), Wording.count(both.n(), "speaker")));
      }
      if (unseen > 0) {
        writer.println(
            Wording.format(
                "%s with a label that does not occur in training, counted as wrong",
                Wording.count(unseen, "utterance")));
      }
      printColumns(writer);
      if (confusion != null) {
        Confusions.print(writer, confusion);
      }
    }

    private void printColumns(PrintWriter writer) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("label", "accuracy", "95 % interval", "macro F1", "slot F1"));
      for (SlotScores.Column column : scores.columns()) {
        Interval accuracy = column.accuracy();
        Estimate widest = accuracy.both() == null ? accuracy.utterances() : accuracy.both();
        rows.add(
            List.of(
                column.field(),
                Wording.format("%.4f", accuracy.value()),
                Wording.format("%.4f to %.4f", widest.low(), widest.high()),
                Wording.format("%.4f", column.macroF1().value()),
                column.slotF1() == null ? "-" : Wording.format("%.4f", column.slotF1().value())));
      }
      Wording.table(writer, rows, true);
    }
  }

  @Override
  protected void checkOptions() {
    data.requireOne();
    rule(unseen);
    if (absent.isBlank()) {
      throw DuovoxException.usage("--absent needs the value that stands for an empty slot");
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, predictions);
  }

  @Override
  protected Object execute() {
    Device device = deviceOption.ready();
    boolean probe = ProbeClassifier.isProbe(model);
    if (!probe) {
      IntentClassifier.requireClassifier(model);
    }
    Slots slots = probe ? ProbeClassifier.slots(model) : IntentClassifier.slots(model);
    Corpus test = data.open(this, model, device);
    String group = speaker.of(test);
    Gold rule = data.isAudio() && isUnlabeled(test, slots) ? Gold.NONE : rule(unseen);
    List<Answer> answers =
        probe ? probed(test, rule, device) : classified(test, slots, rule, device);
    return rule == Gold.NONE
        ? new PredictedAnswers(model.toString(), answers, data.skipped())
        : scored(answers, speakers(answers, test, group), slots);
  }

  /// Returns whether no utterance has any of the labels.
  private static boolean isUnlabeled(Corpus test, Slots slots) {
    return test.utterances().stream()
        .noneMatch(utterance -> slots.fields().stream().anyMatch(utterance.fields()::containsKey));
  }

  private List<Answer> probed(Corpus test, Gold rule, Device device) {
    List<Answer> answers =
        Answer.joinCopies(
            ProbeClassifier.evaluate(model, test, rule, device, done -> {}), test.utterances());
    writeLines(answers);
    return answers;
  }

  private List<Answer> classified(Corpus test, Slots slots, Gold rule, Device device) {
    List<String> labels = ModelFiles.card(model).labels();
    List<Prediction> joined =
        Prediction.joinCopies(
            labels, IntentClassifier.evaluate(model, test, rule, device), test.utterances());
    List<Answer> answers = joined.stream().map(each -> slots.answer(each, labels)).toList();
    writeLines(slots.isSingle() && !data.isAudio() ? joined : answers);
    return answers;
  }

  private void writeLines(List<?> answers) {
    if (predictions != null) {
      List<String> lines = answers.stream().map(Json::line).toList();
      AtomicFiles.write(
          predictions, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private Result scored(List<Answer> answers, List<String> speakers, Slots slots) {
    List<SlotScores.Predicted> columns = new ArrayList<>();
    for (int k = 0; k < slots.fields().size(); k++) {
      int column = k;
      columns.add(
          new SlotScores.Predicted(
              slots.fields().get(k),
              answers.stream().map(answer -> answer.slots().get(column).gold()).toList(),
              answers.stream().map(answer -> answer.slots().get(column).predicted()).toList()));
    }
    boolean known =
        columns.stream().anyMatch(c -> c.gold().contains(absent) || c.predicted().contains(absent));
    if (!known && !absent.equals(NONE)) {
      remark("duovox: warning: --absent: no label is '%s', nor was one predicted", absent);
    }
    SlotScores scores = SlotScores.of(columns, speakers, absent, seed);
    int strange =
        (int)
            answers.stream()
                .filter(answer -> answer.slots().stream().anyMatch(Answer.Slot::isUnseen))
                .count();
    return new Result(
        model.toString(),
        scores.exactMatch().utterances(),
        slots.isSingle() ? confusion(answers) : null,
        scores,
        strange,
        data.skipped());
  }

  /// Returns the speaker of each answer; nothing unless all have one.
  private static List<String> speakers(List<Answer> answers, Corpus test, String field) {
    Map<String, String> speakers = new HashMap<>();
    for (UnitUtterance utterance : test.utterances()) {
      speakers.putIfAbsent(utterance.original(), utterance.fields().getOrDefault(field, ""));
    }
    List<String> each =
        answers.stream().map(answer -> speakers.getOrDefault(answer.id(), "")).toList();
    return each.contains("") ? List.of() : each;
  }

  /// Returns the confusions of the only column, labels that training lacks last.
  private static ConfusionMatrix confusion(List<Answer> answers) {
    List<Answer.Slot> slots = answers.stream().map(answer -> answer.slots().getFirst()).toList();
    List<String> labels = new ArrayList<>(slots.getFirst().probabilities().keySet());
    TreeSet<String> more = new TreeSet<>();
    slots.forEach(slot -> more.add(slot.gold()));
    labels.forEach(more::remove);
    labels.addAll(more);
    return ConfusionMatrix.of(
        labels,
        slots.stream().mapToInt(slot -> labels.indexOf(slot.gold())).toArray(),
        slots.stream().mapToInt(slot -> labels.indexOf(slot.predicted())).toArray());
  }

  /// Reads the value of `--unseen`.
  static Gold rule(String text) {
    return switch (text) {
      case "error" -> Gold.KNOWN;
      case "wrong" -> Gold.UNSEEN_IS_WRONG;
      default -> throw DuovoxException.usage("--unseen must be error or wrong, not '" + text + "'");
    };
  }
}
