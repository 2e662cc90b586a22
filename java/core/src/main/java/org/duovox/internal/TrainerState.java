package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_parameter_info;

/// The state of a trainer in the native library (moments, progress, meters, loss scale) as named
/// tensors. Belongs to its trainer and lives as long.
public final class TrainerState {
  /// Element types of a state, in the order of `duovox_dtype`.
  public enum Type {
    F32(4),
    F64(8),
    I64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /// Bytes of an element.
    public int bytes() {
      return bytes;
    }
  }

  /// One named tensor of the state.
  public record Tensor(int index, String name, Type type, long[] shape, long elements) {
    /// Bytes of all its elements.
    public long bytes() {
      return elements * type.bytes();
    }
  }

  private final MemorySegment trainer;

  TrainerState(MemorySegment trainer) {
    this.trainer = trainer;
  }

  /// Names and shapes, in a fixed order.
  public List<Tensor> tensors() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      Native.check(Duovox.duovox_trainer_tensors(trainer, count));
      MemorySegment info = duovox_parameter_info.allocate(arena);
      List<Tensor> all = new ArrayList<>();
      for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
        Native.check(Duovox.duovox_trainer_tensor(trainer, i, info));
        all.add(describe(i, info));
      }
      return List.copyOf(all);
    }
  }

  /// Elements of a tensor, row-major in the machine's byte order; waits for the device.
  public ByteBuffer read(Tensor tensor) {
    ByteBuffer out = ByteBuffer.allocateDirect(size(tensor)).order(ByteOrder.nativeOrder());
    Native.check(
        Duovox.duovox_trainer_read(
            trainer, tensor.index(), MemorySegment.ofBuffer(out), tensor.bytes()));
    return out;
  }

  /// Replaces a tensor by the remaining bytes of a buffer.
  public void write(Tensor tensor, ByteBuffer bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(Math.max(1, bytes.remaining()), Long.BYTES);
      in.copyFrom(MemorySegment.ofBuffer(bytes));
      Native.check(
          Duovox.duovox_trainer_write(trainer, tensor.index(), in, (long) bytes.remaining()));
    }
  }

  private static int size(Tensor tensor) {
    if (tensor.bytes() > Integer.MAX_VALUE - Long.BYTES) {
      throw DuovoxException.unavailable(
          "the tensor %s of the trainer has %d bytes, more than one buffer holds"
              .formatted(tensor.name(), tensor.bytes()));
    }
    return (int) tensor.bytes();
  }

  private static Tensor describe(int index, MemorySegment info) {
    long[] shape = new long[duovox_parameter_info.rank(info)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = duovox_parameter_info.shape(info, i);
    }
    return new Tensor(
        index,
        duovox_parameter_info.name(info).getString(0),
        Type.values()[duovox_parameter_info.dtype(info)],
        shape,
        duovox_parameter_info.elements(info));
  }
}
