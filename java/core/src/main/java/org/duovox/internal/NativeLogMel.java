package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_logmel_config;

/// Log-mel features, computed by the native library.
public final class NativeLogMel {
  /// The members of `duovox_logmel_config`: sizes in samples, frequencies in Hz.
  ///
  /// @param floor is added to the mel power before the natural logarithm
  public record Config(
      int sampleRate,
      int window,
      int hop,
      int fft,
      int bands,
      double lowHz,
      double highHz,
      double floor) {

    /// 16 kHz, 25 ms window, 10 ms hop, 512 points, 80 Slaney bands from 20 to 8,000 Hz, floor
    /// 1e-6.
    public static Config defaults() {
      NativeLibrary.ensureLoaded();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment c = duovox_logmel_config.allocate(arena);
        Native.check(Duovox.duovox_logmel_config_init(c));
        return new Config(
            duovox_logmel_config.sample_rate(c),
            duovox_logmel_config.window(c),
            duovox_logmel_config.hop(c),
            duovox_logmel_config.fft(c),
            duovox_logmel_config.bands(c),
            duovox_logmel_config.low_hz(c),
            duovox_logmel_config.high_hz(c),
            duovox_logmel_config.floor(c));
      }
    }

    private MemorySegment toNative(Arena arena) {
      MemorySegment c = duovox_logmel_config.allocate(arena);
      Native.check(Duovox.duovox_logmel_config_init(c));
      duovox_logmel_config.sample_rate(c, sampleRate);
      duovox_logmel_config.window(c, window);
      duovox_logmel_config.hop(c, hop);
      duovox_logmel_config.fft(c, fft);
      duovox_logmel_config.bands(c, bands);
      duovox_logmel_config.low_hz(c, lowHz);
      duovox_logmel_config.high_hz(c, highHz);
      duovox_logmel_config.floor(c, floor);
      return c;
    }
  }

  private NativeLogMel() {}

  /// Returns the features of one utterance, row-major (frames, bands); empty when it is shorter
  /// than one window.
  public static float[] compute(Config config, float[] samples) {
    NativeLibrary.ensureLoaded();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment c = config.toNative(arena);
      MemorySegment frames = arena.allocate(ValueLayout.JAVA_LONG);
      Native.check(Duovox.duovox_logmel_frames(c, samples.length, frames));
      long values = frames.get(ValueLayout.JAVA_LONG, 0) * config.bands();
      if (values == 0) {
        return new float[0];
      }
      MemorySegment out = Native.floats(arena, values);
      Native.check(
          Duovox.duovox_logmel(
              c, Native.copy(arena, samples, samples.length), samples.length, out, values));
      return Native.toFloats(out, values);
    }
  }
}
