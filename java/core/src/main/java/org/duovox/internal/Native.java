package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.bindings.Duovox;

/// The conventions of calls into the native library: a status becomes an exception with the
/// library's own words, and floats are copied in and out.
final class Native {
  private static final int MOST_VALUES =
      Integer.MAX_VALUE - Long.BYTES; // Fits into an array of any JVM.

  private Native() {}

  /// Throws for any status but `DUOVOX_OK`. Call it right after the native call, on the same
  /// thread.
  static void check(int status) {
    if (status != Duovox.DUOVOX_OK()) {
      String reason = Duovox.duovox_last_error().reinterpret(Long.MAX_VALUE).getString(0);
      if (status == Duovox.DUOVOX_OUT_OF_MEMORY()) {
        throw new NativeOutOfMemoryException(reason);
      }
      throw new DuovoxException(kind(status), message(status, reason));
    }
  }

  /// Leaves out the name of the native function where the user can mend the cause.
  private static String message(int status, String reason) {
    return kind(status) == Kind.NATIVE ? reason : reason.replaceFirst("^duovox_\\w+: ", "");
  }

  /// Returns the exception kind of a status; an unknown status is a native failure.
  static Kind kind(int status) {
    if (status == Duovox.DUOVOX_INVALID_ARGUMENT()) {
      return Kind.BAD_DATA;
    }
    if (status == Duovox.DUOVOX_OUT_OF_MEMORY()) {
      return Kind.RETRY;
    }
    if (status == Duovox.DUOVOX_DIVERGED()) {
      return Kind.DIVERGED;
    }
    return status == Duovox.DUOVOX_UNAVAILABLE() ? Kind.UNAVAILABLE : Kind.NATIVE;
  }

  /// Creates a native object and returns its handle. `create` prepares the call in a scratch arena;
  /// the call that it returns writes the handle through an out-pointer.
  static MemorySegment create(Function<Arena, ToIntFunction<MemorySegment>> create) {
    NativeLibrary.ensureLoaded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      check(create.apply(arena).applyAsInt(out));
      return out.get(ValueLayout.ADDRESS, 0);
    }
  }

  /// Returns a native copy of the first `count` floats, alive as long as the arena.
  static MemorySegment copy(Arena arena, float[] values, long count) {
    MemorySegment segment = arena.allocate(ValueLayout.JAVA_FLOAT, Math.max(count, 1));
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, Math.toIntExact(count));
    return segment;
  }

  /// Allocates room for `count` floats.
  static MemorySegment floats(Arena arena, long count) {
    return arena.allocate(ValueLayout.JAVA_FLOAT, Math.max(count, 1));
  }

  /// Returns the first `count` floats of a segment as an array.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when they are more than an array holds
  static float[] toFloats(MemorySegment segment, long count) {
    float[] values = new float[arrayLength(count)];
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
    return values;
  }

  private static int arrayLength(long count) {
    if (count > MOST_VALUES) {
      throw DuovoxException.unavailable(
          "%d values are asked for at once, more than the %d that one array holds: take smaller batches"
              .formatted(count, MOST_VALUES));
    }
    return (int) count;
  }
}
