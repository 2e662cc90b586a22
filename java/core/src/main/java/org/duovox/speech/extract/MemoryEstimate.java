package org.duovox.speech.extract;

import java.util.List;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;

/// Guesses what an utterance takes in memory, audio and frames, from the size of its file.
///
/// @param bytesPerSecond of audio
record MemoryEstimate(double bytesPerSecond) {
  /// Of a compressed file of speech at 16 kHz; a guess at the small side guesses much memory.
  private static final double FILE_BYTES_PER_SECOND = 16_000;

  static MemoryEstimate of(List<Layer> layers) {
    double frames =
        layers.stream().mapToDouble(l -> l.width() * Float.BYTES * 1000 / l.intervalMs()).sum();
    return new MemoryEstimate(Encoder.SAMPLE_RATE * Float.BYTES + frames);
  }

  long bytes(Utterance utterance) {
    double whole = utterance.audio().toFile().length() / FILE_BYTES_PER_SECOND;
    double seconds =
        utterance.excerpt().duration().map(d -> Math.min(whole, d.doubleValue())).orElse(whole);
    return (long) (seconds * bytesPerSecond);
  }
}
