package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duovox.audio.Audio;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Base class of the tests of existing outputs: audio, commands that must be refused, and the bytes
/// of folders.
public abstract class OutputTesting {
  @TempDir Path folder;

  @BeforeEach
  void needsTheLibrary() {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
  }

  /// Runs a command twice, the second time without work, then another one with the same output,
  /// which must be refused.
  final void reusedThenRefused(Path out, Object[] command, String words, Object... other)
      throws IOException {
    Cli.ok(command);
    Map<String, String> before = contents(out);
    Cli again = Cli.ok(with(command, "--json"));
    assertEquals(true, again.json().path("reused").asBoolean(), again.out());
    assertTrue(Cli.ok(command).out().startsWith("reused "));
    refused(words, other);
    assertEquals(before, contents(out));
  }

  /// Runs a command that must be refused with these words; returns standard error.
  static String refused(String words, Object... command) {
    Cli result = Cli.run(command);
    assertEquals(73, result.code(), Arrays.toString(command) + result.out() + result.err());
    assertTrue(result.err().contains(words), result.err());
    return result.err();
  }

  static Object[] with(Object[] command, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(command));
    int at = more.length == 2 ? all.indexOf(more[0]) : -1;
    if (at >= 0) {
      all.set(at + 1, more[1]);
    } else {
      Collections.addAll(all, more);
    }
    return all.toArray();
  }

  static Path features(Path audio, Path out) {
    Cli.ok("features", "--encoder", "logmel", "--manifest", audio, "--out", out);
    return out;
  }

  final Path tones(String name, double hertz) throws IOException {
    Path audio = Files.createDirectories(folder.resolve(name));
    for (int take = 0; take < 2; take++) {
      float[] samples = new float[16_000];
      for (int i = 0; i < samples.length; i++) {
        double rising = 1 + 0.5 * i / samples.length + 0.1 * take;
        samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * hertz * rising * i / 16_000));
      }
      Melodies.writeWav(audio.resolve(take + ".wav"), new Audio(samples, 16_000));
    }
    return audio;
  }

  /// Returns every file below a folder with its bytes and time of change.
  static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(path).toString(),
            Files.readString(path, StandardCharsets.ISO_8859_1) + Files.getLastModifiedTime(path));
      }
    }
    return contents;
  }
}
