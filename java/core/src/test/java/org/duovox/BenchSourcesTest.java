package org.duovox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java sources in `bench/`, which run as single files and so are part of no module, compile
/// against today's classes.
final class BenchSourcesTest {
  private static final Path BENCH = Path.of("..", "..", "bench");

  @TempDir private Path classes;

  @Test
  void compile() throws IOException {
    List<Path> sources = sources();
    assertFalse(sources.isEmpty(), () -> "no Java source in " + BENCH.toAbsolutePath());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", "" + classes);
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      assertTrue(
          compiler
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call(),
          messages::toString);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.list(BENCH)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
