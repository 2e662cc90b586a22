package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.eval.Distance;
import org.duovox.eval.OfficialTables;
import org.duovox.eval.PairLinks;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.Problem;
import org.duovox.eval.Ssimi;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiResult;
import org.duovox.eval.ssimi.SubmissionCheck;
import org.duovox.eval.ssimi.SubmissionParameters;
import org.duovox.eval.ssimi.Subset;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox ssimi`: scores embeddings by the semantic similarity of spoken word pairs (sSIMI), as
/// the ZeroSpeech 2021 evaluator computes it.
@Command(
    name = "ssimi",
    description = {
      "Scores embeddings of spoken words against human similarity judgements (sSIMI of ZeroSpeech"
          + " 2021).",
      "",
      "The submission holds synthetic/NAME.txt and librispeech/NAME.txt (or .npy), one frame per"
          + " line, as 'duovox embed",
      "--format zerospeech' writes them; with --dataset below semantic/dev and semantic/test. Scores"
          + " are 100 x Spearman's",
      "correlation."
    },
    commandListHeading = "%nVerbs:%n",
    subcommands = SsimiSelectCommand.class,
    footer = {
      "  duovox ssimi --gold gold.csv --pairs pairs.csv --submission out/",
      "  duovox ssimi --gold gold.csv --pairs pairs.csv --submission out/ --metric all --pooling"
          + " all",
      "  duovox ssimi --dataset sLM21/ --submission out/ --check",
      "  duovox ssimi --dataset sLM21/ --submission out/ --scores scores/ --json scores.json"
    })
public final class SsimiCommand extends Verb {
  @Option(
      names = "--gold",
      paramLabel = "FILE",
      description = "gold.csv: which file says which word.")
  private Path gold;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "pairs.csv: word pairs with judgements.")
  private Path pairs;

  @Option(
      names = "--dataset",
      paramLabel = "DIR",
      description =
          "In place of --gold and --pairs: folder with semantic/dev and semantic/test, or dev and"
              + " test, each with both tables.")
  private Path dataset;

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "dev or test. Default: with --dataset, all that both folders have.")
  private Subset subset;

  @Option(names = "--submission", paramLabel = "DIR", description = "Folder with the embeddings.")
  private Path submission;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "Distance: cosine, euclidean, minkowski (p = 2), cityblock, sqeuclidean, chebyshev,"
              + " correlation, braycurtis, canberra, or all. Default: cosine. With --dataset a"
              + " submission's params.yaml or meta.yaml has precedence over the default.")
  private String metric;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      description =
          "How frames become one vector: max, mean, min, sum, last, lastlast, or all. Default: mean,"
              + " or that of params.yaml or meta.yaml likewise.")
  private String pooling;

  @Mixin private SsimiOptions options;

  @Option(
      names = "--check",
      description =
          "Score nothing; list all that is wrong with tables and submission, and end with exit code"
              + " 65 if anything is.")
  private boolean check;

  @Option(
      names = "--scores",
      paramLabel = "DIR",
      description =
          "Write score_semantic_SUBSET_pairs.csv and score_semantic_SUBSET_correlation.csv as the"
              + " official evaluators do.")
  private Path scores;

  /// The tables of a subset and the folder of its embeddings.
  ///
  /// @param name of the subset; empty when the command line does not say
  private record Task(String name, Path gold, Path pairs, Path submission) {}

  /// @param bySubset results of all distances and poolings
  private record Scores(Map<String, List<SsimiResult>> bySubset) {}

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, scores);
  }

  @Override
  protected void checkOptions() {
    require(submission != null, "--submission is missing: name the folder with the embeddings");
    if (dataset == null) {
      require(gold != null && pairs != null, "name both tables with --gold and --pairs, or the"
          + " folder of the data set with --dataset");
      require(scores == null || subset != null, "--scores: say with --subset dev or test which"
          + " subset the tables are of");
    } else {
      require(gold == null && pairs == null, "--dataset is in place of --gold and --pairs");
    }
    require(!check || scores == null, "--check scores nothing; leave --scores out");
    boolean several = SsimiOptions.ALL.equals(metric) || SsimiOptions.ALL.equals(pooling);
    require(!several || scores == null, "--scores: choose one distance and one pooling");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw DuovoxException.usage(message);
    }
  }

  @Override
  protected Object execute() {
    declared();
    if (check) {
      SubmissionCheck.Report report = new SubmissionCheck.Report(0, List.of());
      for (Task task : tasks()) {
        report = report.and(check(task));
      }
      return report;
    }
    Map<String, List<SsimiResult>> results = new LinkedHashMap<>();
    for (Task task : tasks()) {
      results.put(task.name(), score(task));
    }
    results.values().stream()
        .flatMap(List::stream)
        .flatMap(result -> result.warnings().stream())
        .distinct()
        .forEach(warning -> remark("duovox: warning: %s", warning));
    if (scores != null) {
      writeTables(results);
    }
    return new Scores(results);
  }

  /// Takes over what the submission declares where the command line does not say.
  private void declared() {
    Optional<SubmissionParameters> declared =
        dataset == null ? Optional.empty() : SubmissionParameters.of(submission);
    if (metric == null || pooling == null) {
      declared.ifPresent(found ->
          remark(
              "%s declares %s distance and %s pooling",
              found.file(), found.metric(), found.pooling()));
    }
    metric = metric != null ? metric : declared.map(d -> d.metric()).orElse("cosine");
    pooling = pooling != null ? pooling : declared.map(d -> d.pooling()).orElse("mean");
  }

  private List<Task> tasks() {
    if (dataset == null) {
      return List.of(new Task(subset == null ? "" : subset.label(), gold, pairs, submission));
    }
    List<Subset> subsets =
        subset != null
            ? List.of(subset)
            : Arrays.stream(Subset.values())
                .filter(each -> each.isIn(dataset) && (check || each.isIn(submission)))
                .toList();
    if (subsets.isEmpty()) {
      Subset.DEV.of(dataset);
      Subset.DEV.of(submission);
      throw DuovoxException.missing(
          "%s and %s have no subset in common".formatted(dataset, submission));
    }
    return subsets.stream()
        .map(each ->
            new Task(
                each.label(), each.gold(dataset), each.pairs(dataset), folder(each)))
        .toList();
  }

  private Path folder(Subset each) {
    return check && !each.isIn(submission)
        ? submission.resolve("semantic").resolve(each.label())
        : each.of(submission);
  }

  private SubmissionCheck.Report check(Task task) {
    Path audio = task.gold().toAbsolutePath().getParent();
    return SubmissionCheck.of(
        task.gold(),
        task.pairs(),
        audio,
        task.submission(),
        metrics().getFirst(),
        poolings().getFirst());
  }

  private List<SsimiResult> score(Task task) {
    List<Distance> metrics = metrics();
    PairLinks links = PairLinks.of(SsimiData.read(task.gold(), task.pairs()));
    List<SsimiResult> results = new ArrayList<>();
    List<Pooling> poolings = poolings();
    int total = metrics.size() * poolings.size();
    try (Progress progress = progress("ssimi", total, "scores")) {
      for (PooledTokens pooled :
          PooledTokens.load(links.data().tokens(), task.submission(), poolings)) {
        for (Distance distance : metrics) {
          results.add(
              Ssimi.evaluate(
                  links,
                  pooled,
                  new Ssimi.Options(
                      distance, options.centering(), options.sameClass(), options.seed())));
          progress.update(results.size(), total, "");
        }
      }
    }
    return results;
  }

  private List<Distance> metrics() {
    return metric.equals(SsimiOptions.ALL)
        ? Arrays.asList(Distance.values())
        : List.of(Distance.of(metric));
  }

  private List<Pooling> poolings() {
    return pooling.equals(SsimiOptions.ALL)
        ? Arrays.asList(Pooling.values())
        : List.of(Pooling.of(pooling));
  }

  private void writeTables(Map<String, List<SsimiResult>> results) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(scores)) {
      for (Task task : tasks()) {
        SsimiResult result = results.get(task.name()).getFirst();
        String start = "score_semantic_" + task.name();
        write(
            pending.path().resolve(start + "_pairs.csv"),
            OfficialTables.pairs(task.pairs(), result));
        write(
            pending.path().resolve(start + "_correlation.csv"),
            OfficialTables.correlations(result));
      }
      pending.commit();
    }
  }

  private static void write(Path file, String text) {
    AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected int exitCode(Object result) {
    boolean bad = result instanceof SubmissionCheck.Report report && !report.problems().isEmpty();
    return bad ? Kind.BAD_DATA.exitCode() : 0;
  }

  @Override
  protected String json(Object result) {
    if (result instanceof Scores all) {
      Map<String, Object> subsets = new LinkedHashMap<>();
      all.bySubset().forEach((name, results) -> subsets.put(name, tree(results)));
      return Json.pretty(dataset == null ? subsets.values().iterator().next() : subsets);
    }
    return super.json(result);
  }

  private static Object tree(List<SsimiResult> results) {
    List<Object> forms = results.stream().map(SsimiResult::form).toList();
    return forms.size() == 1 ? forms.getFirst() : forms;
  }

  @Override
  protected void print(Object result, PrintWriter out) {
    if (result instanceof SubmissionCheck.Report report) {
      print(report, out);
    } else if (result instanceof Scores all) {
      SsimiPrinter printer = new SsimiPrinter(out);
      all.bySubset()
          .forEach((name, results) -> {
            if (results.size() == 1) {
              printer.one(name, results.getFirst());
            } else {
              printer.matrices(results);
            }
          });
    }
  }

  private static void print(SubmissionCheck.Report report, PrintWriter out) {
    report.problems().stream().map(Problem::toString).forEach(out::println);
    out.println(
        "%s in %s and their tables"
            .formatted(
                report.problems().isEmpty()
                    ? "no problem"
                    : Wording.count(report.problems().size(), "problem"),
                Wording.count(report.files(), "file")));
  }
}
