package org.duovox.io.json;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  record Inner(String name, List<Integer> sizes) {}

  record Settings(int hiddenSize, double learningRate, boolean split, Double low, Inner inner) {}

  // Names of classes and switches of the library that parses.
  private static final String FOREIGN =
      "(?s).*(Jackson|Stream[A-Z]|Feature|FAIL_|REDACTED|Token|deserialize|creator|JsonRead|CTRL-CHAR|`|java\\.|org\\.).*";

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

  /// Numbers and texts that Java would change without a word.
  @Test
  void whatWouldBeChangedIsRefusedWithItsKey() {
    for (String value :
        List.of("1e400", "-1e400", "[0, 1.5E+0309]", "{\"b\": " + "9".repeat(310) + "}")) {
      assertFails(
          Kind.BAD_DATA,
          () -> Json.parse("{\n\"a\": " + value + "}", Map.class, "f.json"),
          "f.json:2:",
          "\"a",
          "beyond");
    }
    for (String text : List.of("\\ud800", "x\\uDFFFy", "\\uD83D \\uDE00")) {
      assertFails(
          Kind.BAD_DATA,
          () -> Json.parse("{\"a\": \"" + text + "\"}", Map.class, "f"),
          "f:1:7: \"a\" holds half");
      assertFails(
          Kind.BAD_DATA,
          () -> Json.parse("{\"" + text + "\": 1}", Map.class, "f"),
          "half of a surrogate");
    }
    assertFails(Kind.BAD_DATA, () -> parse("\"learning_rate\": 1e999"), "learning_rate", "beyond");
    assertEquals(
        Map.of("a", "\uD83D\uDE00", "b", 1e300),
        Json.parse("{\"a\": \"\\uD83D\\uDE00\", \"b\": 1e300}", Map.class, "f"));
  }

  @Test
  void membersAsTextsKeepTheirNumbers() {
    assertEquals(
        Map.of("a", "1.10", "b", "1e5", "c", "x\n", "d", "[1.0,{\"e\":-0.50}]", "f", "null"),
        Json.texts(
            "{\"a\": 1.10, \"b\": 1e5, \"c\": \"x\\n\", \"d\": [1.0, {\"e\": -0.50}], \"f\": null}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1",
        "{\"a\": [1",
        "{\"a\" 1}",
        "{\"a\": tru}",
        "{\"a\": +1}",
        "{\"a\": 01}",
        "{\"a\": .5}",
        "{\"a\": 1.}",
        "{\"a\": \"\\x\"}",
        "{\"a\": \"\t\"}",
        "{\"a\": \"x",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": NaN}",
        "{'a': 1}",
        "{} {}",
        "[1]",
        "5",
        "\"x\"",
        "{\"hidden_size\": \"12\"}",
        "{\"hidden_size\": 1.5}",
        "{\"hidden_size\": null}",
        "{\"hidden_size\": [1]}",
        "{\"hidden_size\": 99999999999}",
        "{\"split\": 1}",
        "{\"split\": \"yes\"}",
        "{\"hidden_size\": 1}",
        "{\"hidden_siz\": 1}",
        "{\"inner\": [1]}",
        "{\"inner\": {\"sizes\": 1}}",
        "{\"inner\": {\"sizes\": [\"x\"]}}",
        "\u0000",
        "{\"a\": \"\uD800\"}"
      })
  void messagesAreOfOurOwn(String text) {
    for (Class<?> type : List.of(Settings.class, tools.jackson.databind.node.ObjectNode.class)) {
      try {
        Json.parseLine(text, type, "f.jsonl:7");
      } catch (DuovoxException e) {
        String message = e.getMessage();
        assertTrue(message.matches("(?s)f\\.jsonl:7(:\\d+)?: .*"), message);
        assertFalse(message.matches(FOREIGN), message);
      }
    }
    assertThrows(DuovoxException.class, () -> Json.parseLine(text, Settings.class, "f.jsonl:7"));
  }

  @Test
  void limitsAreNamedWithoutTheirSwitches() {
    for (String text :
        List.of("[".repeat(200), "1".repeat(2000), "{\"" + "k".repeat(60_000) + "\": 1}")) {
      DuovoxException e =
          assertFails(Kind.BAD_DATA, () -> Json.parse(text, Object.class, "f"), "f:1:", "too ");
      assertFalse(e.getMessage().matches(FOREIGN), e.getMessage());
    }
  }
}
