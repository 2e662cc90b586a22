package org.duovox.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Token;

/// One vector per spoken word.
///
/// @param pooling how its frames became one vector
/// @param vectors (width) of each token; the width may differ between the types only
public record PooledTokens(Pooling pooling, Map<Token, double[]> vectors) {
  private static final int NAMED = 10;

  public PooledTokens {
    vectors = Map.copyOf(vectors);
    requireWidths(vectors);
  }

  /// Reads `TYPE/FILENAME.txt`, or else `TYPE/FILENAME.npy`, of every token under a submission
  /// folder; each file once, in parallel, and only the pooled vectors are kept. Other files there
  /// are not looked at.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT that names the first ten missing files, or
  ///   BAD_DATA with file and line
  public static PooledTokens load(List<Token> tokens, Path submission, Pooling pooling) {
    return load(tokens, submission, List.of(pooling)).getFirst();
  }

  /// Reads a submission likewise, pooled in several ways from one reading.
  ///
  /// @return those of each pooling
  public static List<PooledTokens> load(
      List<Token> tokens, Path submission, List<Pooling> poolings) {
    requireFiles(tokens, submission);
    List<double[][]> pooled =
        tokens.parallelStream().map(token -> pool(file(submission, token), poolings)).toList();
    List<PooledTokens> results = new ArrayList<>();
    for (int k = 0; k < poolings.size(); k++) {
      int pooling = k;
      Map<Token, double[]> vectors = new HashMap<>();
      IntStream.range(0, tokens.size())
          .forEach(i -> vectors.put(tokens.get(i), pooled.get(i)[pooling]));
      results.add(new PooledTokens(poolings.get(k), vectors));
    }
    return results;
  }

  /// Refuses a submission folder that lacks a file.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT that names the first ten missing files
  public static void requireFiles(List<Token> tokens, Path submission) {
    if (!Files.isDirectory(submission)) {
      throw DuovoxException.missing("no such folder: " + submission);
    }
    requireAll(tokens, submission, token -> Files.isRegularFile(file(submission, token)));
  }

  /// Takes vectors that are in memory.
  ///
  /// @param vectors (width) by `type/filename`; those of other words are not looked at
  /// @param submission folder that the files of the vectors belong in, for messages
  /// @throws DuovoxException of kind MISSING_INPUT that names the first ten missing words, or
  ///   BAD_DATA when widths differ
  public static PooledTokens of(
      List<Token> tokens, Pooling pooling, Map<String, double[]> vectors, Path submission) {
    requireAll(tokens, submission, token -> vectors.containsKey(token.label()));
    Map<Token, double[]> pooled = new HashMap<>();
    tokens.forEach(token -> pooled.put(token, vectors.get(token.label())));
    return new PooledTokens(pooling, pooled);
  }

  /// Returns the vector of a token.
  public double[] of(Token token) {
    double[] vector = vectors.get(token);
    if (vector == null) {
      throw DuovoxException.missing("there are no features of " + token.label());
    }
    return vector;
  }

  /// Returns the vectors less the mean of those of their voice or type.
  ///
  /// @throws DuovoxException of kind BAD_DATA for a voice or type of one word, of which nothing
  ///   would be left
  public PooledTokens centered(Centering centering) {
    if (centering == Centering.NONE) {
      return this;
    }
    Map<String, List<Token>> groups = new TreeMap<>();
    vectors.keySet().stream()
        .sorted(Comparator.comparing(Token::label))
        .forEach(token ->
            groups
                .computeIfAbsent(centering.group().apply(token), key -> new ArrayList<>())
                .add(token));
    Map<Token, double[]> result = new HashMap<>();
    groups.forEach((group, tokens) -> {
      if (tokens.size() == 1) {
        throw DuovoxException.badData(
            "%s has one word, %s, of which centering leaves nothing; choose another centering"
                .formatted(group, tokens.getFirst().label()));
      }
      double[] mean = Pooling.MEAN.apply(tokens.stream().map(this::of).toArray(double[][]::new));
      tokens.forEach(token -> result.put(token, difference(of(token), mean)));
    });
    return new PooledTokens(pooling, result);
  }

  private static double[] difference(double[] vector, double[] mean) {
    double[] result = vector.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] -= mean[i];
    }
    return result;
  }

  private static double[][] pool(Path file, List<Pooling> poolings) {
    double[][] rows = FeatureFile.read(file);
    if (rows.length < 2 && poolings.contains(Pooling.LASTLAST)) {
      throw DuovoxException.badData(
          file + ": has one frame; pooling \"lastlast\" needs two, choose another pooling");
    }
    return poolings.stream().map(pooling -> pooling.apply(rows)).toArray(double[][]::new);
  }

  private static Path file(Path submission, Token token) {
    return FeatureFile.find(submission.resolve(token.type()), token.filename());
  }

  private static void requireAll(List<Token> tokens, Path submission, Predicate<Token> present) {
    List<Path> absent =
        tokens.stream()
            .filter(token -> !present.test(token))
            .map(token -> file(submission, token))
            .toList();
    if (!absent.isEmpty()) {
      throw DuovoxException.missing(
          "%d of the %d files of the gold list are missing: %s%s"
              .formatted(
                  absent.size(),
                  tokens.size(),
                  absent.stream()
                      .limit(NAMED)
                      .map(Path::toString)
                      .collect(Collectors.joining(", ")),
                  absent.size() > NAMED ? " and " + (absent.size() - NAMED) + " more" : ""));
    }
  }

  private static void requireWidths(Map<Token, double[]> vectors) {
    Map<String, Token> first = new HashMap<>();
    vectors.keySet().stream()
        .sorted((a, b) -> a.label().compareTo(b.label()))
        .forEach(token -> {
          Token other = first.computeIfAbsent(token.type(), type -> token);
          int width = vectors.get(token).length;
          int expected = vectors.get(other).length;
          if (width != expected) {
            throw DuovoxException.badData(
                "%s has %d columns and %s has %d; all files of a type must have the same"
                    .formatted(other.label(), expected, token.label(), width));
          }
        });
  }
}
