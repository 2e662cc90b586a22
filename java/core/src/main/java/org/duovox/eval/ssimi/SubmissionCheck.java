package org.duovox.eval.ssimi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.Distance;
import org.duovox.eval.FeatureFile;
import org.duovox.eval.Pooling;
import org.duovox.eval.Problem;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Token;

/// Everything that is wrong with a submission and the tables it is scored by, at once: what the
/// official evaluators refuse or answer by accident, and what makes a score undefined.
public final class SubmissionCheck {
  private static final int NAMED_PER_FILE = 20;
  private static final Set<String> AUDIO = Set.of(".wav", ".flac");

  private final Path submission;
  private final Distance metric;
  private final Pooling pooling;
  private final List<Problem> problems = new ArrayList<>();
  private int files;

  private SubmissionCheck(Path submission, Distance metric, Pooling pooling) {
    this.submission = submission;
    this.metric = metric;
    this.pooling = pooling;
  }

  /// What was looked at and what is wrong with it.
  ///
  /// @param files feature files that were read
  /// @param problems tables first, then files in alphabetical order
  public record Report(int files, List<Problem> problems) {
    /// Returns both reports in one.
    public Report and(Report other) {
      return new Report(
          files + other.files, Stream.concat(problems.stream(), other.problems.stream()).toList());
    }
  }

  /// Checks one subset of a submission.
  ///
  /// @param audio folder whose `TYPE/*.wav` (or `.flac`) say which files there must be, beside the
  ///   gold list; need not exist
  /// @param submission folder with `TYPE/NAME.txt` or `.npy`
  /// @param metric that the vectors are compared by: not every one is defined for zero vectors
  public static Report of(
      Path gold, Path pairs, Path audio, Path submission, Distance metric, Pooling pooling) {
    SubmissionCheck check = new SubmissionCheck(submission, metric, pooling);
    SsimiData data = SsimiData.check(gold, pairs, check.problems::add);
    if (Files.isDirectory(submission)) {
      check.expected(data, audio).forEach(check::type);
    } else {
      check.problem(submission, "no such folder");
    }
    return new Report(check.files, List.copyOf(check.problems));
  }

  /// Returns the stems that each type must have.
  private Map<String, Set<String>> expected(SsimiData data, Path audio) {
    Map<String, Set<String>> stems = new TreeMap<>();
    for (Token token : data.tokens()) {
      stems.computeIfAbsent(token.type(), type -> new TreeSet<>()).add(token.filename());
    }
    stems.forEach((type, names) ->
        names(audio.resolve(type)).stream()
            .filter(name -> AUDIO.contains(name.substring(dot(name))))
            .forEach(name -> names.add(name.substring(0, dot(name)))));
    return stems;
  }

  private void type(String type, Set<String> stems) {
    Path folder = submission.resolve(type);
    if (!Files.isDirectory(folder)) {
      problem(folder, "no such folder; it must hold " + stems.size() + " files");
      return;
    }
    Map<String, List<String>> endings = new TreeMap<>();
    for (String name : names(folder)) {
      String stem = name.substring(0, dot(name));
      String ending = name.substring(dot(name));
      if (FeatureFile.ENDINGS.contains(ending) && stems.contains(stem)) {
        endings.computeIfAbsent(stem, key -> new ArrayList<>()).add(ending);
      } else {
        problem(folder.resolve(name), "no file of the data set; the evaluators refuse it");
      }
    }
    endings(folder, endings);
    stems.stream()
        .filter(stem -> !endings.containsKey(stem))
        .forEach(stem -> problem(folder.resolve(stem + ".txt"), "missing"));
    contents(
        endings.entrySet().stream()
            .map(entry -> folder.resolve(entry.getKey() + entry.getValue().getFirst()))
            .toList());
  }

  private void endings(Path folder, Map<String, List<String>> endings) {
    Map<String, Long> counts =
        endings.values().stream()
            .flatMap(List::stream)
            .collect(Collectors.groupingBy(e -> e, TreeMap::new, Collectors.counting()));
    if (counts.size() > 1) {
      problem(folder, "files of two kinds, of which the evaluators read one: " + counts);
    }
  }

  /// A file as read.
  ///
  /// @param width -1 when it has no row
  private record Contents(Path file, int width, List<Problem> problems) {}

  private void contents(List<Path> all) {
    List<Contents> contents = all.parallelStream().map(this::read).toList();
    files += all.size();
    int usual =
        contents.stream()
            .filter(file -> file.width() >= 0)
            .collect(Collectors.groupingBy(Contents::width, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(-1);
    for (Contents file : contents) {
      problems.addAll(file.problems());
      if (file.width() >= 0 && file.width() != usual) {
        problem(
            file.file(),
            "has %d columns, most files beside it %d; all must have the same"
                .formatted(file.width(), usual));
      }
    }
  }

  private Contents read(Path file) {
    List<Problem> found = new ArrayList<>();
    double[][] rows = new double[0][];
    try {
      rows = FeatureFile.check(file, found::add);
    } catch (DuovoxException e) {
      found.add(Problem.of(file.toString(), e));
    }
    if (found.isEmpty()) {
      vector(file, rows, found::add);
    }
    int more = found.size() - NAMED_PER_FILE;
    if (more > 0) {
      found.subList(NAMED_PER_FILE, found.size()).clear();
      found.add(new Problem(file.toString(), 0, more + " more problems in this file"));
    }
    return new Contents(file, rows.length == 0 ? -1 : rows[0].length, found);
  }

  /// Tells a file whose pooled vector has no distance.
  private void vector(Path file, double[][] rows, Consumer<Problem> faults) {
    if (pooling == Pooling.LASTLAST && rows.length < 2) {
      faults.accept(
          new Problem(file.toString(), 0, "has one frame; pooling \"lastlast\" needs two"));
      return;
    }
    double[] pooled = pooling.apply(rows);
    if (Double.isNaN(metric.between(pooled, pooled))) {
      boolean zero = Arrays.stream(pooled).allMatch(value -> value == 0);
      String text = "its vector (%s pooling) is %s, for which the %s distance is undefined";
      faults.accept(
          new Problem(
              file.toString(),
              0,
              text.formatted(pooling.label(), zero ? "zero" : "constant", metric.label())));
    }
  }

  /// Returns where the ending of a file's name begins.
  private static int dot(String name) {
    return name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
  }

  /// Returns the names in a folder, in order, without hidden ones; none when there is no folder.
  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + folder, e);
    }
  }

  private void problem(Path file, String text) {
    problems.add(new Problem(file.toString(), 0, text));
  }
}
