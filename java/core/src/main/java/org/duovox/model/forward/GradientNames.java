package org.duovox.model.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.internal.NativeModel;
import org.duovox.io.ArraySize;
import org.duovox.model.PrototypeTensors;
import org.duovox.model.UnitModel;

/// Under which names a model's tensors are given to others: those of the prototype, whose tensors
/// are parts of ours, for a model converted from it; else our own.
final class GradientNames {
  /// A tensor as others know it.
  ///
  /// @param name its name
  /// @param shape its shape
  /// @param first its first value in our tensor
  @SuppressWarnings("ArrayRecordComponent") // Made and used within one loop.
  record Piece(String name, long[] shape, int first) {
    /// Its values out of those of our tensor.
    float[] of(float[] values) {
      int count = ArraySize.of(name, shape);
      return Arrays.copyOfRange(values, first, first + count);
    }
  }

  private final Map<String, List<PrototypeTensors.Part>> parts = new HashMap<>();

  GradientNames(UnitModel model) {
    if (model.card().fromPrototype()) {
      for (PrototypeTensors.Part part : PrototypeTensors.parts(model.config())) {
        parts.computeIfAbsent(part.tensor(), name -> new ArrayList<>()).add(part);
      }
    }
  }

  /// What a tensor is to others, in order.
  List<Piece> pieces(NativeModel.Parameter parameter) {
    List<PrototypeTensors.Part> known = parts.get(parameter.name());
    if (known == null) {
      return List.of(new Piece(parameter.name(), parameter.shape(), 0));
    }
    return known.stream().map(part -> piece(part, parameter)).toList();
  }

  private static Piece piece(PrototypeTensors.Part part, NativeModel.Parameter parameter) {
    long[] shape = parameter.shape().clone();
    long width = parameter.elements() / shape[0];
    if (part.rows() != PrototypeTensors.ALL) {
      shape[0] = part.rows();
    }
    return new Piece(part.name(), shape, ArraySize.of(part.name(), part.first(), width));
  }
}
