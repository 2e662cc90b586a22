package org.duovox.speech.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The golden values were made with overlapping windows by ONNX Runtime in Python.
class SpeechEmbeddingTest {
  private static final String GOLDEN = "golden/encoders/speech_embedding/";
  private static final List<String> LAYERS =
      List.of("mel", "block1", "block2", "block3", "block4", "embedding");

  /// The model files, from the cache or from `-Dduovox.speech-embedding=DIR`.
  private static Path models() {
    Path folder =
        Path.of(
            System.getProperty("duovox.speech-embedding", SpeechEmbedding.directory().toString()));
    Assumptions.assumeTrue(
        SpeechEmbedding.FILES.stream().allMatch(file -> Files.isRegularFile(folder.resolve(file))),
        () -> "SKIPPED: no model files in " + folder + "; run " + SpeechEmbedding.FETCH);
    return folder;
  }

  @Test
  void equalsTheReference() {
    Path golden = Shared.assume(GOLDEN + "expected.safetensors");
    try (Encoder encoder = SpeechEmbedding.open(models(), 1);
        SafetensorsFile expected = Safetensors.open(golden)) {
      Map<String, Frames> actual = encoder.encode(expected.floats("waveform"), LAYERS);
      for (String layer : LAYERS) {
        assertEquals(expected.require(layer).shape()[0], actual.get(layer).frames(), layer);
        assertArrayEquals(expected.floats(layer), actual.get(layer).values(), 1e-4f, layer);
      }
    }
  }

  @Test
  void longAudioIsCutWithoutATrace() {
    Path golden = Shared.assume(GOLDEN + "expected.safetensors");
    try (Encoder encoder = SpeechEmbedding.open(models(), 1);
        SafetensorsFile expected = Safetensors.open(golden)) {
      float[] once = expected.floats("waveform");
      float[] audio = new float[once.length * 12]; // 48 s: three segments of each model.
      for (int i = 0; i < 12; i++) {
        System.arraycopy(once, 0, audio, i * once.length, once.length);
      }
      Frames whole = encoder.encode(audio, List.of("embedding")).get("embedding");
      float[] tail = Arrays.copyOfRange(audio, 16_000 * 32, audio.length);
      Frames part = encoder.encode(tail, List.of("embedding")).get("embedding");
      // Frames that see nothing of the cut's edge: from 480 ms on.
      for (int k = 6; k < part.frames(); k++) {
        for (int i = 0; i < 96; i++) {
          assertEquals(part.values()[k * 96 + i], whole.values()[(k + 400) * 96 + i], 1e-3f);
        }
      }
    }
  }

  @Test
  void framesAreWhereTheReferenceSaysTheyAre() {
    JsonNode frames = Json.tree(Shared.assume(GOLDEN + "frames.json"));
    for (OnnxModelConfig.Tensor tensor : SpeechEmbedding.config().models().get(1).tensors()) {
      JsonNode expected = frames.get(tensor.layer());
      assertEquals(expected.get("interval_ms").asDouble(), tensor.intervalMs());
      assertEquals(expected.get("offset_ms").asDouble(), tensor.firstKeptMs());
      assertEquals(expected.get("receptive_mel_frames").asInt(), tensor.receptiveField());
      assertEquals(expected.get("width").asInt(), tensor.width());
    }
  }

  @Test
  void missingFilesAreAnsweredWithTheCommand(@TempDir Path empty) {
    DuovoxException e =
        assertThrows(DuovoxException.class, () -> SpeechEmbedding.open(empty, 1).close());
    assertEquals(DuovoxException.Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("./duovox fetch speech-embedding"), e.getMessage());
  }
}
