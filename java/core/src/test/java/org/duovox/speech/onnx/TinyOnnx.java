package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A network as published ones are: fixed time axis, a Reshape constant, two convolutions without
/// padding.
///
/// `samples` (1, 1, 64) -> Reshape `to_rows` (1, 1, 1, 64) -> conv 2 channels, kernel 4, stride 2
/// -> `inner:0` (1, 2, 1, 31) -> conv 3 channels, kernel 3, stride 2 -> `out` (1, 3, 1, 15); a
/// branch `unused:0` hangs beside.
public final class TinyOnnx {
  static final int FIXED = 64;
  public static final String INNER_LAYER = layer("inner", "inner:0", 2, 2, 4, "0.125", "0.125", "");
  public static final String OUTER_LAYER = layer("outer", "out", 3, 4, 8, "0.25", "-0.5", "");

  private TinyOnnx() {}

  /// Writes the model and returns its folder.
  public static Path write(Path folder) throws IOException {
    Files.write(folder.resolve("tiny.onnx"), model().toByteArray());
    return folder;
  }

  static String config(String modelSettings, String... layers) {
    return """
    {"format": "duovox-onnx-encoder", "version": 1, "name": "tiny", "sample_rate": 16000,
     "normalisation": "none", "models": [{"file": "tiny.onnx",
       "input": {"name": "samples", "shape": [1, 1, -1]}, %s
       "tensors": [%s]}]}
    """
        .formatted(modelSettings, String.join(",", layers));
  }

  public static String freed(String... layers) {
    return config("\"reshapes\": {\"to_rows\": [1, 1, 1, -1]},", layers);
  }

  static String segmented(int segment, String... layers) {
    return config(
        "\"segment\": " + segment + ", \"reshapes\": {\"to_rows\": [1, 1, 1, -1]},", layers);
  }

  static String layer(
      String name,
      String tensor,
      int width,
      int stride,
      int field,
      String ms,
      String at,
      String more) {
    return """
    {"layer": "%s", "tensor": "%s", "time_axis": 3, "width": %d, "stride": %d,
     "receptive_field": %d, "interval_ms": %s, "offset_ms": %s%s}
    """
        .formatted(name, tensor, width, stride, field, ms, at, more);
  }

  /// The value of a channel of frame k of `inner`, computed without any runtime.
  static float inner(float[] samples, int frame, int channel) {
    float sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += samples[2 * frame + i] * weight(channel * 4 + i);
    }
    return sum;
  }

  private static float weight(int index) {
    return (float) Math.sin(1 + index);
  }

  private static ModelProto model() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
    graph.addInput(value("samples", 1, 1, FIXED)).addOutput(value("out", 1, 3, 1, 15));
    graph.addValueInfo(value("inner:0", 1, 2, 1, 31));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("rows")
            .setDataType(7)
            .addDims(4)
            .addAllInt64Data(List.of(1L, 1L, 1L, (long) FIXED)));
    graph.addInitializer(weights("w1", 2, 1, 1, 4)).addInitializer(weights("w2", 3, 2, 1, 3));
    graph.addNode(node("Reshape", "to_rows", "rows:0", "samples", "rows"));
    graph.addNode(convolution("first", "inner:0", 4, "rows:0", "w1"));
    graph.addNode(node("Relu", "spare", "unused:0", "inner:0"));
    graph.addNode(convolution("second", "out", 3, "inner:0", "w2"));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build();
  }

  private static NodeProto.Builder node(String type, String name, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(name)
        .addOutput(output)
        .addAllInput(List.of(inputs));
  }

  private static NodeProto.Builder convolution(
      String name, String output, long kernel, String... inputs) {
    return node("Conv", name, output, inputs)
        .addAttribute(ints("kernel_shape", 1, kernel))
        .addAttribute(ints("strides", 1, 2));
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static TensorProto weights(String name, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    long count = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      count *= dim;
    }
    for (int i = 0; i < count; i++) {
      tensor.addFloatData(weight(i));
    }
    return tensor.build();
  }

  private static ValueInfoProto value(String name, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
        .build();
  }
}
