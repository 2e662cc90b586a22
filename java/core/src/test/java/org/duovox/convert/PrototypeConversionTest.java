package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.model.Activation;
import org.duovox.model.Interaction;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelFiles;
import org.duovox.testing.Prototype;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dual-channel prototype, on random weights.
class PrototypeConversionTest {
  @TempDir Path folder;

  private final Map<String, long[]> shapes = Prototype.shapes();
  private final Map<String, float[]> values = Prototype.values(shapes, 3);

  private Path target() {
    return folder.resolve("out");
  }

  private Conversion convert() {
    return Checkpoints.convert(
        Prototype.write(folder.resolve("weights.safetensors"), shapes, values), target());
  }

  private float[] ours(String name) {
    try (SafetensorsFile file = Safetensors.open(target().resolve("model.safetensors"))) {
      return file.floats(name);
    }
  }

  @Test
  void theShapeComesFromTheTensors() {
    Conversion conversion = convert();
    assertEquals("WPBERT", conversion.layout());
    assertTrue(conversion.dropped().contains("bert.pooler.dense.weight"), conversion.toString());
    assertTrue(conversion.notes().getFirst().contains("8, as in the prototype"));
    ModelCard card = ModelFiles.card(target());
    ModelConfig expected =
        ModelConfig.preset("charbert")
            .with(draft -> {
              draft.contextualCodes = 5;
              draft.phoneticCodes = 3;
              draft.layers = 2;
              draft.hidden = 8;
              draft.heads = 8;
              draft.feedForward = 12;
              draft.maxPositions = 16;
              draft.phoneticEmbedding = 6;
              draft.headWidth = 16;
              draft.headSpecials = true;
              draft.typeEmbeddings = 1;
            });
    assertEquals(expected, card.model());
    assertEquals(Interaction.SHARED, card.model().interaction());
    assertEquals(Activation.NONE, card.model().interactionActivation());
    assertEquals("weights.safetensors", card.origin().file());
    assertTrue(card.fromPrototype());
  }

  @Test
  void queryKeyAndValueBecomeOneTensor() {
    convert();
    float[] fused = ours("contextual.layer.1.attention.qkv.weight");
    String attention = "bert.encoder.layer.1.attention.self.";
    assertEquals(3 * 64, fused.length);
    assertArrayEquals(values.get(attention + "query.weight"), Arrays.copyOf(fused, 64));
    assertArrayEquals(values.get(attention + "key.weight"), Arrays.copyOfRange(fused, 64, 128));
    assertArrayEquals(values.get(attention + "value.weight"), Arrays.copyOfRange(fused, 128, 192));
    float[] bias = ours("contextual.layer.1.attention.qkv.bias");
    assertArrayEquals(values.get(attention + "key.bias"), Arrays.copyOfRange(bias, 8, 16));
    assertArrayEquals(
        values.get("bert.encoder.fusion_layer_list.0.weight"),
        ours("interaction.shared.convolution.weight"));
  }

  /// 3 codes and PAD of the prototype, PAD as it is, and a row for MASK.
  @Test
  void thePhoneticTableGetsARowForMask() {
    convert();
    float[] theirs = values.get("bert.char_embeddings.char_embeddings.weight");
    float[] table = ours("phonetic.embedding.unit.weight");
    assertArrayEquals(theirs, Arrays.copyOf(table, 24));
    assertArrayEquals(new float[6], Arrays.copyOfRange(table, 24, 30));
  }

  @Test
  void aStateDictionaryOfTorchWithAPrefixUnderAKey() {
    Map<String, long[]> prefixed = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> {
      if (!name.contains("fusion_layer_list.1")) { // Random storages: repeated ones would differ.
        prefixed.put("module." + name, shape);
      }
    });
    byte[] content =
        Checkpoints.of(
            Map.of("state_dict", prefixed),
            new PickleBytes().text("epoch").whole(7),
            new Random(1));
    Conversion conversion =
        Checkpoints.convert(Checkpoints.write(folder, "a.ckpt", content), target());
    assertEquals("WPBERT", conversion.layout());
    assertTrue(conversion.dropped().contains("epoch"), conversion.dropped().toString());
    assertEquals(5, ModelFiles.card(target()).model().contextualCodes());
    byte[] bare = Checkpoints.state(prefixed, new Random(1));
    Checkpoints.convert(Checkpoints.write(folder, "b.bin", bare), folder.resolve("other"));
    assertArrayEquals(
        ours("interaction.shared.convolution.weight"), first(folder.resolve("other")));
  }

  private static float[] first(Path model) {
    try (SafetensorsFile file = Safetensors.open(model.resolve("model.safetensors"))) {
      return file.floats("interaction.shared.convolution.weight");
    }
  }

  @Test
  void fusionLayersThatDifferAreRefusedByName() {
    values.put("bert.encoder.fusion_layer_list.1.bias", new float[8]);
    DuovoxException error = assertFails(Kind.BAD_DATA, this::convert);
    assertTrue(error.getMessage().contains("fusion_layer_list.0.bias"), error.getMessage());
    assertTrue(error.getMessage().contains("fusion_layer_list.1.bias"), error.getMessage());
    assertFalse(Files.exists(target()));
  }

  @Test
  void sharedTensorsMayBeStoredOnce() {
    for (String end : List.of(".weight", ".bias")) {
      shapes.remove("bert.encoder.fusion_layer_list.0" + end);
    }
    convert();
    assertArrayEquals(
        values.get("bert.encoder.fusion_layer_list.1.bias"),
        ours("interaction.shared.convolution.bias"));
  }

  @Test
  void headsAndSettingsComeFromTheConfigurationBeside() {
    Checkpoints.write(
        folder,
        "config.json",
        "{\"heads\": 4, \"layers\": 2, \"layer_norm_eps\": 1e-5, \"hidden_dropout_prob\": 0.3}");
    Conversion conversion = convert();
    assertEquals(List.of(), conversion.notes());
    ModelConfig model = ModelFiles.card(target()).model();
    assertEquals(4, model.heads());
    assertEquals(1e-5, model.layerNormEpsilon());
    assertEquals(0.3, model.dropout());
    assertTrue(refusedWithHeads(2).contains("4 attention heads, --heads 2"));
    Checkpoints.write(folder, "config.json", "{\"num_hidden_layers\": 3}");
    DuovoxException error = assertFails(Kind.BAD_DATA, this::convert);
    assertTrue(error.getMessage().contains("num_hidden_layers 3"), error.getMessage());
  }

  @Test
  void headsMustDivideTheWidth() {
    Prototype.write(folder.resolve("weights.safetensors"), shapes, values);
    assertTrue(refusedWithHeads(3).contains("3 attention heads do not divide"));
    Converter.convert(request(2));
    assertEquals(2, ModelFiles.card(target()).model().heads());
  }

  private String refusedWithHeads(int heads) {
    return assertFails(Kind.BAD_DATA, () -> Converter.convert(request(heads))).getMessage();
  }

  private ConvertRequest request(int heads) {
    return new ConvertRequest(
        folder, target(), false, ConvertRequest.MAX_BYTES, Optional.empty(), OptionalInt.of(heads));
  }

  @Test
  void scoresOfCodesOnly() {
    shapes.put("cls.predictions.decoder", new long[] {5, 16});
    shapes.put("cls.predictions.bias", new long[] {5});
    values.put("cls.predictions.decoder", new float[80]);
    values.put("cls.predictions.bias", new float[5]);
    convert();
    assertEquals(false, ModelFiles.card(target()).model().headSpecials());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    shapes.remove("bert.encoder.char_norm.bias");
    assertTrue(refused().contains("\"bert.encoder.char_norm.bias\""));
    shapes.put("bert.encoder.char_norm.bias", new long[] {8});
    shapes.put("bert.encoder.extra.weight", new long[] {1});
    values.put("bert.encoder.extra.weight", new float[1]);
    assertTrue(refused().contains("bert.encoder.extra.weight"));
    shapes.remove("bert.encoder.extra.weight");
    shapes.put("bert.encoder.layer.1.output.dense.weight", new long[] {12, 8});
    assertTrue(refused().contains("bert.encoder.layer.1.output.dense.weight"));
    shapes.put("bert.encoder.layer.1.output.dense.weight", new long[] {8, 12});
    values.get("cls.predictions.bias")[3] = Float.NaN;
    assertTrue(refused().contains("NaN"));
    assertFalse(Files.exists(target()));
  }

  private String refused() {
    return assertFails(Kind.BAD_DATA, this::convert).getMessage();
  }

  @Test
  void otherSafetensorsAreSafetensorsAlready() {
    Path file =
        Prototype.write(
            folder.resolve("weights.safetensors"),
            Map.of("a", new long[] {1}),
            Map.of("a", new float[1]));
    DuovoxException error = assertFails(Kind.BAD_DATA, () -> Checkpoints.convert(file, target()));
    assertTrue(error.getMessage().contains("is safetensors already"), error.getMessage());
  }
}
