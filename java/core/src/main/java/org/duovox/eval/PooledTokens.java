package org.duovox.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /// Reads `TYPE/FILENAME.txt` of every token under a submission folder; each file once, in
  /// parallel, and only the pooled vectors are kept. Other files there are not looked at.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT that names the first ten missing files, or
  ///   BAD_DATA with file and line
  public static PooledTokens load(List<Token> tokens, Path submission, Pooling pooling) {
    if (!Files.isDirectory(submission)) {
      throw DuovoxException.missing("no such folder: " + submission);
    }
    requireAll(tokens, submission, token -> Files.isRegularFile(file(submission, token)));
    List<double[]> pooled =
        tokens.parallelStream().map(token -> pool(file(submission, token), pooling)).toList();
    Map<Token, double[]> vectors = new HashMap<>();
    IntStream.range(0, tokens.size()).forEach(i -> vectors.put(tokens.get(i), pooled.get(i)));
    return new PooledTokens(pooling, vectors);
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

  private static double[] pool(Path file, Pooling pooling) {
    double[][] rows = FeatureText.read(file);
    if (pooling == Pooling.LASTLAST && rows.length < 2) {
      throw DuovoxException.badData(
          file + ": has one frame; pooling \"lastlast\" needs two, choose another pooling");
    }
    return pooling.apply(rows);
  }

  private static Path file(Path submission, Token token) {
    return submission.resolve(token.type()).resolve(token.filename() + ".txt");
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
