package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.eval.Centering;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.eval.SsimiData;
import org.duovox.eval.ssimi.ModelStates;
import org.duovox.eval.ssimi.Selection;
import org.duovox.eval.ssimi.Selection.Candidate;
import org.duovox.eval.ssimi.SubmissionParameters;
import org.duovox.eval.ssimi.Submissions;
import org.duovox.eval.ssimi.Subset;
import org.duovox.eval.ssimi.Systems;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.model.UnitModel;
import org.duovox.report.Wording;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox ssimi select`: chooses layer, channel, pooling and distance on dev, then scores test
/// once.
@Command(
    name = "select",
    description = {
      "Chooses channel, layer, pooling and distance by their scores on dev, then scores test once.",
      "",
      "Either all layers and channels of a model, on a corpus of the words (utterances named as the"
          + " files of the data set:",
      "dev/synthetic/NAME, ...), or submissions that are there already. No score of test is"
          + " computed before the choice."
    },
    footer = {
      "  duovox ssimi select --dataset sLM21/ --model run/ --corpus words/ --out chosen/",
      "  duovox ssimi select --dataset sLM21/ --model run/ --corpus words/ --layer 2,4,2+3+4"
          + " --metric cosine",
      "  duovox ssimi select --dataset sLM21/ --submission a=out-a/ --submission b=out-b/"
    })
final class SsimiSelectCommand extends Verb {
  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder with semantic/dev and semantic/test, or dev and test, each with gold.csv and"
              + " pairs.csv.")
  private Path dataset;

  @Option(names = "--model", paramLabel = "RUN", description = "Folder of 'duovox pretrain'.")
  private Path model;

  @Option(
      names = "--corpus",
      paramLabel = "CORPUS",
      description = "Corpus of 'duovox align' with the words, in the model's units.")
  private Path corpus;

  @Option(
      names = "--test-corpus",
      paramLabel = "CORPUS",
      description = "Corpus with the words of test, when --corpus holds those of dev only.")
  private Path testCorpus;

  @Option(
      names = "--submission",
      paramLabel = "NAME=DIR",
      description = "In place of a model: a submission and its name. May be repeated.")
  private Map<String, Path> submissions = new LinkedHashMap<>();

  @Option(
      names = "--layer",
      split = ",",
      paramLabel = "N",
      description =
          "Layers to try; 2+3+4 is the mean of three. Default: each one, and the mean of all.")
  private List<String> layers = List.of();

  @Option(
      names = "--metric",
      split = ",",
      paramLabel = "NAME",
      description = "Distances to try. Default: all of 'duovox ssimi', minkowski aside.")
  private List<String> metrics = List.of();

  @Option(
      names = "--pooling",
      split = ",",
      paramLabel = "NAME",
      description = "Poolings to try. Default: max, mean, min, sum, last.")
  private List<String> poolings = List.of();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "correlation",
      description =
          "What decides: correlation, the mean over types of the mean over datasets; auc, the mean"
              + " over datasets. Default: ${DEFAULT-VALUE}.")
  private Selection.By by;

  @Mixin private SsimiOptions options;

  @Option(names = "--no-test", description = "Choose only; leave test for later.")
  private boolean noTest;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder to write: selection.json; with a model also the submission of the chosen states,"
              + " with params.yaml.")
  private Path out;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Utterances computed together. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Mixin private DeviceOption deviceOption;

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, out);
  }

  @Override
  protected void checkOptions() {
    boolean ofModel = model != null && corpus != null;
    if (ofModel == !submissions.isEmpty() || (model == null) != (corpus == null)) {
      throw DuovoxException.usage(
          "name either a model and the corpus of the words (--model, --corpus) or submissions"
              + " (--submission)");
    }
    if (!submissions.isEmpty() && !layers.isEmpty()) {
      throw DuovoxException.usage("--layer: a submission has no layers");
    }
    if (by == Selection.By.AUC && options.sameClass() == null) {
      throw DuovoxException.usage("--by auc: say with --auc which pairs are of the same class");
    }
  }

  @Override
  protected Object execute() {
    SsimiData dev = read(Subset.DEV);
    SsimiData test = noTest || !Subset.TEST.isIn(dataset) ? null : read(Subset.TEST);
    if (!noTest && test == null) {
      remark(
          "duovox: warning: %s has no semantic/test and no test, so only the score on dev is told",
          dataset);
    }
    if (model == null) {
      Selection selection = select(new Submissions(submissions), dev, test);
      write(selection, folder -> {});
      return selection;
    }
    Device device = deviceOption.ready();
    try (UnitModel unitModel = UnitModel.load(model, device)) {
      ModelStates states = new ModelStates(unitModel, corpora(), layers(unitModel), batchSize);
      Selection selection = select(states, dev, test);
      write(selection, folder -> writeSubmission(selection, states, dev, test, folder));
      return selection;
    }
  }

  private Selection select(Systems systems, SsimiData dev, SsimiData test) {
    try (Progress progress = progress("select", -1, "combinations")) {
      return Selection.of(systems, dev, test, tried(), done -> progress.update(done, -1, "on dev"));
    }
  }

  private SsimiData read(Subset subset) {
    return SsimiData.read(subset.gold(dataset), subset.pairs(dataset));
  }

  private Map<Subset, Corpus> corpora() {
    Corpus words = Corpus.open(corpus);
    Map<Subset, Corpus> corpora = new EnumMap<>(Subset.class);
    corpora.put(Subset.DEV, words);
    corpora.put(Subset.TEST, testCorpus == null ? words : Corpus.open(testCorpus));
    return corpora;
  }

  private List<List<Integer>> layers(UnitModel unitModel) {
    return layers.isEmpty()
        ? ModelStates.allLayers(unitModel)
        : layers.stream().map(SsimiSelectCommand::layer).toList();
  }

  private static List<Integer> layer(String text) {
    if (!text.matches("(-1|[0-9]{1,4})(\\+(-1|[0-9]{1,4}))*")) {
      throw DuovoxException.usage(
          "--layer: '" + text + "' is neither a layer, such as 4, nor a mean, such as 2+3+4");
    }
    return Arrays.stream(text.split("\\+")).map(Integer::valueOf).toList();
  }

  private Selection.Options tried() {
    List<Distance> distances =
        metrics.isEmpty()
            ? Arrays.stream(Distance.values()).filter(m -> m != Distance.MINKOWSKI).toList()
            : metrics.stream().map(Distance::of).distinct().toList();
    List<Pooling> ways =
        poolings.isEmpty()
            ? Arrays.stream(Pooling.values()).filter(p -> p != Pooling.LASTLAST).toList()
            : poolings.stream().map(Pooling::of).distinct().toList();
    return new Selection.Options(
        ways, distances, options.centering(), by, options.sameClass(), options.seed());
  }

  private void write(Selection selection, Consumer<Path> submission) {
    if (out == null) {
      return;
    }
    try (PendingDirectory pending = AtomicFiles.createDirectory(out)) {
      submission.accept(pending.path());
      AtomicFiles.write(pending.path().resolve("selection.json"), json(selection));
      pending.commit();
    }
  }

  private void writeSubmission(
      Selection selection, ModelStates states, SsimiData dev, SsimiData test, Path folder) {
    Candidate chosen = selection.chosen();
    states.write(chosen.system(), Subset.DEV, dev, folder);
    if (test != null) {
      states.write(chosen.system(), Subset.TEST, test, folder);
    }
    SubmissionParameters.write(folder, chosen.metric().label(), chosen.pooling().label());
    if (options.centering() != Centering.NONE) {
      remark("duovox: warning: official evaluators do not center, so their scores will differ");
    }
  }

  private record Chosen(
      String by,
      int tried,
      int undefined,
      Choice chosen,
      Object dev,
      Object test,
      List<Choice> candidates) {}

  private record Choice(
      String system, String pooling, String metric, double score, Map<String, Double> scores) {
    static Choice of(Candidate candidate) {
      return new Choice(
          candidate.system(),
          candidate.pooling().label(),
          candidate.metric().label(),
          candidate.score(),
          candidate.scores());
    }
  }

  @Override
  protected String json(Object result) {
    Selection selection = (Selection) result;
    return Json.pretty(
        new Chosen(
            Wording.optionName(selection.by()),
            selection.tried(),
            selection.undefined(),
            Choice.of(selection.chosen()),
            selection.dev().form(),
            selection.test() == null ? null : selection.test().form(),
            selection.candidates().stream().map(Choice::of).toList()));
  }

  @Override
  protected void print(Object result, PrintWriter writer) {
    new SsimiPrinter(writer).selection((Selection) result);
  }
}
