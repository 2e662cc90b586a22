package org.duovox.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;

/// The two tables of the ZeroSpeech 2021 semantic task: which file says which word, and how alike
/// people find two words.
///
/// @param tokens the rows of gold.csv
/// @param pairs the rows of pairs.csv, in order
public record SsimiData(List<Token> tokens, List<Pair> pairs) {
  private static final Set<String> TYPES = Set.of("synthetic", "librispeech");
  private static final Set<String> MISSING =
      Set.of("", "nan", "NaN", "NA", "N/A", "n/a", "null", "NULL", "None");

  /// One spoken word.
  ///
  /// @param type `synthetic` or `librispeech`
  /// @param filename stem of its file, unique within the type
  /// @param voice who says it; may be empty for librispeech
  /// @param word what is said
  public record Token(String type, String filename, String voice, String word) {
    /// Returns the file, for messages: `type/filename`.
    public String label() {
      return type + "/" + filename;
    }
  }

  /// Two words and the judgment of people, higher for more alike.
  ///
  /// @param human relatedness where the dataset has it for all its pairs, else similarity
  public record Pair(String type, String dataset, String word1, String word2, double human) {
    /// Returns the name of the group that is correlated together: `type/dataset`.
    public String group() {
      return type + "/" + dataset;
    }
  }

  public SsimiData {
    tokens = List.copyOf(tokens);
    pairs = List.copyOf(pairs);
  }

  /// Reads both tables; columns are found by name: type, filename, voice, word; type, dataset,
  /// word_1, word_2, similarity, relatedness.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT or BAD_DATA, with file and line
  public static SsimiData read(Path gold, Path pairs) {
    return new SsimiData(readTokens(Csv.read(gold)), readPairs(Csv.read(pairs)));
  }

  private static List<Token> readTokens(Csv csv) {
    int type = csv.column("type");
    int filename = csv.column("filename");
    int voice = csv.column("voice");
    int word = csv.column("word");
    Set<String> seen = new HashSet<>();
    List<Token> tokens = new ArrayList<>();
    for (Csv.Row row : csv.rows()) {
      List<String> cells = row.cells();
      Token token =
          new Token(cells.get(type), cells.get(filename), cells.get(voice), cells.get(word));
      requireType(csv, row, token.type());
      requireStem(csv, row, token.filename());
      if (!seen.add(token.label())) {
        throw DuovoxException.badData(csv.at(row) + ": " + token.label() + " is listed twice");
      }
      tokens.add(token);
    }
    return requireRows(tokens, csv);
  }

  private static List<Pair> readPairs(Csv csv) {
    int type = csv.column("type");
    int dataset = csv.column("dataset");
    Map<String, List<Csv.Row>> groups = new HashMap<>();
    for (Csv.Row row : csv.rows()) {
      requireType(csv, row, row.cells().get(type));
      String group = row.cells().get(type) + "/" + row.cells().get(dataset);
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(row);
    }
    Map<String, Integer> humanColumns = new HashMap<>();
    groups.forEach((group, rows) -> humanColumns.put(group, humanColumn(csv, group, rows)));
    int word1 = csv.column("word_1");
    int word2 = csv.column("word_2");
    List<Pair> pairs = new ArrayList<>();
    for (Csv.Row row : csv.rows()) {
      List<String> cells = row.cells();
      double human = number(csv, row, humanColumns.get(cells.get(type) + "/" + cells.get(dataset)));
      pairs.add(
          new Pair(cells.get(type), cells.get(dataset), cells.get(word1), cells.get(word2), human));
    }
    return requireRows(pairs, csv);
  }

  /// Returns the column of the judgments by the official rule: relatedness unless a value of it is
  /// missing in the group, then similarity.
  private static int humanColumn(Csv csv, String group, List<Csv.Row> rows) {
    for (String name : List.of("relatedness", "similarity")) {
      int column = csv.column(name);
      if (rows.stream().noneMatch(row -> MISSING.contains(row.cells().get(column).strip()))) {
        return column;
      }
    }
    throw DuovoxException.badData(
        csv.source()
            + ": neither similarity nor relatedness is filled in for every pair of "
            + group);
  }

  private static double number(Csv csv, Csv.Row row, int column) {
    String text = row.cells().get(column).strip();
    return Decimals.parse(text)
        .orElseThrow(() ->
            DuovoxException.badData(
                "%s: %s \"%s\" is not a finite number"
                    .formatted(csv.at(row), csv.header().get(column), text)));
  }

  private static void requireType(Csv csv, Csv.Row row, String type) {
    if (!TYPES.contains(type)) {
      throw DuovoxException.badData(
          csv.at(row) + ": type \"" + type + "\" is neither synthetic nor librispeech");
    }
  }

  private static void requireStem(Csv csv, Csv.Row row, String stem) {
    if (stem.isBlank() || stem.matches(".*[/\\\\\\p{Cntrl}].*") || stem.startsWith("..")) {
      throw DuovoxException.badData(
          csv.at(row) + ": filename \"" + stem + "\" is not the bare name of a file");
    }
  }

  private static <T> List<T> requireRows(List<T> rows, Csv csv) {
    if (rows.isEmpty()) {
      throw DuovoxException.badData(csv.source() + ": has a header and no rows");
    }
    return rows;
  }
}
