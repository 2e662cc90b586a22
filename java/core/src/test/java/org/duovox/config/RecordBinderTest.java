package org.duovox.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.units.corpus.AlignConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// YAML becomes records; every mistake is named with file, line and column.
class RecordBinderTest {
  enum Kind {
    SLOW,
    VERY_FAST
  }

  record Inner(int layers, double learningRate, List<String> names) {
    public static Inner defaults() {
      return new Inner(8, 1e-4, List.of());
    }

    Inner {
      if (layers < 1) {
        throw new IllegalArgumentException("layers must be at least 1, but is " + layers);
      }
    }
  }

  record Outer(
      String name, Inner model, boolean merge, Kind kind, Long seed, Map<String, Integer> sizes) {}

  private static final Outer DEFAULTS =
      new Outer("x", Inner.defaults(), true, Kind.SLOW, null, Map.of());

  private static Outer bind(String yaml, String... settings) {
    return RecordBinder.bind(
        Settings.override(YamlReader.mapping(yaml, "r.yaml"), List.of(settings)),
        Outer.class,
        DEFAULTS);
  }

  @Test
  void keepsDefaultsForWhatIsLeftOut() {
    assertEquals(DEFAULTS, bind("{}"));
    assertEquals(new Inner(3, 1e-4, List.of()), bind("model: {layers: 3}").model());
  }

  @Test
  void aMapHasNoEmptyValues() {
    DuovoxException refused =
        assertThrows(DuovoxException.class, () -> bind("sizes: {a: 1, b: null}"));
    assertEquals("r.yaml:1:18: 'b' must be a whole number, but is nothing", refused.getMessage());
  }

  @Test
  void alignmentHasItsDefaultsAndSaysWhereItIsWrong() {
    assertEquals(AlignConfig.defaults(), align("{}"));
    AlignConfig given = align("edges: prototype\nmerge_phonetic: false");
    assertEquals(AlignConfig.Edges.PROTOTYPE, given.edges());
    assertEquals(2.5, align("{shift_ms: -10, jitter_ms: 2.5, seed: 3}").jitterMs());
    DuovoxException wrong =
        assertThrows(DuovoxException.class, () -> align("edges: prototype\nshift_ms: 1"));
    assertTrue(wrong.getMessage().startsWith("r.yaml:1"), wrong.getMessage());
    assertTrue(wrong.getMessage().contains("knows no times"), wrong.getMessage());
  }

  private static AlignConfig align(String yaml) {
    return RecordBinder.bind(
        YamlReader.mapping(yaml, "r.yaml"), AlignConfig.class, AlignConfig.defaults());
  }

  @Test
  void readsEveryType() {
    Outer read =
        bind(
            "name: a b\nmodel:\n  learning_rate: 1e-3\n  names: [p, q]\nmerge: false\nkind: very_fast\nseed: 7\nsizes: {a: 1}");
    assertEquals(
        new Outer(
            "a b",
            new Inner(8, 1e-3, List.of("p", "q")),
            false,
            Kind.VERY_FAST,
            7L,
            Map.of("a", 1)),
        read);
  }

  @Test
  void settingsWinOverTheFileAndMakeMissingMappings() {
    assertEquals(5, bind("model: {layers: 3}", "model.layers=5").model().layers());
    assertEquals(6, bind("{}", "model.layers=5", "model.layers=6").model().layers());
    assertEquals("0_1.wav", bind("{}", "name=0_1.wav").name());
  }

  @Test
  void nullTakesAValueAway() {
    assertNull(bind("model: null").model());
    assertNull(bind("seed: null").seed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nam: x                     | r.yaml:1:1: unknown key 'nam'; did you mean 'name'?",
        "model: {layer: 2}          | r.yaml:1:9: unknown key 'layer'; did you mean 'layers'?",
        "model: {zzzzzzzz: 2}       | known are layers, learning_rate, names",
        "model: {learning_rate: 2, layers: 0} | r.yaml:1:27: layers must be at least 1, but is 0",
        "model: {layers: many}      | r.yaml:1:17: 'layers' must be a whole number, but is the text 'many'",
        "model: {layers: 1.5}       | 'layers' must be a whole number, but is the number 1.5",
        "model: {layers: 99999999999} | 'layers' must be a whole number from -2147483648 to 2147483647",
        "model: {learning_rate: 1.0e+400} | 'learning_rate' is 1.0e+400, beyond",
        "model: {layers: 0}         | layers must be at least 1, but is 0",
        "model: [1]                 | 'model' must be a mapping, but is a list",
        "merge: yes please          | 'merge' must be true or false",
        "kind: fast                 | 'kind' must be one of slow, very_fast",
        "kind: very_fats            | did you mean 'very_fast'?",
        "model: {names: p}          | 'names' must be a list",
        "name: {a: 1}               | 'name' must be text, but is a mapping",
      })
  void namesTheMistakeAndItsPlace(String yaml, String expected) {
    DuovoxException failure = assertThrows(DuovoxException.class, () -> bind(yaml));
    assertEquals(DuovoxException.Kind.BAD_CONFIG, failure.kind());
    assertTrue(failure.getMessage().contains(expected), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'name: x\nname: y'   | r.yaml:2:1: 'name' is given twice",
        "'name: [x'           | not valid YAML: while parsing a flow sequence, expected",
        "'name: \"\\ud800\"'  | r.yaml:1:7: holds half of a surrogate pair",
        "'- x'                | must hold 'key: value' lines",
        "'name: &n x\nkind: *n' | aliases are not part of a recipe",
        "'name: x\n---\nname: y' | a second document",
      })
  void refusesWhatIsNotARecipe(String yaml, String expected) {
    DuovoxException failure = assertThrows(DuovoxException.class, () -> bind(yaml));
    assertTrue(failure.getMessage().contains(expected), failure.getMessage());
  }

  @Test
  void aSettingWithoutEqualsIsAUsageError() {
    DuovoxException failure = assertThrows(DuovoxException.class, () -> bind("{}", "model.layers"));
    assertEquals(DuovoxException.Kind.USAGE, failure.kind());
  }

  @Test
  void aBadSettingNamesTheOption() {
    DuovoxException failure =
        assertThrows(DuovoxException.class, () -> bind("{}", "model.layers=x"));
    assertTrue(failure.getMessage().startsWith("--set model.layers"), failure.getMessage());
  }
}
