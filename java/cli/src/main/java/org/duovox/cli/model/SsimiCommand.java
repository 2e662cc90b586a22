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
import org.duovox.cli.model.SsimiInput.Task;
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
      "--format zerospeech' writes them; with --dataset below semantic/dev and semantic/test."
          + " Scores are 100 x Spearman's",
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
  @Mixin private SsimiInput input;

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
          "How frames become one vector: max, mean, min, sum, last, lastlast, or all. Default:"
              + " mean, or that of params.yaml or meta.yaml likewise.")
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

  /// @param bySubset results of all distances and poolings
  private record Scores(Map<String, List<SsimiResult>> bySubset) {}

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, scores);
  }

  @Override
  protected void checkOptions() {
    input.requireComplete();
    require(
        scores == null || input.isNamed(),
        "--scores: say with --subset dev or test which subset the tables are of");
    require(!check || scores == null, "--check scores nothing; leave --scores out");
    boolean several = SsimiOptions.ALL.equals(metric) || SsimiOptions.ALL.equals(pooling);
    require(!several || scores == null, "--scores: choose one distance and one pooling");
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw DuovoxException.usage(message);
    }
  }

  @Override
  protected Object execute() {
    declared();
    if (check) {
      SubmissionCheck.Report report = new SubmissionCheck.Report(0, List.of());
      for (Task task : input.tasks(check)) {
        report = report.and(check(task));
      }
      return report;
    }
    Map<String, List<SsimiResult>> results = new LinkedHashMap<>();
    for (Task task : input.tasks(check)) {
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
    Optional<SubmissionParameters> declared = input.declared();
    if (metric == null || pooling == null) {
      declared.ifPresent(found ->
          remark(
              "%s declares %s distance and %s pooling",
              found.file(), found.metric(), found.pooling()));
    }
    if (metric == null) {
      declared.ifPresent(d -> DuovoxException.within(d.file(), () -> Distance.of(d.metric())));
    }
    if (pooling == null) {
      declared.ifPresent(d -> DuovoxException.within(d.file(), () -> Pooling.of(d.pooling())));
    }
    metric = metric != null ? metric : declared.map(d -> d.metric()).orElse("cosine");
    pooling = pooling != null ? pooling : declared.map(d -> d.pooling()).orElse("mean");
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
      for (Task task : input.tasks(check)) {
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
      return Json.pretty(input.isTree() ? subsets : subsets.values().iterator().next());
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
