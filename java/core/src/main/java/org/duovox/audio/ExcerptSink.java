package org.duovox.audio;

import org.duovox.DuovoxException;
import org.duovox.audio.decode.AudioDecoder;
import org.duovox.audio.manifest.Excerpt;

/// Cuts an excerpt out of decoded frames, at exact samples of the file's own rate, and ends the
/// reading behind it. For one file and one thread.
final class ExcerptSink implements AudioDecoder.Sink {
  private final String file;
  private final Excerpt excerpt;
  private final MonoCollector collector;
  private final FloatArray overhang = new FloatArray();
  private int rate;
  private int channels;
  private int kept;
  private long begin;
  private long end;
  private long position;

  /// Ends a decoder's work when all that is wanted has come.
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /// @param file for messages
  ExcerptSink(String file, Excerpt excerpt, MonoCollector collector) {
    this.file = file;
    this.excerpt = excerpt;
    this.collector = collector;
  }

  @Override
  public void format(int sampleRate, int count) {
    int chosen = excerpt.channel().orElse(0);
    collector.format(sampleRate, excerpt.channel().isPresent() && count > 0 ? 1 : count);
    if (chosen >= count) {
      throw DuovoxException.badData(
          "%s: the manifest says channel %d, but it has %d, counted from 0"
              .formatted(file, chosen, count));
    }
    requireStated("samples per second", excerpt.rate(), sampleRate, AudioLoader.SAMPLE_RATE);
    requireStated("channels", excerpt.channels(), count, count);
    rate = sampleRate;
    channels = count;
    kept = excerpt.channel().isPresent() ? 1 : count;
    begin = excerpt.begin(sampleRate);
    end = excerpt.end(sampleRate);
  }

  /// What a manifest states must be the file's, or what Duovox makes of it.
  private void requireStated(String what, int stated, int actual, int made) {
    if (stated != 0 && stated != actual && stated != made) {
      throw DuovoxException.badData(
          "%s: the manifest says %d %s, but it has %d".formatted(file, stated, what, actual));
    }
  }

  @Override
  public void promised(long frames) {
    collector.promised(Math.max(0, Math.min(end, frames) - begin));
  }

  @Override
  public long firstWanted() {
    return begin;
  }

  @Override
  public void skipped(long frames) {
    position += frames;
  }

  @Override
  public void frames(float[] interleaved, int count) {
    int from = Math.clamp(begin - position, 0, count);
    int to = Math.clamp(end - position, from, count);
    if (to > from) {
      collector.frames(part(interleaved, from, to), to - from);
    }
    if (excerpt.offset().isEmpty() && to < count) {
      hold(interleaved, to, count);
    }
    position += count;
    boolean enough =
        excerpt.offset().isPresent() ? position >= end : position - excerpt.slack(rate) > end;
    if (enough) {
      overhang.drain();
      throw new Enough();
    }
  }

  /// What may be the rest of a file whose length the manifest rounded.
  private void hold(float[] interleaved, int from, int to) {
    float[] part = part(interleaved, from, to);
    overhang.addAll(part, (to - from) * kept);
  }

  private float[] part(float[] interleaved, int from, int to) {
    if (from == 0 && kept == channels) {
      return interleaved;
    }
    float[] part = new float[(to - from) * kept];
    if (kept == channels) {
      System.arraycopy(interleaved, from * channels, part, 0, part.length);
    } else {
      int channel = excerpt.channel().orElseThrow();
      for (int i = from; i < to; i++) {
        part[i - from] = interleaved[i * channels + channel];
      }
    }
    return part;
  }

  /// The file has ended: is all there that was wanted?
  void finish() {
    if (overhang.size() > 0) {
      float[] rest = overhang.drain();
      collector.frames(rest, rest.length / kept);
    }
    boolean beyond = position <= begin && begin > 0;
    boolean cutOff = end < Long.MAX_VALUE && position + excerpt.lack(rate) < end;
    if (beyond || cutOff) {
      throw DuovoxException.badData(
          "%s: ends at %.3f s, before the end of the excerpt%s"
              .formatted(file, position / (double) rate, excerpt.describe()));
    }
  }
}
