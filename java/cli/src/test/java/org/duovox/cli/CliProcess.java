package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// Runs the command line in a process of its own, which a test may kill when it prints a line.
///
/// @param code exit code
/// @param lines of standard output and standard error
record CliProcess(int code, List<String> lines) {

  /// Runs `duovox` with these words.
  ///
  /// @param hears receives every line as it is printed
  static CliProcess run(List<String> words, BiConsumer<Process, String> hears)
      throws IOException, InterruptedException {
    Process process = start(words);
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        hears.accept(process, line);
      }
    }
    return new CliProcess(process.waitFor(), lines);
  }

  private static Process start(List<String> words) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dduovox.library=" + System.getProperty("duovox.library"),
                "-cp",
                classes,
                "org.duovox.cli.Main"));
    command.addAll(words);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /// Sends a signal. Not Process.destroy(), which closes the stream that is being read.
  static void signal(Process process, String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      assertEquals(0, code, "kill -" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
