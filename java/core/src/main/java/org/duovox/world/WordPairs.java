package org.duovox.world;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;
import org.duovox.world.SemanticFiles.Pair;

/// Word pairs with judgments of people, from a CSV of any of the usual forms.
///
/// The columns are found by name: `word1`, `word_1` or `word 1`, the same with 2, and one of
/// `similarity`, `relatedness`, `score`; further ones are passed over. Where all words end with a
/// part of speech (`sun-n`, as in MEN) it is taken off.
///
/// @param dataset the file's name without its ending
/// @param pairs in the order of the file
record WordPairs(String dataset, List<Pair> pairs) {
  private static final Pattern PART_OF_SPEECH = Pattern.compile("..*-[nvjar]");
  private static final List<String> JUDGMENTS = List.of("relatedness", "similarity", "score");
  private static final int LONGEST = 200;

  /// Reads a file.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA) with file and line
  static WordPairs read(Path file) {
    Csv csv = Csv.read(file);
    int first = column(csv, Stream.of("word1", "word_1", "word 1"));
    int second = column(csv, Stream.of("word2", "word_2", "word 2"));
    int judgment = column(csv, JUDGMENTS.stream());
    if (csv.rows().isEmpty()) {
      throw DuovoxException.badData(csv.source() + ": has a header and no rows");
    }
    boolean tagged =
        csv.rows().stream()
            .flatMap(row -> Stream.of(row.cells().get(first), row.cells().get(second)))
            .allMatch(word -> PART_OF_SPEECH.matcher(word.strip()).matches());
    boolean isRelatedness = name(csv, judgment).equals(JUDGMENTS.getFirst());
    String dataset = dataset(file);
    List<Pair> pairs = new ArrayList<>();
    for (Csv.Row row : csv.rows()) {
      pairs.add(
          new Pair(
              dataset,
              word(csv, row, first, tagged),
              word(csv, row, second, tagged),
              number(csv, row, judgment),
              isRelatedness));
    }
    return new WordPairs(dataset, List.copyOf(pairs));
  }

  /// Returns every word once, in the order of the pairs.
  Set<String> words() {
    Set<String> words = new LinkedHashSet<>();
    pairs.forEach(pair -> words.addAll(List.of(pair.first(), pair.second())));
    return words;
  }

  private static String dataset(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[A-Za-z]+$", "");
  }

  private static String name(Csv csv, int column) {
    return csv.header().get(column).strip().toLowerCase(Locale.ROOT);
  }

  private static int column(Csv csv, Stream<String> names) {
    List<String> wanted = names.toList();
    for (String each : wanted) {
      for (int i = 0; i < csv.header().size(); i++) {
        if (name(csv, i).equals(each)) {
          return i;
        }
      }
    }
    throw DuovoxException.badData(
        "%s: has no column %s; its columns are %s"
            .formatted(csv.source(), String.join(" or ", wanted), String.join(", ", csv.header())));
  }

  private static String word(Csv csv, Csv.Row row, int column, boolean tagged) {
    String text = row.cells().get(column).strip().replaceAll("[ \\t]+", " ");
    if (text.isEmpty() || text.length() > LONGEST || text.matches(".*\\p{Cntrl}.*")) {
      throw DuovoxException.badData(
          "%s: '%s' is no word that can be spoken; it needs 1 to %d characters in one line"
              .formatted(csv.at(row), text, LONGEST));
    }
    return tagged ? text.substring(0, text.length() - 2) : text;
  }

  private static double number(Csv csv, Csv.Row row, int column) {
    String text = row.cells().get(column).strip();
    return Decimals.parse(text)
        .orElseThrow(() ->
            DuovoxException.badData(
                "%s: %s '%s' is not a finite number"
                    .formatted(csv.at(row), csv.header().get(column), text)));
  }
}
