package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
  record Inner(String name, List<Integer> sizes) {}

  record Settings(int hiddenSize, double learningRate, boolean split, Double low, Inner inner) {}

  private static final Settings VALUE =
      new Settings(512, 1e-4, true, null, new Inner("x", List.of(1, 2)));

  @Test
  void roundTripInDeclaredOrderAndSnakeCase() {
    String line = Json.line(VALUE);
    assertEquals(
        "{\"hidden_size\":512,\"learning_rate\":1.0E-4,\"split\":true,\"low\":null,"
            + "\"inner\":{\"name\":\"x\",\"sizes\":[1,2]}}",
        line);
    assertEquals(VALUE, Json.parse(line, Settings.class, "t"));
    assertEquals(VALUE, Json.parse(Json.pretty(VALUE), Settings.class, "t"));
  }

  @Test
  void mapsAreSortedAndUndefinedNumbersNull() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", Double.NaN);
    map.put("a", new double[] {1, Double.POSITIVE_INFINITY});
    map.put("c", new float[] {0.5f, Float.NaN});
    assertEquals("{\"a\":[1.0,null],\"b\":null,\"c\":[0.5,null]}", Json.line(map));
  }

  @Test
  void unknownKeysAreRefusedWithPlaceAndSuggestion() {
    assertFails(
        Kind.BAD_DATA,
        () -> Json.parse("{\n  \"hiden_size\": 1}", Settings.class, "f.json"),
        "f.json:2:",
        "unknown key \"hiden_size\"",
        "did you mean \"hidden_size\"");
    assertFails(
        Kind.BAD_DATA,
        () -> Json.parse("{\"zzzzzz\": 1}", Settings.class, "f.json"),
        "known are",
        "learning_rate");
  }

  @Test
  void duplicateKeysAreRefused() {
    assertFails(
        Kind.BAD_DATA,
        () -> Json.parse("{\"split\":true,\n\"split\":false}", Settings.class, "f"),
        "f:2:",
        "uplicate");
    assertFails(
        Kind.BAD_DATA,
        () -> Json.parse("{\"a\":1,\"a\":2}", tools.jackson.databind.JsonNode.class, "f"),
        "uplicate");
  }

  @Test
  void wrongTypesAndMissingNumbersAreRefused() {
    assertFails(Kind.BAD_DATA, () -> parse("\"hidden_size\": \"12\""), "t:1:");
    assertFails(Kind.BAD_DATA, () -> parse("\"hidden_size\": 1.5"), "t:1:");
    assertFails(Kind.BAD_DATA, () -> parse("\"hidden_size\": 99999999999"), "t:1:");
    assertFails(Kind.BAD_DATA, () -> parse("\"split\": 1"), "t:1:");
    assertFails(Kind.BAD_DATA, () -> parse("\"hidden_size\": 1"), "t", "issing");
    assertFails(Kind.BAD_DATA, () -> parse("\"hidden_size\": NaN"), "t:1:");
  }

  private static Settings parse(String member) {
    return Json.parse("{" + member + "}", Settings.class, "t");
  }

  @Test
  void malformedTextIsRefused() {
    for (String text : List.of("", "null", "{", "{} {}", "[1,2", "{'a':1}", "// x\n{}")) {
      assertFails(Kind.BAD_DATA, () -> Json.parse(text, Map.class, "t"), "t");
    }
    assertFails(Kind.BAD_DATA, () -> Json.parse("[".repeat(100_000), List.class, "t"), "t");
  }

  @Test
  void filesAreReadAsUtf8(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.json"), "{\"n\": \"\u00fc\"}");
    assertEquals("\u00fc", Json.tree(file).get("n").stringValue());
    Files.write(file, new byte[] {'"', (byte) 0xFF, '"'});
    assertFails(Kind.BAD_DATA, () -> Json.tree(file), "a.json", "UTF-8");
    assertFails(Kind.MISSING_INPUT, () -> Json.tree(folder.resolve("none.json")), "none.json");
  }
}
