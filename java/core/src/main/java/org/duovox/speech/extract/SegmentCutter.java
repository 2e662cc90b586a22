package org.duovox.speech.extract;

import java.util.Arrays;
import java.util.function.Consumer;
import org.duovox.audio.Audio;
import org.duovox.io.Hashes;
import org.duovox.speech.AudioSum;
import org.duovox.speech.features.Segments;

/// Cuts audio that arrives piece by piece into the segments of an utterance. For one thread.
final class SegmentCutter implements Audio.Sink {
  private final Segments segments;
  private final Consumer<Segment> consumer;
  private float[] buffer;
  private int filled;
  private long total;
  private final Hashes.LittleEndian sum = new Hashes.LittleEndian();

  /// A segment's samples, with their context.
  ///
  /// @param last whether the utterance ends here
  @SuppressWarnings("ArrayRecordComponent") // Never compared; copies would cost memory.
  record Segment(float[] samples, boolean last) {}

  SegmentCutter(Segments segments, Consumer<Segment> consumer) {
    this.segments = segments;
    this.consumer = consumer;
    this.buffer = new float[Math.min(segments.enough(), 1 << 20)];
  }

  @Override
  public void samples(float[] samples) {
    total += samples.length;
    sum.add(samples);
    int done = 0;
    while (done < samples.length) {
      int n = Math.min(samples.length - done, segments.enough() - filled);
      if (filled + n > buffer.length) {
        long grown = Math.max(filled + n, buffer.length * 2L);
        buffer = Arrays.copyOf(buffer, (int) Math.min(segments.enough(), grown));
      }
      System.arraycopy(samples, done, buffer, filled, n);
      filled += n;
      done += n;
      if (filled == segments.enough()) {
        emit();
      }
    }
  }

  private void emit() {
    int length = segments.length();
    float[] piece = Arrays.copyOf(buffer, length + segments.context());
    System.arraycopy(buffer, length, buffer, 0, filled - length);
    filled -= length;
    consumer.accept(new Segment(piece, false));
  }

  /// Sends what is left as the last segment and tells what the whole utterance was.
  AudioSum finish() {
    consumer.accept(new Segment(Arrays.copyOf(buffer, filled), true));
    return new AudioSum(total, sum.finish());
  }
}
