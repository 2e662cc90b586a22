package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.bindings.Duovox;

/// The state of a trainer in the native library as named tensors: moments, progress, meters, loss
/// scale. Lives as long as its trainer.
public final class TrainerState {
  private final MemorySegment trainer;

  TrainerState(MemorySegment trainer) {
    this.trainer = trainer;
  }

  /// Describes all tensors of the state, in a fixed order.
  public List<NativeTensor> tensors() {
    return NativeTensor.list(
        count -> Duovox.duovox_trainer_tensors(trainer, count),
        (index, info) -> Duovox.duovox_trainer_tensor(trainer, index, info));
  }

  /// Reads the elements of a tensor, row-major in the machine's byte order; waits for the device.
  public ByteBuffer read(NativeTensor tensor) {
    ByteBuffer out = ByteBuffer.allocateDirect(size(tensor)).order(ByteOrder.nativeOrder());
    Native.check(
        Duovox.duovox_trainer_read(
            trainer, tensor.index(), MemorySegment.ofBuffer(out), tensor.bytes()));
    return out;
  }

  /// Replaces the elements of a tensor by the remaining bytes of a buffer.
  public void write(NativeTensor tensor, ByteBuffer bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(Math.max(1, bytes.remaining()), Long.BYTES);
      in.copyFrom(MemorySegment.ofBuffer(bytes));
      Native.check(
          Duovox.duovox_trainer_write(trainer, tensor.index(), in, (long) bytes.remaining()));
    }
  }

  private static int size(NativeTensor tensor) {
    if (tensor.bytes() > Integer.MAX_VALUE - Long.BYTES) {
      throw DuovoxException.unavailable(
          "the tensor %s of the trainer has %d bytes, more than one buffer holds"
              .formatted(tensor.name(), tensor.bytes()));
    }
    return (int) tensor.bytes();
  }
}
