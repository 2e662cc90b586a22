package org.duovox.eval.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData;
import org.duovox.eval.compare.PairScore.Pairs;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;

/// Word pairs with gold similarity and the distance that one model gives them, as the file
/// `pairs.csv` holds them: per-item scores from which any comparison can be made again.
///
/// @param rows in the order of the gold list
public record WordPairs(List<Row> rows) {
  /// Name of the file.
  public static final String FILE = "pairs.csv";

  private static final List<String> HEADER =
      List.of("type", "dataset", "word_1", "word_2", "gold", "distance");

  /// One pair.
  ///
  /// @param distance NaN where undefined
  public record Row(
      String type, String dataset, String word1, String word2, double gold, double distance) {
    /// Returns the name of the group that is scored together: `type/dataset`.
    public String group() {
      return type + "/" + dataset;
    }
  }

  /// Returns the pairs of a gold list with their distances.
  public static WordPairs of(SsimiData data, double... distances) {
    return new WordPairs(
        IntStream.range(0, distances.length)
            .mapToObj(i -> {
              SsimiData.Pair pair = data.pairs().get(i);
              return new Row(
                  pair.type(),
                  pair.dataset(),
                  pair.word1(),
                  pair.word2(),
                  pair.human(),
                  distances[i]);
            })
            .toList());
  }

  /// Returns the scores by group, sorted. All are scores of the same items: the words of all
  /// groups.
  ///
  /// @param similar share of a group's highest gold similarity from which two words are alike
  public Map<String, ItemScore> scores(Statistic statistic, double similar) {
    List<String> words = words();
    Map<String, Integer> index = new HashMap<>();
    words.forEach(word -> index.put(word, index.size()));
    Map<String, List<Row>> groups = new TreeMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.group(), g -> new ArrayList<>()).add(row));
    Map<String, ItemScore> scores = new TreeMap<>();
    groups.forEach((group, members) -> {
      Pairs pairs =
          new Pairs(
              words.size(),
              members.stream().mapToInt(row -> index.get(row.word1())).toArray(),
              members.stream().mapToInt(row -> index.get(row.word2())).toArray(),
              members.stream().mapToDouble(Row::gold).toArray());
      double[] distances = members.stream().mapToDouble(Row::distance).toArray();
      double highest = members.stream().mapToDouble(Row::gold).max().orElse(0);
      scores.put(group, new PairScore(pairs, distances, statistic, similar * highest));
    });
    return scores;
  }

  /// Returns the words of all pairs, sorted.
  public List<String> words() {
    TreeSet<String> words = new TreeSet<>();
    rows.forEach(row -> {
      words.add(row.word1());
      words.add(row.word2());
    });
    return List.copyOf(words);
  }

  /// Returns the text of the file.
  public String csv() {
    StringBuilder text = new StringBuilder(String.join(",", HEADER)).append('\n');
    rows.forEach(row ->
        text.append(
            String.join(
                    ",",
                    quoted(row.type()),
                    quoted(row.dataset()),
                    quoted(row.word1()),
                    quoted(row.word2()),
                    Double.toString(row.gold()),
                    Double.isNaN(row.distance()) ? "" : Double.toString(row.distance()))
                + "\n"));
    return text.toString();
  }

  /// Returns a cell of a table of CSV, quoted where it must be.
  public static String quoted(String cell) {
    return cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /// Reads the file of a folder.
  public static WordPairs read(Path folder) {
    Csv csv = Csv.read(folder.resolve(FILE));
    int[] columns = HEADER.stream().mapToInt(csv::column).toArray();
    Map<String, String> texts = new HashMap<>(); // Thousands of rows name a few words.
    return new WordPairs(csv.rows().stream().map(row -> row(csv, row, texts, columns)).toList());
  }

  private static Row row(Csv csv, Csv.Row row, Map<String, String> texts, int... columns) {
    List<String> cells =
        IntStream.of(columns)
            .mapToObj(column -> row.cells().get(column))
            .map(cell -> texts.computeIfAbsent(cell, text -> text))
            .toList();
    return new Row(
        cells.get(0),
        cells.get(1),
        cells.get(2),
        cells.get(3),
        number(csv, row, cells.get(4)),
        cells.get(5).isEmpty() ? Double.NaN : number(csv, row, cells.get(5)));
  }

  private static double number(Csv csv, Csv.Row row, String text) {
    return Decimals.parse(text)
        .orElseThrow(() ->
            DuovoxException.badData(csv.at(row) + ": \"" + text + "\" is not a finite number"));
  }
}
