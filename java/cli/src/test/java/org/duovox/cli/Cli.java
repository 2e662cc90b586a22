package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// The result of a command line, run in this JVM: exit code and both streams.
public record Cli(int code, String out, String err) {

  /// Runs `duovox` with these arguments, each converted to text.
  public static Cli run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Cli(code, out.toString(), err.toString());
  }

  /// Runs `duovox` and requires exit code 0.
  public static Cli ok(Object... words) {
    Cli result = run(words);
    assertEquals(0, result.code(), () -> Arrays.toString(words) + "\n" + result.err());
    return result;
  }

  /// Splits texts at their spaces, so that a command reads as on a terminal; paths stay whole.
  public static Object[] words(Object... parts) {
    return Arrays.stream(parts).flatMap(Cli::split).toArray();
  }

  private static Stream<?> split(Object part) {
    return switch (part) {
      case String text -> Arrays.stream(text.strip().split("\\s+"));
      case Object[] parts -> Arrays.stream(words(parts));
      default -> Stream.of(part);
    };
  }

  /// Parses standard output as JSON.
  public JsonNode json() {
    return Json.parse(out, JsonNode.class, "standard output");
  }
}
