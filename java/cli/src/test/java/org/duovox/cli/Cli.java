package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// The command line as a user types it: exit code and both streams.
public record Cli(int code, String out, String err) {

  /// Runs `duovox` with these words; anything but text becomes its text.
  public static Cli run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Cli(code, out.toString(), err.toString());
  }

  /// Runs and expects success.
  public static Cli ok(Object... words) {
    Cli result = run(words);
    assertEquals(0, result.code(), () -> Arrays.toString(words) + "\n" + result.err());
    return result;
  }

  /// Standard output as JSON.
  public JsonNode json() {
    return Json.parse(out, JsonNode.class, "standard output");
  }
}
