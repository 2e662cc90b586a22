package org.duovox.speech.onnx;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that are newer than the runtime, or ask for operators that it has not.
class OnnxRefusalTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeModel() throws IOException {
    file = TinyOnnx.write(folder).resolve("tiny.onnx");
  }

  /// The model with changes of its head.
  private void rewrite(Consumer<ModelProto.Builder> change) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(model);
    Files.write(file, model.build().toByteArray());
  }

  @Test
  void newerVersionsThanTheRuntimesAreNamed() throws IOException {
    byte[] original = Files.readAllBytes(file);
    rewrite(model -> model.setIrVersion(99));
    String refusal = listingRefusal();
    assertTrue(
        refusal.contains("has the IR version 99, and the newest that this runtime reads is 1"),
        refusal);
    assertFalse(refusal.contains("edits"), refusal);
    OnnxEncoderConfig config =
        OnnxEncoderConfig.parse(TinyOnnx.freed(TinyOnnx.OUTER_LAYER), "test");
    try (OnnxEncoder encoder = new OnnxEncoder(folder, config, 1, 1)) {
      assertFails(
          Kind.BAD_CONFIG,
          () -> encoder.encode(new float[200], List.of("outer")),
          "IR version 99",
          "with the edits of its config");
    }
    Files.write(file, original);
    rewrite(model -> model.setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(999)));
    refusal = listingRefusal();
    assertTrue(refusal.contains("opset 999 of the domain ai.onnx, and the newest"), refusal);
    Files.write(file, original);
    rewrite(model ->
        model.addOpsetImport(
            OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(888)));
    refusal = listingRefusal();
    assertTrue(refusal.contains("opset 888 of the domain ai.onnx.ml"), refusal);
  }

  @Test
  void operatorsThatTheRuntimeHasNotAreNamed() throws IOException {
    byte[] original = Files.readAllBytes(file);
    node(node -> node.setOpType("Whiten").setDomain("com.example"));
    rewrite(model ->
        model.addOpsetImport(
            OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(1)));
    String refusal = listingRefusal();
    assertTrue(refusal.contains("operator Whiten of the domain com.example"), refusal);
    Files.write(file, original);
    node(node -> node.setOpType("Whiten"));
    refusal = listingRefusal();
    assertTrue(refusal.contains("operator Whiten, which the opset 13 of ONNX has not"), refusal);
  }

  /// Changes the node beside the path.
  private void node(Consumer<NodeProto.Builder> change) throws IOException {
    rewrite(model -> change.accept(model.getGraphBuilder().getNodeBuilder(2)));
  }

  private String listingRefusal() {
    return assertThrows(DuovoxException.class, () -> OnnxListing.of(file)).getMessage();
  }
}
