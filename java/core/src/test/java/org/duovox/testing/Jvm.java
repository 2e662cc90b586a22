package org.duovox.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Another Java process with the class path of the tests.
public record Jvm(Process process, BufferedReader output) implements AutoCloseable {

  /// Starts the `main` of a class; standard error joins standard output.
  ///
  /// @param options of the JVM
  public static Jvm start(List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new Jvm(process, process.inputReader(StandardCharsets.UTF_8));
  }

  /// Waits for the next line that it prints.
  public String line() throws IOException {
    return output.readLine();
  }

  /// All that it prints to its end.
  public String all() {
    return String.join("\n", output.lines().toList());
  }

  /// Ends it as `kill -9` does, and waits until it has ended.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
