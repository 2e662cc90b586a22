package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.duovox.eval.Distance;
import org.duovox.eval.PrincipalPlane;
import org.duovox.eval.compare.WordPairs;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.report.chart.WordMap;
import org.duovox.report.page.DataTable;
import org.duovox.report.page.NearestWords;
import org.duovox.report.page.NearestWords.Neighbor;
import org.duovox.report.page.WordsSection;
import tools.jackson.databind.JsonNode;

/// What the vectors of words, which an evaluation left, say about each system: the nearest words of
/// a word, by the mean distance over seeds, and a map of the first seed's vectors.
final class WordVectors {
  private static final String FILE = "words.safetensors";
  private static final int NEAREST = 5;
  private static final int MOST_WORDS = 1000;
  private static final int MOST_ON_MAP = 300;

  private final List<String> systems = new ArrayList<>();
  private final List<List<Map<String, double[]>>> vectors = new ArrayList<>();
  private final Distance distance;
  private final double similar;
  private WordPairs pairs = new WordPairs(List.of());
  private final List<List<Object>> nearestRows = new ArrayList<>();
  private final List<List<Object>> mapRows = new ArrayList<>();

  /// @param recipe of the evaluation, for its distance and what counts as alike
  WordVectors(JsonNode recipe) {
    JsonNode words = recipe.path("evaluations").path("words");
    this.distance = Distance.of(words.path("metric").asString("cosine"));
    this.similar = words.path("similar").asDouble(0.5);
  }

  /// Adds a system.
  ///
  /// @param stages folders with its vectors, one per seed or fold; those without are left out
  void add(String system, List<Path> stages) {
    List<Map<String, double[]>> each = new ArrayList<>();
    for (Path stage : stages) {
      if (Files.isRegularFile(stage.resolve(FILE))) {
        each.add(read(stage.resolve(FILE)));
        if (pairs.rows().isEmpty() && Files.isRegularFile(stage.resolve(WordPairs.FILE))) {
          pairs = WordPairs.read(stage);
        }
      }
    }
    if (!each.isEmpty()) {
      systems.add(system);
      vectors.add(each);
    }
  }

  private static Map<String, double[]> read(Path file) {
    Map<String, double[]> words = new TreeMap<>();
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      for (TensorInfo tensor : tensors.tensors()) {
        float[] values = tensors.floats(tensor.name());
        words.put(
            tensor.name(), IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
      }
    }
    return words;
  }

  /// Returns the section of the page, and fills the tables.
  WordsSection section() {
    List<String> words = words();
    if (words.size() < 3) {
      return WordsSection.NONE;
    }
    Map<String, Integer> groups = groups(words);
    List<WordMap> maps = new ArrayList<>();
    for (int s = 0; s < systems.size(); s++) {
      map(s, words, groups).ifPresent(maps::add);
    }
    String note =
        "Mean vector of each word's recordings by the layer and channel chosen on dev. Near is by"
            + " the mean "
            + distance.label()
            + " distance over seeds; maps are the first two principal components of the first"
            + " seed. "
            + "Words that mean alike by the gold list are bold"
            + (groups.isEmpty() ? "." : ", and of one color on a map.");
    return new WordsSection(maps, nearest(words), note);
  }

  /// Returns the words that all systems have, a part of them where there are very many.
  private List<String> words() {
    TreeSet<String> common = new TreeSet<>();
    for (int s = 0; s < vectors.size(); s++) {
      for (Map<String, double[]> seed : vectors.get(s)) {
        if (common.isEmpty() && s == 0) {
          common.addAll(seed.keySet());
        }
        common.retainAll(seed.keySet());
      }
    }
    return evenly(List.copyOf(common), MOST_WORDS);
  }

  private static List<String> evenly(List<String> words, int most) {
    if (words.size() <= most) {
      return words;
    }
    return IntStream.range(0, most)
        .mapToObj(i -> words.get((int) ((long) i * words.size() / most)))
        .toList();
  }

  /// Returns the groups of words that mean alike, numbered in the order of their first word: those
  /// that chains of alike pairs connect, or of the most alike ones where else most words are one
  /// group. Empty where colors would say nothing.
  private Map<String, Integer> groups(List<String> words) {
    Map<String, Integer> groups = groups(words, similar);
    return groups.isEmpty() ? groups(words, 1) : groups;
  }

  private Map<String, Integer> groups(List<String> words, double share) {
    Map<String, String> parent = new HashMap<>();
    for (WordPairs.Row pair : alikePairs(share)) {
      parent.put(root(parent, pair.word1()), root(parent, pair.word2()));
    }
    Map<String, List<String>> members = new LinkedHashMap<>();
    words.forEach(
        word -> members.computeIfAbsent(root(parent, word), key -> new ArrayList<>()).add(word));
    Map<String, Integer> groups = new HashMap<>();
    int next = 0;
    for (List<String> group : members.values()) {
      if (group.size() > words.size() / 2) {
        return Map.of();
      }
      if (group.size() > 1) {
        int number = next++;
        group.forEach(word -> groups.put(word, number));
      }
    }
    return groups;
  }

  private static String root(Map<String, String> parent, String word) {
    String at = word;
    while (!parent.getOrDefault(at, at).equals(at)) {
      at = parent.get(at);
    }
    return at;
  }

  /// @param share of the highest gold similarity of a group of pairs
  private List<WordPairs.Row> alikePairs(double share) {
    Map<String, Double> highest = new HashMap<>();
    pairs.rows().forEach(row -> highest.merge(row.group(), row.gold(), Math::max));
    return pairs.rows().stream()
        .filter(row -> row.gold() >= share * highest.get(row.group()))
        .filter(row -> !row.word1().equals(row.word2()))
        .toList();
  }

  private NearestWords nearest(List<String> words) {
    TreeSet<String> alike = new TreeSet<>();
    alikePairs(similar)
        .forEach(pair -> {
          alike.add(pair.word1() + "\n" + pair.word2());
          alike.add(pair.word2() + "\n" + pair.word1());
        });
    List<List<List<Neighbor>>> bySystem = new ArrayList<>();
    for (int s = 0; s < systems.size(); s++) {
      bySystem.add(nearest(s, words, alike));
    }
    List<NearestWords.Row> rows = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      int word = w;
      rows.add(
          new NearestWords.Row(words.get(w), bySystem.stream().map(all -> all.get(word)).toList()));
    }
    return new NearestWords(systems, rows);
  }

  private List<List<Neighbor>> nearest(int system, List<String> words, TreeSet<String> alike) {
    double[][] distances = distances(vectors.get(system), words);
    List<List<Neighbor>> all = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      String word = words.get(w);
      double[] row = distances[w];
      List<Neighbor> neighbors =
          IntStream.range(0, words.size())
              .filter(other -> !words.get(other).equals(word) && !Double.isNaN(row[other]))
              .boxed()
              .sorted(Comparator.comparingDouble((Integer other) -> row[other]))
              .limit(NEAREST)
              .map(other ->
                  new Neighbor(
                      words.get(other), row[other], alike.contains(word + "\n" + words.get(other))))
              .toList();
      all.add(neighbors);
      for (int rank = 0; rank < neighbors.size(); rank++) {
        Neighbor n = neighbors.get(rank);
        nearestRows.add(
            List.of(systems.get(system), word, rank + 1, n.word(), n.distance(), n.alike()));
      }
    }
    return all;
  }

  private double[][] distances(List<Map<String, double[]>> seeds, List<String> words) {
    double[][] mean = new double[words.size()][words.size()];
    for (Map<String, double[]> seed : seeds) {
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < i; j++) {
          double between = distance.between(seed.get(words.get(i)), seed.get(words.get(j)));
          mean[i][j] += between / seeds.size();
          mean[j][i] = mean[i][j];
        }
      }
    }
    return mean;
  }

  private Optional<WordMap> map(int system, List<String> words, Map<String, Integer> groups) {
    Map<String, double[]> seed = vectors.get(system).getFirst();
    PrincipalPlane plane = PrincipalPlane.of(words.stream().map(seed::get).toList());
    if (!Double.isFinite(plane.explained())) {
      return Optional.empty();
    }
    List<WordMap.Point> points = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      PrincipalPlane.Point at = plane.points().get(w);
      int group = groups.getOrDefault(words.get(w), -1);
      points.add(new WordMap.Point(words.get(w), at.x(), at.y(), group));
      mapRows.add(List.of(systems.get(system), words.get(w), at.x(), at.y()));
    }
    List<String> shown = evenly(words, MOST_ON_MAP);
    points.removeIf(point -> !shown.contains(point.word()));
    return Optional.of(new WordMap(systems.get(system), plane.explained(), points));
  }

  /// Returns the nearest words and the maps as tables, after [#section()].
  List<DataTable> tables() {
    return List.of(
        new DataTable(
            "nearest-words",
            "Nearest words",
            List.of("system", "word", "rank", "nearest", "distance", "alike"),
            nearestRows),
        new DataTable(
            "word-map", "Maps of the words", List.of("system", "word", "x", "y"), mapRows));
  }
}
