package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;

/// The input of a graph, whose axes an export may have fixed.
///
/// @param file of the model, for messages
/// @param found the input as the model has it
/// @param input the input as the config has it
/// @param batched whether its first axis counts windows
record OnnxInput(Path file, ValueInfoProto found, OnnxModelConfig.Input input, boolean batched) {

  /// The same input with its time axis free, and its batch axis when windows are batched.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when type or shape are not those of the config
  ValueInfoProto freed() {
    ValueInfoProto.Builder edited = found.toBuilder();
    var type = edited.getTypeBuilder().getTensorTypeBuilder();
    if (type.getElemType() != TensorProto.DataType.FLOAT.getNumber()) {
      throw DuovoxException.config(
          "%s: input %s takes %s; this program feeds float32"
              .formatted(
                  file,
                  input.name(),
                  String.valueOf(TensorProto.DataType.forNumber(type.getElemType()))
                      .toLowerCase(Locale.ROOT)));
    }
    if (!type.hasShape()) {
      return edited.build();
    }
    List<Long> wanted = input.shape();
    List<Dimension> dims = type.getShape().getDimList();
    boolean fits = dims.size() == wanted.size();
    for (int i = 0; fits && i < dims.size(); i++) {
      boolean free = i == input.timeAxis() || (batched && i == 0) || !dims.get(i).hasDimValue();
      fits = free || dims.get(i).getDimValue() == wanted.get(i);
    }
    if (!fits) {
      throw DuovoxException.config(
          "%s: input %s has the shape %s; %s does not fit it"
              .formatted(file, input.name(), dims.stream().map(OnnxInput::size).toList(), wanted));
    }
    free(type.getShapeBuilder().getDimBuilder(input.timeAxis()), "duovox_time");
    if (batched) {
      free(type.getShapeBuilder().getDimBuilder(0), "duovox_batch");
    }
    return edited.build();
  }

  /// Whether the model as it is fixes an axis that the config frees.
  boolean isFixed() {
    List<Dimension> dims = found.getType().getTensorType().getShape().getDimList();
    return !dims.isEmpty()
        && (dims.get(input.timeAxis()).hasDimValue() || (batched && dims.get(0).hasDimValue()));
  }

  private static void free(Dimension.Builder dimension, String name) {
    dimension.clear().setDimParam(name);
  }

  private static String size(Dimension dimension) {
    return dimension.hasDimValue()
        ? Long.toString(dimension.getDimValue())
        : dimension.getDimParam();
  }
}
