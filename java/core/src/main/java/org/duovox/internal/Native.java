package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.bindings.Duovox;

/// The error convention of the boundary in one place: a status becomes an exception with the
/// library's own words.
final class Native {
  private static final int MOST_VALUES = Integer.MAX_VALUE - Long.BYTES; // Of an array of any JVM.

  private Native() {}

  /// Throws for any status but `DUOVOX_OK`. Call it at once, on the thread that made the call.
  static void check(int status) {
    if (status != Duovox.DUOVOX_OK()) {
      String reason = Duovox.duovox_last_error().reinterpret(Long.MAX_VALUE).getString(0);
      if (status == Duovox.DUOVOX_OUT_OF_MEMORY()) {
        throw new NativeOutOfMemoryException(reason);
      }
      throw new DuovoxException(kind(status), words(status, reason));
    }
  }

  /// What a user can mend is told without the name of the function that found it.
  private static String words(int status, String reason) {
    return kind(status) == Kind.NATIVE ? reason : reason.replaceFirst("^duovox_\\w+: ", "");
  }

  /// The exception kind of a status; an unknown status is a native failure.
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

  /// Creates a native object: `create` writes the new handle through the out-pointer it is given.
  static MemorySegment create(Function<Arena, ToIntFunction<MemorySegment>> create) {
    NativeLibrary.ensureLoaded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      check(create.apply(arena).applyAsInt(out));
      return out.get(ValueLayout.ADDRESS, 0);
    }
  }

  /// A native copy of the first `count` floats, alive as long as the arena.
  static MemorySegment copy(Arena arena, float[] values, long count) {
    MemorySegment segment = arena.allocate(ValueLayout.JAVA_FLOAT, Math.max(count, 1));
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, Math.toIntExact(count));
    return segment;
  }

  /// Room for `count` floats.
  static MemorySegment floats(Arena arena, long count) {
    return arena.allocate(ValueLayout.JAVA_FLOAT, Math.max(count, 1));
  }

  /// The first `count` floats of a segment as a Java array.
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
