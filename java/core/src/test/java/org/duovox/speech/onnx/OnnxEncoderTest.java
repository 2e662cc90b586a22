package org.duovox.speech.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.speech.Frames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxEncoderTest {
  @TempDir Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    TinyOnnx.write(folder);
  }

  private OnnxEncoder encoder(String config) {
    return new OnnxEncoder(folder, OnnxEncoderConfig.parse(config, "test"), 1, 1);
  }

  private static float[] noise(int samples) {
    Random random = new Random(7);
    float[] values = new float[samples];
    for (int i = 0; i < samples; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 64, 101, 1000})
  void readsAnInnerTensorAtAnyLength(int samples) {
    float[] audio = noise(samples);
    try (OnnxEncoder encoder =
        encoder(TinyOnnx.freed(TinyOnnx.INNER_LAYER, TinyOnnx.OUTER_LAYER))) {
      Map<String, Frames> result = encoder.encode(audio, List.of("outer", "inner"));
      assertEquals(List.of("outer", "inner"), List.copyOf(result.keySet()));
      assertEquals((samples - 8) / 4 + 1, result.get("outer").frames());
      Frames inner = result.get("inner");
      assertEquals((samples - 4) / 2 + 1, inner.frames());
      for (int k = 0; k < inner.frames(); k++) {
        for (int c = 0; c < 2; c++) {
          assertEquals(TinyOnnx.inner(audio, k, c), inner.values()[2 * k + c], 1e-5f);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 13, 17, 40, 64, 100})
  void segmentsGiveWhatOnePassGives(int segment) {
    String[] layers = {TinyOnnx.INNER_LAYER, TinyOnnx.OUTER_LAYER};
    try (OnnxEncoder whole = encoder(TinyOnnx.freed(layers));
        OnnxEncoder cut = encoder(TinyOnnx.segmented(segment, layers))) {
      for (int samples = 8; samples < 120; samples++) {
        float[] audio = noise(samples);
        Map<String, Frames> expected = whole.encode(audio, List.of("inner", "outer"));
        Map<String, Frames> actual = cut.encode(audio, List.of("inner", "outer"));
        for (String layer : expected.keySet()) {
          assertEquals(expected.get(layer).frames(), actual.get(layer).frames());
          assertArrayEquals(expected.get(layer).values(), actual.get(layer).values(), 1e-6f);
        }
      }
    }
  }

  @Test
  void windowsAreBatchedAndGiveOneFrameEach() {
    String outer =
        "{\"layer\": \"outer\", \"tensor\": \"out\", \"time_axis\": 0, \"width\": 45, \"stride\":"
            + " 16, \"receptive_field\": 64, \"interval_ms\": 1, \"offset_ms\": 2}";
    String windows =
        "\"windows\": {\"size\": 64, \"hop\": 16, \"batch\": 3}, \"reshapes\": {\"to_rows\": [-1,"
            + " 1, 1, 64]},";
    float[] audio = noise(200);
    try (OnnxEncoder encoder = encoder(TinyOnnx.config(windows, outer));
        OnnxEncoder free = encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER))) {
      Frames frames = encoder.encode(audio, List.of("outer")).get("outer");
      assertEquals(9, frames.frames());
      Frames reference = free.encode(audio, List.of("outer")).get("outer");
      for (int w = 0; w < 9; w++) {
        for (int t = 0; t < 15; t++) {
          for (int c = 0; c < 3; c++) {
            assertEquals(
                reference.values()[(4 * w + t) * 3 + c],
                frames.values()[w * 45 + c * 15 + t],
                1e-5f);
          }
        }
      }
    }
  }

  @Test
  void keepsFramesInsideTheAudioAndSaysWhereTheFirstOneIs() {
    String inside =
        TinyOnnx.layer("outer", "out", 3, 4, 8, "0.25", "-0.5", ", \"keep\": \"INSIDE\"");
    try (OnnxEncoder encoder = encoder(TinyOnnx.freed(inside))) {
      // Centers -0.5, -0.25, 0, 0.25 ms: the first two lie before the audio.
      assertEquals(0.0, encoder.layer("outer").offsetMs());
      assertEquals(16, encoder.minimumSamples(List.of("outer")));
      assertEquals(23, encoder.encode(noise(104), List.of("outer")).get("outer").frames());
    }
  }

  @Test
  void aShortUtteranceIsNamedWithWhatIsNeeded() {
    try (OnnxEncoder encoder = encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER))) {
      assertEquals(8, encoder.minimumSamples(List.of("outer")));
      DuovoxException e =
          assertThrows(DuovoxException.class, () -> encoder.encode(noise(7), List.of("outer")));
      assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
      assertTrue(
          e.getMessage().contains("7 samples") && e.getMessage().contains("8"), e.getMessage());
    }
  }

  @Test
  void namesThatDoNotFitAreAnsweredWithThoseThereAre() {
    assertFails(
        TinyOnnx.freed(TinyOnnx.INNER_LAYER.replace("inner:0", "inner:1")), "inner:0", "unused:0");
    assertFails(TinyOnnx.freed(TinyOnnx.OUTER_LAYER).replace("to_rows", "to_row"), "to_rows");
    assertFails(TinyOnnx.freed(TinyOnnx.OUTER_LAYER).replace("\"samples\"", "\"wave\""), "samples");
    assertFails(
        TinyOnnx.freed(TinyOnnx.OUTER_LAYER).replace("[1, 1, -1]", "[1, -1]"), "[1, 1, 64]");
  }

  @Test
  void aTensorOfAnotherShapeIsRefusedWithTheShape() {
    try (OnnxEncoder encoder =
        encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER.replace("\"width\": 3", "\"width\": 5")))) {
      DuovoxException e =
          assertThrows(DuovoxException.class, () -> encoder.encode(noise(64), List.of("outer")));
      assertTrue(e.getMessage().contains("[1, 3, 1, 15]"), e.getMessage());
      assertEquals(DuovoxException.Kind.BAD_CONFIG, e.kind());
    }
  }

  @Test
  void aGraphThatKeepsItsFixedAxisFailsWithTheModelsName() {
    try (OnnxEncoder encoder = encoder(TinyOnnx.config("", TinyOnnx.OUTER_LAYER))) {
      DuovoxException e =
          assertThrows(DuovoxException.class, () -> encoder.encode(noise(70), List.of("outer")));
      assertTrue(e.getMessage().contains("tiny.onnx"), e.getMessage());
    }
  }

  @Test
  void configsThatContradictThemselvesAreRefused() {
    String good = TinyOnnx.freed(TinyOnnx.OUTER_LAYER);
    assertFails(good.replace("\"layer\": \"outer\"", "\"layer\": \"a/b\""), "without '/'");
    assertFails(good.replace("tiny.onnx", "../tiny.onnx"), "leaves the folder");
    assertFails(good.replace("16000", "8000"), "sample_rate");
    assertFails(good.replace("\"width\"", "\"widht\""), "widht");
    assertFails(good.replace("[1, 1, -1]", "[1, 2, -1]"), "values per step");
    assertFails(TinyOnnx.segmented(11, TinyOnnx.OUTER_LAYER), "at least 12");
    assertFails(TinyOnnx.freed(TinyOnnx.OUTER_LAYER, TinyOnnx.OUTER_LAYER), "twice");
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Files.writeString(folder.resolve("tiny.onnx"), "not a model");
    assertFails(TinyOnnx.freed(TinyOnnx.OUTER_LAYER), "no ONNX model");
    Files.write(folder.resolve("tiny.onnx"), new byte[0]);
    assertFails(TinyOnnx.freed(TinyOnnx.OUTER_LAYER), "no ONNX model");
  }

  @Test
  void theSumChangesWithTheSettings() {
    try (OnnxEncoder one = encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER));
        OnnxEncoder same = encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER));
        OnnxEncoder other =
            encoder(TinyOnnx.freed(TinyOnnx.OUTER_LAYER).replace("-0.5", "-0.25"))) {
      assertEquals(one.weightsSha256(), same.weightsSha256());
      assertTrue(!one.weightsSha256().equals(other.weightsSha256()));
    }
  }

  private void assertFails(String config, String... texts) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> encoder(config).close());
    for (String text : texts) {
      assertTrue(e.getMessage().contains(text), e.getMessage());
    }
  }
}
