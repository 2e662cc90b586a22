package org.duovox.audio;

/// Takes decoded audio as it comes, so that no decoder holds a whole file.
public interface SampleSink {

  /// Called once, before any frame, with what the file's header says; an impossible value is
  /// refused here.
  void format(int sampleRate, int channels);

  /// Takes interleaved samples, `frames * channels` of them, full scale at 1.
  void frames(float[] interleaved, int frames);
}
