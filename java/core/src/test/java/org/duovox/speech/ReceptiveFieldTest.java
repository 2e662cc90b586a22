package org.duovox.speech;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException.Kind;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceptiveFieldTest {
  private static final double UNBOUNDED = Double.POSITIVE_INFINITY;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "775.0; 387.5; 387.5; 775 ms",
        "29.0625; 14.53125; 14.53125; 29.1 ms",
        "[null,14.5]; Infinity; 14.5; everything before and 14.5 ms after its center",
        "[1292.5,1272.5]; 1292.5; 1272.5; 1292.5 ms before and 1272.5 ms after its center",
        "\"utterance\"; Infinity; Infinity; the whole utterance"
      })
  void jsonHasOneFormForEach(String json, double before, double after, String text) {
    ReceptiveField field = new ReceptiveField(before, after);
    assertEquals(json, Json.line(field));
    assertEquals(field, Json.parse(json, ReceptiveField.class, "here"));
    assertEquals(text, field.text());
    assertEquals(before < UNBOUNDED && after < UNBOUNDED, field.isBounded());
  }

  @Test
  void otherFormsAreRead() {
    assertEquals(ReceptiveField.around(775), Json.parse("775", ReceptiveField.class, "here"));
    assertEquals(
        ReceptiveField.UTTERANCE, Json.parse("[null, null]", ReceptiveField.class, "here"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "\"past\"", "[1]", "[1, \"2\"]", "{}", "true", "[1, -2]"})
  void everythingElseIsRefusedWithTheKey(String json) {
    assertFails(
        Kind.BAD_DATA,
        () -> Json.parse(json, ReceptiveField.class, "file.json"),
        "file.json",
        "receptive_field_ms");
  }

  @Test
  void layersOfEarlierFilesLackTheKey() {
    String old = "{\"name\":\"l\",\"width\":2,\"interval_ms\":10.0,\"offset_ms\":5.0}";
    Layer layer = Json.parse(old, Layer.class, "here");
    assertNull(layer.receptiveField());
    assertEquals(old, Json.line(layer));
    Layer seeing = new Layer("l", 2, 10, 5, ReceptiveField.around(25));
    assertEquals(old.replace("5.0}", "5.0,\"receptive_field_ms\":25.0}"), Json.line(seeing));
    assertEquals(seeing, Json.parse(Json.line(seeing), Layer.class, "here"));
    assertTrue(ReceptiveField.UTTERANCE.plus(1, 1).equals(ReceptiveField.UTTERANCE));
    assertFalse(new ReceptiveField(1, UNBOUNDED).isBounded());
  }
}
