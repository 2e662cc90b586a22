package org.duovox.audio;

/// Takes the mono audio of a file piece by piece, so that nobody holds a long file.
@FunctionalInterface
public interface MonoSink {

  /// Takes the next samples, at least one; the array is the receiver's to keep.
  void samples(float[] samples);
}
