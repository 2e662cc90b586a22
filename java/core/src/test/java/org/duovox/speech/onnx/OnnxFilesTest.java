package org.duovox.speech.onnx;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.Frames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ONNX files as strangers write them: weights elsewhere, whole numbers, damage; and what is told
/// about them.
class OnnxFilesTest {
  @TempDir Path root;
  private Path folder;
  private Path file;

  @BeforeEach
  void writeModel() throws IOException {
    folder = Files.createDirectory(root.resolve("model"));
    file = TinyOnnx.write(folder).resolve("tiny.onnx");
  }

  private OnnxEncoder encoder(String... layers) {
    return new OnnxEncoder(folder, OnnxEncoderConfig.parse(TinyOnnx.freed(layers), "t"), 1, 1);
  }

  private static float[] audio() {
    float[] samples = new float[200];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) Math.sin(i);
    }
    return samples;
  }

  private Frames outer() {
    try (OnnxEncoder encoder = encoder(TinyOnnx.OUTER_LAYER)) {
      return encoder.encode(audio(), List.of("outer")).get("outer");
    }
  }

  private String sum() {
    try (OnnxEncoder encoder = encoder(TinyOnnx.OUTER_LAYER)) {
      return encoder.weightsSha256();
    }
  }

  /// Moves the weight w1 into another file, which the model names so.
  private void moveWeight(String location, Path to, long offset, long length) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      if (tensor.getName().equals("w1")) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(8);
        tensor.getFloatDataList().forEach(bytes::putFloat);
        Files.write(to, bytes.array());
        graph.setInitializer(
            i,
            tensor.toBuilder()
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(length))));
      }
    }
    Files.write(file, model.toBuilder().setGraph(graph).build().toByteArray());
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void weightsInAFileBesideTheModelAreRead() throws IOException {
    Frames expected = outer();
    moveWeight("w1.bin", folder.resolve("w1.bin"), 8, 32);
    assertEquals(expected, outer());
    String before = sum();
    byte[] weights = Files.readAllBytes(folder.resolve("w1.bin"));
    weights[20] ^= 1;
    Files.write(folder.resolve("w1.bin"), weights);
    assertNotEquals(before, sum());
  }

  @Test
  void weightsOutsideOfTheFolderAreNeverRead() throws IOException {
    Path outside = root.resolve("outside.bin");
    byte[] model = Files.readAllBytes(file);
    for (String location :
        List.of("../outside.bin", outside.toString(), "", "a/../../outside.bin")) {
      Files.write(file, model);
      moveWeight(location, outside, 8, 32);
      assertFails(Kind.BAD_DATA, this::outer, "weight w1", "not below the model's folder");
    }
    Files.createSymbolicLink(folder.resolve("link.bin"), outside);
    Files.write(file, model);
    moveWeight("link.bin", outside, 8, 32);
    assertFails(Kind.BAD_DATA, this::outer, "not below");
    Files.write(file, model);
    moveWeight("gone.bin", outside, 8, 32);
    assertFails(Kind.MISSING_INPUT, this::outer, "gone.bin");
    Files.write(file, model);
    moveWeight("w1.bin", folder.resolve("w1.bin"), 16, 32);
    assertFails(Kind.BAD_DATA, this::outer, "weight w1", "16 to 48", "which has 40");
  }

  @Test
  void wholeNumbersAreReadAsFloats() throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    AttributeProto to =
        AttributeProto.newBuilder()
            .setName("to")
            .setType(AttributeProto.AttributeType.INT)
            .setI(TensorProto.DataType.INT64.getNumber())
            .build();
    NodeProto cast =
        NodeProto.newBuilder()
            .setOpType("Cast")
            .setName("codes")
            .addInput("inner:0")
            .addOutput("codes:0")
            .addAttribute(to)
            .build();
    GraphProto graph = model.getGraph().toBuilder().addNode(cast).build();
    Files.write(file, model.toBuilder().setGraph(graph).build().toByteArray());
    String codes = TinyOnnx.layer("codes", "codes:0", 2, 2, 4, "0.125", "0", "");
    try (OnnxEncoder encoder = encoder(codes, TinyOnnx.INNER_LAYER)) {
      var result = encoder.encode(audio(), List.of("codes", "inner"));
      float[] inner = result.get("inner").values();
      for (int i = 0; i < inner.length; i++) {
        assertEquals((int) inner[i], result.get("codes").values()[i]);
      }
    }
  }

  @Test
  void aListingTellsInputsTensorsAndReshapes() {
    OnnxListing listing = OnnxListing.of(folder).getFirst();
    assertEquals("[samples float [1, 1, 64]]", listing.inputs().toString());
    assertTrue(listing.tensors().toString().contains("inner:0 float [1, 2, 1, 31]"));
    assertEquals(
        List.of("rows:0", "inner:0", "unused:0", "out"),
        listing.tensors().stream().map(OnnxListing.Value::name).toList());
    assertEquals(List.of("to_rows"), listing.reshapes());
    assertEquals(List.of(listing), OnnxListing.of(file));
  }

  @Test
  void aModelThatIsTooNewOrTakesOtherTypesIsNamed() throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    Files.write(
        file,
        model.toBuilder()
            .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(999))
            .build()
            .toByteArray());
    assertFails(Kind.BAD_CONFIG, this::outer, "tiny.onnx", "999");
    ValueInfoProto.Builder input = model.getGraph().getInput(0).toBuilder();
    input.getTypeBuilder().getTensorTypeBuilder().setElemType(7);
    GraphProto graph = model.getGraph().toBuilder().setInput(0, input).build();
    Files.write(file, model.toBuilder().setGraph(graph).build().toByteArray());
    assertFails(Kind.BAD_CONFIG, this::outer, "input samples takes int64");
  }

  @Test
  void everyPrefixOfAModelIsRefused() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(good, length));
      try {
        outer();
      } catch (org.duovox.DuovoxException e) {
        assertTrue(e.getMessage().contains("tiny.onnx"), e.getMessage());
        continue;
      }
      // What comes last in the file is the number of the operator set, without which it runs.
      assertTrue(length > good.length - 20, "a prefix of " + length + " passed");
    }
  }
}
