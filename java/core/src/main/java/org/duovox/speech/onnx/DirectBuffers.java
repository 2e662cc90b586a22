package org.duovox.speech.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.duovox.io.ArraySize;

/// Native buffers that are used again: freed only by the collector, one per pass would pile up
/// outside of the heap.
///
/// Holds as many as threads use at once. Safe for use by several threads.
final class DirectBuffers {
  private final Deque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

  /// A buffer on loan until it is closed.
  record Loan(DirectBuffers owner, ByteBuffer bytes) implements AutoCloseable {
    /// All of it as floats, position 0, limit at what was asked for.
    FloatBuffer floats() {
      return bytes.asFloatBuffer();
    }

    @Override
    public void close() {
      owner.free.push(bytes);
    }
  }

  /// Room for exactly `floats` values; the content is left over from before.
  Loan take(long floats) {
    int wanted = ArraySize.of("the bytes of a network's input", floats, Float.BYTES);
    ByteBuffer buffer = free.poll();
    if (buffer == null || buffer.capacity() < wanted) {
      // Rounded up, so that slowly rising lengths do not replace it every time.
      int capacity =
          wanted > 1 << 29 ? wanted : Integer.highestOneBit(Math.max(wanted, 512) - 1) * 2;
      buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }
    return new Loan(this, buffer.clear().limit(wanted));
  }
}
