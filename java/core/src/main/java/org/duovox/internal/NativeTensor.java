package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.duovox.bindings.duovox_parameter_info;

/// The description of a named tensor in the native library: a parameter or buffer of a model or an
/// encoder, or a part of a trainer's state.
///
/// @param index within its owner
/// @param elements the product of the sizes in `shape`
/// @param trainable false for a buffer (such as a codebook) and for a trainer's state
public record NativeTensor(
    int index, String name, Type type, long[] shape, long elements, boolean trainable) {

  /// The element types, in the order of `duovox_dtype`. Models and encoders have F32 only.
  public enum Type {
    F32(4),
    F64(8),
    I64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /// Bytes of all its elements.
  public long bytes() {
    return elements * type.bytes;
  }

  /// The shape as a list, which can be compared and printed.
  public List<Long> sizes() {
    return Arrays.stream(shape).boxed().toList();
  }

  /// A call that describes the tensor of an index.
  @FunctionalInterface
  interface Describe {
    int call(int index, MemorySegment info);
  }

  /// Returns all tensors of an owner, in its order.
  ///
  /// @param count the call that writes how many there are
  static List<NativeTensor> list(ToIntFunction<MemorySegment> count, Describe describe) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      Native.check(count.applyAsInt(out));
      MemorySegment info = duovox_parameter_info.allocate(arena);
      List<NativeTensor> all = new ArrayList<>();
      for (int i = 0; i < out.get(ValueLayout.JAVA_INT, 0); i++) {
        Native.check(describe.call(i, info));
        all.add(of(i, info));
      }
      return List.copyOf(all);
    }
  }

  private static NativeTensor of(int index, MemorySegment info) {
    long[] shape = new long[duovox_parameter_info.rank(info)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = duovox_parameter_info.shape(info, i);
    }
    return new NativeTensor(
        index,
        duovox_parameter_info.name(info).getString(0),
        Type.values()[duovox_parameter_info.dtype(info)],
        shape,
        duovox_parameter_info.elements(info),
        duovox_parameter_info.trainable(info) != 0);
  }
}
