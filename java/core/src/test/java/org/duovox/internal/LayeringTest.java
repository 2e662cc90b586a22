package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Dependencies point one way, and foreign memory stays behind `org.duovox.internal`: read off the
/// sources.
final class LayeringTest {
  private static final Pattern OURS = Pattern.compile("org\\.duovox(?:\\.([a-z]+))?\\.[A-Z]");
  private static final Pattern FOREIGN =
      Pattern.compile("java\\.lang\\.foreign|org\\.duovox\\.bindings");

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public (final )?(class|record|interface|enum) ");
  private static final Pattern PICKLE_LIBRARY =
      Pattern.compile("razorvine|jpickle|ObjectInputStream");

  /// What each package may use beside itself and the exception.
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("io", Set.of()),
          Map.entry("internal", Set.of("io")),
          Map.entry("audio", Set.of("io", "internal")),
          Map.entry("speech", Set.of("io", "internal", "audio")),
          Map.entry("units", Set.of("io", "internal", "audio", "speech")),
          Map.entry("exchange", Set.of("io", "audio", "speech", "units")),
          Map.entry("model", Set.of("io", "internal", "units")),
          Map.entry("train", Set.of("io", "internal", "units", "model")),
          Map.entry("slu", Set.of("io", "internal", "units", "model", "train")),
          Map.entry("eval", Set.of("io")),
          Map.entry("convert", Set.of("io", "units", "model")),
          Map.entry(
              "recipe",
              Set.of(
                  "io", "internal", "audio", "speech", "units", "model", "train", "slu", "eval")));

  private static Path sources;

  @BeforeAll
  static void findSources() {
    Path here = Path.of("").toAbsolutePath();
    Path home = Path.of(System.getProperty("duovox.home", here.toString()));
    sources = home.resolve("java/core/src/main/java/org/duovox");
    if (!Files.isDirectory(sources)) {
      sources = here.resolve("src/main/java/org/duovox");
    }
  }

  @Test
  void onlyInternalTouchesForeignMemoryAndTheBindings() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (Path file : files()) {
      if (!packageOf(file).equals("internal") && FOREIGN.matcher(code(file)).find()) {
        offenders.add(sources.relativize(file).toString());
      }
    }
    assertEquals(List.of(), offenders);
  }

  /// Pickle is read behind three types, by nobody else, and by no library.
  @Test
  void onlyTheConverterReadsPickle() throws IOException {
    List<String> offenders = new ArrayList<>();
    Set<String> open = new TreeSet<>();
    for (Path file : files()) {
      String code = code(file);
      if (packageOf(file).equals("convert")) {
        if (PUBLIC_TYPE.matcher(code).find()) {
          open.add(file.getFileName().toString());
        }
      } else if (code.contains("Unpickler") || PICKLE_LIBRARY.matcher(code).find()) {
        offenders.add(sources.relativize(file).toString());
      }
    }
    assertEquals(List.of(), offenders);
    assertEquals(Set.of("Conversion.java", "ConvertRequest.java", "Converter.java"), open);
  }

  @Test
  void dependenciesPointOneWay() throws IOException {
    List<String> offenders = new ArrayList<>();
    List<Path> files = files();
    assertFalse(files.isEmpty(), "no sources under " + sources);
    for (Path file : files) {
      String from = packageOf(file);
      Matcher matcher = OURS.matcher(code(file));
      while (!from.isEmpty() && matcher.find()) {
        String to = matcher.group(1) == null ? "" : matcher.group(1);
        boolean allowed =
            to.isEmpty()
                || to.equals(from)
                || ALLOWED.getOrDefault(from, Set.of()).contains(to)
                || (from.equals("internal") && to.equals("bindings"));
        if (!allowed) {
          offenders.add(sources.relativize(file) + " uses org.duovox." + to);
        }
      }
    }
    assertEquals(List.of(), offenders);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(sources)) {
      return walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String packageOf(Path file) {
    Path relative = sources.relativize(file);
    return relative.getNameCount() == 1 ? "" : relative.getName(0).toString();
  }

  /// The text without comments, which may name anything.
  private static String code(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?m)//.*$", "").replaceAll("(?s)/\\*.*?\\*/", "");
  }
}
