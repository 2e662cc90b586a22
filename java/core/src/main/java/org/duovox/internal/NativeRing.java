package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch;
import org.duovox.bindings.duovox_ring_config;

/// Batch buffers, called slots, that the native library owns and lends: loader threads fill them,
/// and a call reads them.
///
/// A call checks a slot's integers and copies them, in the same pass, into a staging block without
/// padding (pinned memory where the model is on a GPU). Representations are not copied on the host:
/// the CPU reads them in the slot, and a GPU copies them from the slot, which is pinned for that.
/// The slot may be filled again as soon as the call has returned (docs/adr/0004).
///
/// Its arena is shared because other threads fill its slots. Which thread may touch a slot is the
/// caller's business (`org.duovox.train.data.BatchLoader` passes slots through queues).
public final class NativeRing extends Handle {
  /// The most slots of a ring.
  public static final int MOST_SLOTS = 64;

  /// The buffers of one slot; duovox.h says in `duovox_batch` what they contain. Element (b, t) of
  /// a (B, T) buffer is at b * T + t, whatever the slot has room for.
  public record Slot(
      int index,
      IntBuffer contextual,
      IntBuffer targets,
      IntBuffer phonetic,
      IntBuffer phoneticStart,
      IntBuffer phoneticEnd,
      IntBuffer lengths,
      IntBuffer phoneticLengths,
      IntBuffer labels,
      FloatBuffer representations) {}

  /// Shape of the batch in a slot, or of a part of one: B utterances from `firstRow` on, T
  /// contextual tokens, P phonetic units (0 for a single stream).
  public record Shape(int slot, int firstRow, int rows, int tokens, int phoneticUnits) {
    /// The shape of a whole batch.
    public Shape(int slot, int rows, int tokens, int phoneticUnits) {
      this(slot, 0, rows, tokens, phoneticUnits);
    }

    /// The shape of rows `from` to `from + count - 1` of this one.
    public Shape part(int from, int count) {
      return new Shape(slot, firstRow + from, count, tokens, phoneticUnits);
    }
  }

  private final List<Slot> slots;

  /// A ring of `slots` slots, each with room for at most `rows` utterances, `tokens` = B x T and
  /// `phoneticUnits` = B x P.
  public NativeRing(int slots, int rows, long tokens, long phoneticUnits, Device device) {
    this(slots, rows, tokens, phoneticUnits, 0, device);
  }

  /// The same, with room for contextual representations of `representations` values at every
  /// position; 0: none.
  public NativeRing(
      int slots, int rows, long tokens, long phoneticUnits, int representations, Device device) {
    this(new Room(slots, rows, tokens, phoneticUnits, representations), device);
  }

  private NativeRing(Room room, Device device) {
    super(create(room, device), Arena.ofShared(), Duovox::duovox_ring_destroy);
    this.slots =
        orClose(() -> IntStream.range(0, room.slots()).mapToObj(i -> slot(i, room)).toList());
  }

  /// The members of `duovox_ring_config`, without the device.
  private record Room(int slots, int rows, long tokens, long phoneticUnits, int representations) {}

  /// All slots, by index.
  public List<Slot> slots() {
    return slots;
  }

  private static MemorySegment create(Room room, Device device) {
    return Native.create(arena -> {
      MemorySegment config = duovox_ring_config.allocate(arena);
      duovox_ring_config.slots(config, room.slots());
      duovox_ring_config.rows(config, room.rows());
      duovox_ring_config.tokens(config, room.tokens());
      duovox_ring_config.phonetic_units(config, room.phoneticUnits());
      duovox_ring_config.device(config, device.code());
      duovox_ring_config.representations(config, room.representations());
      return out -> Duovox.duovox_ring_create(config, out);
    });
  }

  private Slot slot(int index, Room room) {
    int rows = room.rows();
    long tokens = room.tokens();
    long units = room.phoneticUnits();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment batch = duovox_batch.allocate(arena);
      Native.check(Duovox.duovox_ring_slot(self(), index, batch));
      return new Slot(
          index,
          ints(duovox_batch.contextual(batch), tokens),
          ints(duovox_batch.targets(batch), tokens),
          ints(duovox_batch.phonetic(batch), units),
          ints(duovox_batch.phonetic_start(batch), units == 0 ? 0 : tokens),
          ints(duovox_batch.phonetic_end(batch), units == 0 ? 0 : tokens),
          ints(duovox_batch.lengths(batch), rows),
          ints(duovox_batch.phonetic_lengths(batch), units == 0 ? 0 : rows),
          ints(duovox_batch.labels(batch), rows),
          floats(duovox_batch.representations(batch), tokens * room.representations()));
    }
  }

  private FloatBuffer floats(MemorySegment pointer, long count) {
    return bytes(pointer, count, Float.BYTES).asFloatBuffer();
  }

  private IntBuffer ints(MemorySegment pointer, long count) {
    return bytes(pointer, count, Integer.BYTES).asIntBuffer();
  }

  private ByteBuffer bytes(MemorySegment pointer, long count, int size) {
    long bytes = Math.multiplyExact(count, (long) size);
    if (bytes > Integer.MAX_VALUE) {
      throw DuovoxException.config(
          ("a batch needs a buffer of %d bytes, more than the %d that one buffer holds:"
                  + " take smaller batches (batch_size)")
              .formatted(bytes, Integer.MAX_VALUE));
    }
    return pointer.reinterpret(bytes, arena(), null).asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
