package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.duovox.bindings.Duovox;

/// MFCC with deltas by Kaldi's definition, computed by the native library.
public final class NativeMfcc {
  /// Values of a frame: 13 cepstra, their deltas, the deltas of the deltas.
  public static final int WIDTH = 39;

  private NativeMfcc() {}

  /// Returns the features of one utterance at 16 kHz, row-major (frames, 39); empty when it is
  /// shorter than one window of 400 samples.
  public static float[] compute(float[] samples) {
    NativeLibrary.ensureLoaded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment frames = arena.allocate(ValueLayout.JAVA_LONG);
      Native.check(Duovox.duovox_mfcc_frames(samples.length, frames));
      long values = frames.get(ValueLayout.JAVA_LONG, 0) * WIDTH;
      if (values == 0) {
        return new float[0];
      }
      MemorySegment out = Native.floats(arena, values);
      MemorySegment in = Native.copy(arena, samples, samples.length);
      Native.check(Duovox.duovox_mfcc(in, samples.length, out, values));
      return Native.toFloats(out, values);
    }
  }
}
