package org.duovox.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.duovox.DuovoxException;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;

/// Reads gold.csv and pairs.csv, and tells every fault of a row; rows with a fault are left out.
final class SsimiTables {
  private static final Set<String> TYPES = Set.of("synthetic", "librispeech");
  private static final Set<String> MISSING =
      Set.of("", "nan", "NaN", "NA", "N/A", "n/a", "null", "NULL", "None");

  private final Path gold;
  private final Path pairs;
  private final Consumer<Problem> faults;
  private final List<Csv.Row> pairRows = new ArrayList<>(); // Those behind the pairs read.

  /// @param faults may throw at the first one
  SsimiTables(Path gold, Path pairs, Consumer<Problem> faults) {
    this.gold = gold;
    this.pairs = pairs;
    this.faults = faults;
  }

  /// Reads both tables and checks the pairs against the gold list.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT or BAD_DATA where a table is none, or lacks a
  ///   column
  SsimiData read() {
    List<Token> tokens = readTokens(Csv.read(gold));
    return checked(new SsimiData(tokens, readPairs(Csv.read(pairs))));
  }

  /// Reads both tables and checks the pairs against the gold list; what cannot be read at all is
  /// told, not thrown.
  SsimiData check() {
    List<Token> tokens = told(gold, () -> readTokens(Csv.read(gold)));
    List<Pair> read = told(pairs, () -> readPairs(Csv.read(pairs)));
    SsimiData data = new SsimiData(tokens, read);
    alike(read).forEach(text -> faults.accept(new Problem(pairs.toString(), 0, text)));
    return tokens.isEmpty() ? data : checked(data);
  }

  /// Returns what makes correlations undefined whatever the distances are: judgments, of two pairs
  /// or more, that are all equal.
  private static List<String> alike(List<Pair> read) {
    Map<String, List<Double>> judgments = new TreeMap<>();
    read.forEach(pair ->
        judgments.computeIfAbsent(pair.group(), key -> new ArrayList<>()).add(pair.human()));
    return judgments.entrySet().stream()
        .filter(group -> group.getValue().size() > 1 && Set.copyOf(group.getValue()).size() == 1)
        .map(Map.Entry::getKey)
        .map("all judgments of %s are equal, so that its correlation is undefined"::formatted)
        .toList();
  }

  private SsimiData checked(SsimiData data) {
    PairLinks.check(
        data,
        (text, i) -> faults.accept(new Problem(pairs.toString(), pairRows.get(i).line(), text)));
    return data;
  }

  private <T> List<T> told(Path file, Supplier<List<T>> reader) {
    try {
      return reader.get();
    } catch (DuovoxException e) {
      faults.accept(Problem.of(file.toString(), e));
      return List.of();
    }
  }

  private List<Token> readTokens(Csv csv) {
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
      if (isType(csv, row, token.type()) && isStem(csv, row, token.filename())) {
        if (seen.add(token.label())) {
          tokens.add(token);
        } else {
          fault(csv, row, token.label() + " is listed twice");
        }
      }
    }
    requireRows(csv);
    return tokens;
  }

  private List<Pair> readPairs(Csv csv) {
    int type = csv.column("type");
    int dataset = csv.column("dataset");
    Map<String, OptionalInt> humanColumns = humanColumns(csv, type, dataset);
    int word1 = csv.column("word_1");
    int word2 = csv.column("word_2");
    List<Pair> read = new ArrayList<>();
    for (Csv.Row row : csv.rows()) {
      List<String> cells = row.cells();
      OptionalInt column =
          humanColumns.getOrDefault(
              cells.get(type) + "/" + cells.get(dataset), OptionalInt.empty());
      if (column.isPresent()) {
        number(csv, row, column.getAsInt())
            .ifPresent(human -> {
              pairRows.add(row);
              read.add(
                  new Pair(
                      cells.get(type),
                      cells.get(dataset),
                      cells.get(word1),
                      cells.get(word2),
                      human));
            });
      }
    }
    requireRows(csv);
    return read;
  }

  /// Returns the column of the judgments of every group of pairs; none where no column is filled
  /// in.
  private Map<String, OptionalInt> humanColumns(Csv csv, int type, int dataset) {
    Map<String, List<Csv.Row>> groups = new HashMap<>();
    for (Csv.Row row : csv.rows()) {
      if (isType(csv, row, row.cells().get(type))) {
        String group = row.cells().get(type) + "/" + row.cells().get(dataset);
        groups.computeIfAbsent(group, key -> new ArrayList<>()).add(row);
      }
    }
    Map<String, OptionalInt> columns = new HashMap<>();
    groups.forEach((group, rows) -> columns.put(group, humanColumn(csv, group, rows)));
    return columns;
  }

  /// Returns the column of the judgments by the official rule: relatedness unless a value of it is
  /// missing in the group, then similarity.
  private OptionalInt humanColumn(Csv csv, String group, List<Csv.Row> rows) {
    List<String> empty = new ArrayList<>();
    for (String name : List.of("relatedness", "similarity")) {
      int column = csv.column(name);
      Optional<Csv.Row> missing =
          rows.stream().filter(row -> isMissing(row.cells().get(column).strip())).findFirst();
      if (missing.isEmpty()) {
        return OptionalInt.of(column);
      }
      empty.add(name + " is empty in line " + missing.get().line());
    }
    String text =
        "neither similarity nor relatedness is filled in for every pair of %s (%s)"
            .formatted(group, String.join(", ", empty));
    faults.accept(new Problem(csv.source(), 0, text));
    return OptionalInt.empty();
  }

  private OptionalDouble number(Csv csv, Csv.Row row, int column) {
    String text = row.cells().get(column).strip();
    OptionalDouble value = Decimals.parse(text);
    if (value.isEmpty()) {
      String name = csv.header().get(column);
      fault(csv, row, "%s \"%s\" is not a finite number".formatted(name, text));
    }
    return value;
  }

  /// Returns whether a cell says that there is no value, as pandas reads it.
  static boolean isMissing(String cell) {
    return MISSING.contains(cell);
  }

  private boolean isType(Csv csv, Csv.Row row, String type) {
    boolean known = TYPES.contains(type);
    if (!known) {
      fault(csv, row, "type \"" + type + "\" is neither synthetic nor librispeech");
    }
    return known;
  }

  private boolean isStem(Csv csv, Csv.Row row, String stem) {
    boolean bare =
        !stem.isBlank() && !stem.matches(".*[/\\\\\\p{Cntrl}].*") && !stem.startsWith("..");
    if (!bare) {
      fault(csv, row, "filename \"" + stem + "\" is not the bare name of a file");
    }
    return bare;
  }

  private void requireRows(Csv csv) {
    if (csv.rows().isEmpty()) {
      faults.accept(new Problem(csv.source(), 0, "has a header and no rows"));
    }
  }

  private void fault(Csv csv, Csv.Row row, String text) {
    faults.accept(new Problem(csv.source(), row.line(), text));
  }
}
