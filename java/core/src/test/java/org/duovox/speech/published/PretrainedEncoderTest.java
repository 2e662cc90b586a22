package org.duovox.speech.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.ReceptiveField;
import org.duovox.speech.TinyCheckpoint;
import org.duovox.speech.encoders.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedEncoderTest {
  private static final List<String> LAYERS =
      List.of(
          "conv",
          "extract_features",
          "codes",
          "hidden_state_0",
          "hidden_state_1",
          "hidden_state_2",
          "last_hidden_state");

  private static float[] tone(int samples) {
    float[] wave = new float[samples];
    for (int i = 0; i < samples; i++) {
      wave[i] = (float) (0.4 * Math.sin(i * 0.07) + 0.1 * Math.sin(i * 0.31 + i * i * 1e-6));
    }
    return wave;
  }

  private static Encoder open(Path folder) {
    return Encoders.open(folder.toString(), 1);
  }

  private static Map<String, Frames> frames(Path folder) {
    try (Encoder encoder = open(folder)) {
      return encoder.encode(tone(3000), LAYERS);
    }
  }

  private static String refusal(Path folder) {
    return assertThrows(DuovoxException.class, () -> open(folder).close()).getMessage();
  }

  @Test
  void layersHaveTheNamesTimesAndLengthsOfTheReference(@TempDir Path folder) throws IOException {
    try (Encoder encoder = open(new TinyCheckpoint().write(folder))) {
      assertEquals(LAYERS, encoder.layers().stream().map(Layer::name).toList());
      assertEquals(
          new Layer("codes", 2, 1.25, 15.0 / 16, ReceptiveField.ofSamples(30)),
          encoder.layer("codes"));
      assertEquals(ReceptiveField.UTTERANCE, encoder.layer("1").receptiveField());
      assertEquals("hidden_state_2", encoder.layer("2").name());
      assertEquals("conv", encoder.layer("conv").name());
      assertEquals("wav2vec2", encoder.name());
      assertEquals("zero mean, unit variance per utterance", encoder.normalization());
      assertEquals("whole", encoder.chunking());
      assertEquals(30, encoder.minimumSamples(List.of("conv")));
      Map<String, Frames> all = encoder.encode(tone(3000), LAYERS);
      LAYERS.forEach(name -> assertEquals(149, all.get(name).frames(), name));
      assertEquals(all.get("hidden_state_2"), all.get("last_hidden_state"));
    }
  }

  @Test
  void codesComeWithTheirVectors(@TempDir Path folder) throws IOException {
    TinyCheckpoint checkpoint = new TinyCheckpoint();
    try (Encoder encoder = open(checkpoint.write(folder))) {
      FeatureCodebook vectors = encoder.codebook("codes").orElseThrow();
      assertEquals(2, vectors.groups());
      assertEquals(5, vectors.codes());
      assertEquals(3, vectors.width());
      assertArrayEquals(checkpoint.values.get("quantizer.codevectors"), vectors.vectors());
      assertTrue(encoder.codebook("hidden_state_1").isEmpty());
      for (float code : encoder.encode(tone(3000), List.of("codes")).get("codes").values()) {
        assertTrue(code == (int) code && code >= 0 && code < 5, () -> "code " + code);
      }
    }
  }

  @Test
  void everySpellingGivesTheSame(@TempDir Path folder) throws IOException {
    Map<String, Frames> expected = frames(new TinyCheckpoint().write(folder.resolve("plain")));
    TinyCheckpoint old = new TinyCheckpoint();
    old.prefix("wav2vec2.");
    TinyCheckpoint renamed = new TinyCheckpoint();
    String conv = "encoder.pos_conv_embed.conv.";
    renamed.rename(conv + "weight_g", conv + "parametrizations.weight.original0");
    renamed.rename(conv + "weight_v", conv + "parametrizations.weight.original1");
    renamed.add("masked_spec_embed", new long[] {8});
    renamed.add("project_q.weight", new long[] {3, 6});
    assertEquals(expected, frames(old.write(folder.resolve("prefixed"))));
    assertEquals(expected, frames(renamed.write(folder.resolve("parametrized"))));
    assertEquals(expected, frames(new TinyCheckpoint().writeSharded(folder.resolve("sharded"))));
  }

  /// Newer versions of transformers write `processor_config.json` alone.
  @Test
  void normalizationIsReadFromEitherFile(@TempDir Path folder) throws IOException {
    Map<String, Frames> expected = frames(new TinyCheckpoint().write(folder.resolve("usual")));
    TinyCheckpoint bare = new TinyCheckpoint();
    bare.preprocessor = null;
    for (String processor :
        List.of(
            "{\"feature_extractor\": {\"do_normalize\": true, \"sampling_rate\": 16000},"
                + " \"processor_class\": \"Wav2Vec2Processor\"}",
            "{\"do_normalize\": true}")) {
      Path nested = bare.write(folder.resolve("nested"));
      Files.writeString(nested.resolve("processor_config.json"), processor);
      assertEquals(expected, frames(nested));
    }
    Path without = bare.write(folder.resolve("without"));
    Files.writeString(
        without.resolve("processor_config.json"), "{\"processor_class\": \"Wav2Vec2Processor\"}");
    assertTrue(refusal(without).contains("do_normalize"), refusal(without));
    Files.writeString(
        without.resolve("processor_config.json"),
        "{\"feature_extractor\": {\"do_normalize\": true, \"sampling_rate\": 8000}}");
    assertTrue(refusal(without).contains("sampling_rate is 8000"), refusal(without));
  }

  @Test
  void bothFilesMustAgreeOnNormalization(@TempDir Path folder) throws IOException {
    Map<String, Frames> expected = frames(new TinyCheckpoint().write(folder.resolve("usual")));
    Path both = new TinyCheckpoint().write(folder.resolve("both"));
    Path processor = both.resolve("processor_config.json");
    Files.writeString(processor, "{\"feature_extractor\": {\"do_normalize\": true}}");
    assertEquals(expected, frames(both));
    Files.writeString(processor, "{\"processor_class\": \"Wav2Vec2Processor\"}");
    assertEquals(expected, frames(both));
    Files.writeString(processor, "{\"feature_extractor\": {\"do_normalize\": false}}");
    assertTrue(refusal(both).contains("different checkpoints"), refusal(both));
  }

  @Test
  void batchedEqualsUnbatched(@TempDir Path folder) throws IOException {
    try (PretrainedEncoder encoder =
        PretrainedEncoder.open(new TinyCheckpoint().write(folder), Chunking.WHOLE, 1, Device.CPU)) {
      List<float[]> batch = List.of(tone(3000), tone(900), tone(2001));
      List<Map<String, Frames>> together = encoder.encodeAll(batch, LAYERS);
      for (int row = 0; row < batch.size(); row++) {
        Map<String, Frames> alone = encoder.encode(batch.get(row), LAYERS);
        for (String layer : LAYERS) {
          assertArrayEquals(
              alone.get(layer).values(), together.get(row).get(layer).values(), 1e-5f, layer);
        }
      }
    }
  }

  @Test
  void normalizationFollowsTheCheckpoint(@TempDir Path folder) throws IOException {
    TinyCheckpoint raw = new TinyCheckpoint();
    raw.preprocessor = "{\"do_normalize\": false}";
    Map<String, Frames> normalized = frames(new TinyCheckpoint().write(folder.resolve("yes")));
    assertNotEquals(normalized, frames(raw.write(folder.resolve("no"))));
    raw.preprocessor = null;
    assertTrue(refusal(raw.write(folder.resolve("absent"))).contains("do_normalize"));
    raw.preprocessor = "{\"sampling_rate\": 16000}";
    assertTrue(refusal(raw.write(folder.resolve("silent"))).contains("lacks do_normalize"));
    raw.preprocessor = "{\"do_normalize\": true, \"sampling_rate\": 8000}";
    assertTrue(refusal(raw.write(folder.resolve("rate"))).contains("sampling_rate is 8000"));
  }

  @Test
  void tensorsThatDoNotFitAreListed(@TempDir Path folder) throws IOException {
    TinyCheckpoint wrong = new TinyCheckpoint();
    wrong.rename("encoder.layers.1.layer_norm.bias", "encoder.layers.1.layer_norm.beta");
    wrong.add("encoder.layer_norm.weight", new long[] {7});
    String message = refusal(wrong.write(folder));
    assertTrue(message.contains("missing: encoder.layers.1.layer_norm.bias"), message);
    assertTrue(message.contains("unknown: encoder.layers.1.layer_norm.beta"), message);
    assertTrue(message.contains("encoder.layer_norm.weight is [7], not [8]"), message);
  }

  @Test
  void weightsThatAreNotFiniteAreNamed(@TempDir Path folder) throws IOException {
    TinyCheckpoint broken = new TinyCheckpoint();
    broken.values.get("encoder.layers.0.attention.k_proj.weight")[5] = Float.NaN;
    String message = refusal(broken.write(folder));
    assertTrue(message.contains("encoder.layers.0.attention.k_proj.weight[5] = nan"), message);
    assertTrue(message.startsWith(folder + ": "), message);
    assertFalse(message.contains("duovox_"), message);
  }

  @Test
  void aConfigWithoutNeededKeysNamesThem(@TempDir Path folder) throws IOException {
    TinyCheckpoint checkpoint = new TinyCheckpoint();
    checkpoint.config =
        TinyCheckpoint.CONFIG
            .replace("\"hidden_size\": 8, ", "")
            .replace("\"feat_extract_norm\": \"group\",", "");
    String message = refusal(checkpoint.write(folder));
    assertTrue(message.contains("lacks hidden_size, feat_extract_norm"), message);
  }

  @Test
  void whatIsNotComputedIsRefused(@TempDir Path folder) throws IOException {
    TinyCheckpoint checkpoint = new TinyCheckpoint();
    checkpoint.config = TinyCheckpoint.CONFIG.replace("\"gelu\"", "\"relu\"");
    assertTrue(refusal(checkpoint.write(folder)).contains("computes only gelu"));
    checkpoint.config = TinyCheckpoint.CONFIG.replace("\"wav2vec2\"", "\"whisper\"");
    assertTrue(refusal(checkpoint.write(folder)).contains("model_type is \"whisper\""));
    checkpoint.config = TinyCheckpoint.CONFIG.replace("[5, 2, 2]", "[5, 2]");
    assertTrue(refusal(checkpoint.write(folder)).contains("have 3, 3 and 2 members"));
    checkpoint.config = TinyCheckpoint.CONFIG;
    checkpoint.write(folder);
    String message =
        assertThrows(
                DuovoxException.class,
                () -> Encoders.open(folder.toString(), Chunking.parse("window"), 1).close())
            .getMessage();
    assertTrue(message.contains("chunking window:10240 is for CPC"), message);
  }

  @Test
  void anIndexThatLiesIsRefused(@TempDir Path folder) throws IOException {
    new TinyCheckpoint().writeSharded(folder);
    Path index = folder.resolve("model.safetensors.index.json");
    String text = java.nio.file.Files.readString(index);
    java.nio.file.Files.writeString(index, text.replaceFirst("model-00001", "../model-00001"));
    assertTrue(refusal(folder).contains("is no file beside it"));
    java.nio.file.Files.writeString(index, text.replaceFirst("\"conv", "\"konv"));
    java.nio.file.Files.writeString(
        index, text.replaceFirst("\"encoder.layer_norm.bias\": \"[^\"]*\", ", ""));
    assertTrue(refusal(folder).contains("does not name encoder.layer_norm.bias"));
  }

  @Test
  void tooShortAudioIsToldWithTheLeastLength(@TempDir Path folder) throws IOException {
    try (Encoder encoder = open(new TinyCheckpoint().write(folder))) {
      String message =
          assertThrows(DuovoxException.class, () -> encoder.encode(tone(29), List.of("conv")))
              .getMessage();
      assertTrue(message.contains("needs at least 30"), message);
    }
  }

  @Test
  void chunkingsAreReadAndWritten() {
    assertEquals("window:10240", Chunking.parse("window").toString());
    assertEquals("chunk-carried:32000", Chunking.parse("chunk-carried:32000").toString());
    assertEquals(Chunking.WHOLE, Chunking.parse("whole"));
    assertThrows(DuovoxException.class, () -> Chunking.parse("chunk:many"));
    assertThrows(DuovoxException.class, () -> Chunking.parse("chunk:0"));
    assertThrows(DuovoxException.class, () -> Chunking.parse("pieces"));
  }
}
