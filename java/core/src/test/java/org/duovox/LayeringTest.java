package org.duovox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The rooms of the house: which packages there are, how large they may be, and that they use each
/// other in one direction only. Read off the sources.
final class LayeringTest {
  /// Every package below `org.duovox`, from the ground up, and the packages that it may use beside
  /// itself and the root. It may use only what stands above it in this list, so there is no circle.
  private static final String ROOMS =
      """
      io:
      io.json: io
      io.atomic: io io.json
      io.tensors: io io.atomic io.json
      config: io
      internal: io
      audio.decode: internal io
      audio.manifest: io io.json io.tensors
      audio: audio.decode audio.manifest io
      audio.layout: audio.manifest io io.json
      speech: internal io io.tensors
      speech.features: audio.manifest io io.atomic io.json io.tensors speech
      speech.extract: audio audio.manifest io io.atomic io.json speech speech.features
      speech.onnx: io io.atomic io.json speech
      speech.published: internal io io.json io.tensors speech
      speech.encoders: internal io speech speech.onnx speech.published
      units: io io.tensors speech speech.features
      units.kmeans: internal io io.json io.tensors speech units
      units.sets: audio.manifest internal io io.atomic io.json io.tensors speech speech.extract speech.features units units.kmeans
      units.corpus: audio.manifest io io.atomic io.json io.tensors units units.sets
      exchange: audio.manifest io io.atomic io.json io.tensors speech speech.features units units.sets
      model: internal io io.atomic io.json io.tensors units units.corpus
      model.batch: internal model units.corpus
      model.embed: internal io.atomic io.json io.tensors model model.batch units.corpus
      model.forward: internal io io.tensors model units
      model.likelihood: internal model model.batch units.corpus
      model.match: internal io.atomic io.json model model.batch units.corpus
      convert.pickle:
      convert.checkpoint: convert.pickle io io.json io.tensors
      convert.layout: convert.checkpoint convert.pickle io io.json model
      convert: convert.checkpoint convert.layout convert.pickle io io.atomic io.json io.tensors units
      train.data: internal model model.batch speech units units.corpus
      train.log: internal io.json
      train.memory: internal io.atomic io.json model train.data train.log
      train.run: internal io io.atomic io.json io.tensors model train.log units.corpus
      train.watch: internal model train.log units.corpus
      train: internal io.atomic io.json model model.batch model.match train.data train.log train.memory train.run train.watch units units.corpus
      train.hub: internal io.atomic io.json model train.log train.run train.watch
      eval: io io.json io.tensors
      slu: audio.manifest eval internal io io.atomic io.json io.tensors model model.batch model.embed speech speech.encoders speech.extract speech.features train train.data train.log train.memory train.run units units.corpus units.sets
      eval.abx: eval io io.atomic io.json io.tensors speech speech.features units units.corpus units.sets
      eval.compare: eval io
      eval.pairs: eval io io.atomic
      eval.ssimi: eval io io.atomic model model.embed units.corpus
      world.voice: audio io
      world: audio io io.atomic io.json units world.voice
      recipe: audio audio.layout audio.manifest config eval eval.compare internal io io.atomic io.json io.tensors model model.embed slu speech speech.encoders speech.extract speech.features train train.log train.memory train.run units units.corpus units.kmeans units.sets
      experiment: config eval eval.compare internal io io.atomic io.json model.match recipe slu speech.encoders train train.log train.memory train.run
      report:
      report.chart: eval io.atomic recipe report train.log units
      report.page: io.atomic io.json recipe report report.chart
      report.assemble: audio audio.manifest eval eval.compare experiment io io.json io.tensors recipe report report.chart report.page slu train.log train.run train.watch units units.corpus units.sets
      cli.console: audio.manifest internal io io.atomic io.json io.tensors recipe report speech.encoders speech.onnx train.run
      cli.exchange: cli.console convert exchange io io.json report speech speech.features train.hub units units.sets
      cli.machine: audio.decode cli.console internal io io.json report speech.onnx
      cli.model: audio audio.manifest cli.console config eval eval.abx eval.pairs eval.ssimi internal io io.atomic io.json model model.embed model.forward model.likelihood model.match report slu speech speech.extract train train.log train.memory train.run units units.corpus
      cli.recipe: cli.console experiment internal io.atomic io.json recipe report report.assemble train.log train.run
      cli.units: audio audio.layout audio.manifest cli.console internal io io.atomic io.json report report.assemble report.chart speech speech.encoders speech.extract speech.features speech.onnx units units.corpus units.kmeans units.sets
      cli.world: cli.console config report world
      cli: cli.console cli.exchange cli.machine cli.model cli.recipe cli.units cli.world io
      """;

  private static final int MOST_FILES = 25;

  private static final Pattern OURS = Pattern.compile("org\\.duovox\\.((?:[a-z]+\\.)*)[A-Z]");
  private static final Pattern FOREIGN =
      Pattern.compile("java\\.lang\\.foreign|org\\.duovox\\.bindings");
  private static final Pattern PICKLE_LIBRARY =
      Pattern.compile("razorvine|jpickle|ObjectInputStream");

  private static Map<String, Set<String>> rooms;
  private static List<Path> files;

  @BeforeAll
  static void read() throws IOException {
    rooms = new LinkedHashMap<>();
    ROOMS
        .lines()
        .map(line -> line.split(":", 2))
        .forEach(room -> rooms.put(room[0], Set.of(room[1].strip().split(" +"))));
    files = new ArrayList<>();
    for (String module : List.of("core", "cli")) {
      try (Stream<Path> walk = Files.walk(root(module))) {
        walk.filter(path -> path.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
  }

  private static Path root(String module) {
    Path here = Path.of("").toAbsolutePath();
    Path home = Path.of(System.getProperty("duovox.home", here.resolve("../..").toString()));
    return home.resolve("java").resolve(module).resolve("src/main/java/org/duovox");
  }

  @Test
  void everyRoomIsListedDescribedAndOfASizeToSurvey() {
    Map<String, Integer> sizes = new TreeMap<>();
    Set<String> described = new TreeSet<>();
    for (Path file : files) {
      if (file.endsWith("package-info.java")) {
        described.add(roomOf(file));
      } else if (!roomOf(file).isEmpty()) {
        sizes.merge(roomOf(file), 1, Integer::sum);
      }
    }
    assertEquals(sizes.keySet(), new TreeSet<>(rooms.keySet()));
    assertEquals(sizes.keySet(), described, "package-info.java");
    sizes.values().removeIf(size -> size <= MOST_FILES);
    assertEquals(Map.of(), sizes, "rooms of more than " + MOST_FILES + " files");
  }

  @Test
  void roomsUseOnlyRoomsBelowThem() throws IOException {
    Set<String> below = new TreeSet<>();
    for (Map.Entry<String, Set<String>> room : rooms.entrySet()) {
      Set<String> used = new TreeSet<>(room.getValue());
      used.removeAll(below);
      used.remove("");
      assertEquals(Set.of(), used, room.getKey() + " may use what stands above it only");
      below.add(room.getKey());
    }
    Set<String> offenders = new TreeSet<>();
    for (Path file : files) {
      String from = roomOf(file);
      for (String to : usedBy(file)) {
        if (!to.equals(from) && !rooms.getOrDefault(from, Set.of()).contains(to)) {
          offenders.add("%s (%s) uses %s".formatted(file.getFileName(), from, to));
        }
      }
    }
    assertEquals(Set.of(), offenders);
  }

  @Test
  void nothingIsAllowedThatIsNotNeeded() throws IOException {
    Map<String, Set<String>> needed = new TreeMap<>();
    for (Path file : files) {
      needed.computeIfAbsent(roomOf(file), room -> new TreeSet<>()).addAll(usedBy(file));
    }
    Set<String> needless = new TreeSet<>();
    rooms.forEach((room, allowed) ->
        allowed.stream()
            .filter(to -> !to.isEmpty() && !needed.get(room).contains(to))
            .forEach(to -> needless.add(room + " needs no " + to)));
    assertEquals(Set.of(), needless);
  }

  @Test
  void onlyInternalTouchesForeignMemoryAndTheBindings() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (Path file : files) {
      if (!roomOf(file).equals("internal") && FOREIGN.matcher(code(file)).find()) {
        offenders.add(file.toString());
      }
    }
    assertEquals(List.of(), offenders);
  }

  /// Pickle is read behind `org.duovox.convert`, by nobody else, and by no library.
  @Test
  void onlyTheConverterReadsPickle() throws IOException {
    Set<String> offenders = new TreeSet<>();
    for (Path file : files) {
      boolean inside = roomOf(file).startsWith("convert");
      if (PICKLE_LIBRARY.matcher(code(file)).find()
          || (!inside && usedBy(file).stream().anyMatch(room -> room.startsWith("convert.")))) {
        offenders.add(file.toString());
      }
    }
    assertEquals(Set.of(), offenders);
    assertTrue(rooms.containsKey("convert.pickle"));
  }

  /// Packages of ours that a file names, the root and the bindings aside.
  private static Set<String> usedBy(Path file) throws IOException {
    Matcher matcher = OURS.matcher(code(file));
    return matcher
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.isEmpty())
        .map(name -> name.substring(0, name.length() - 1))
        .filter(name -> !name.equals("bindings"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String roomOf(Path file) {
    String path = file.getParent().toString().replace('\\', '/');
    int at = path.lastIndexOf("org/duovox");
    return path.substring(at + "org/duovox".length()).replaceFirst("^/", "").replace('/', '.');
  }

  /// The text without comments, which may name anything.
  private static String code(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?m)//.*$", "").replaceAll("(?s)/\\*.*?\\*/", "");
  }
}
