package org.duovox.audio.manifest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// The part of an audio file that an utterance is; times are decimal, so that no binary rounding
/// moves a sample.
///
/// The excerpt begins at sample round(offset x rate) and has round(duration x rate) samples, halves
/// up, in the file's own rate: it is cut out first and resampled by itself, as if it were a file of
/// its own. Without an offset, `duration` is what a manifest says of a whole file: the file is read
/// to its end when that comes no later than the digits of `duration` can tell, at most 50 ms, and
/// no more than 100 ms too early.
///
/// @param offset seconds from the beginning of the file; empty: from the beginning
/// @param duration seconds, above 0; empty: to the end
/// @param channel the one to read, from 0; empty: the mean of all
/// @param rate of the file, as the manifest states it; 0: it does not
/// @param channels of the file, as the manifest states it; 0: it does not
public record Excerpt(
    Optional<BigDecimal> offset,
    Optional<BigDecimal> duration,
    OptionalInt channel,
    int rate,
    int channels) {
  /// All of a file.
  public static final Excerpt WHOLE =
      new Excerpt(Optional.empty(), Optional.empty(), OptionalInt.empty(), 0, 0);

  private static final BigDecimal MOST_SLACK = new BigDecimal("0.05");
  private static final BigDecimal MOST_LACK = new BigDecimal("0.1");
  private static final BigDecimal HALF = new BigDecimal("0.5");

  public Excerpt {
    Objects.requireNonNull(offset, "offset");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(channel, "channel");
  }

  /// Whether it is a file from beginning to end, whatever the file is.
  public boolean isWhole() {
    return equals(WHOLE);
  }

  /// Where it begins, in samples of the file.
  public long begin(int sampleRate) {
    return offset.map(seconds -> samples(seconds, sampleRate)).orElse(0L);
  }

  /// Where it ends, in samples of the file; the largest number when that is the file's end.
  public long end(int sampleRate) {
    return duration
        .map(seconds -> begin(sampleRate) + samples(seconds, sampleRate))
        .orElse(Long.MAX_VALUE);
  }

  /// How far a file's end may lie from [#end] and still be meant by it, in samples.
  public long slack(int sampleRate) {
    return samples(duration.map(Excerpt::precision).orElse(BigDecimal.ZERO), sampleRate) + 1;
  }

  /// How much earlier a file may end than [#end], in samples: decoders differ in what they leave
  /// out at the borders of compressed files, so that the stated length of a whole file is not
  /// exact.
  public long lack(int sampleRate) {
    return Math.max(slack(sampleRate), offset.isEmpty() ? samples(MOST_LACK, sampleRate) : 0);
  }

  /// Half a unit of the last digit, at most 50 ms.
  private static BigDecimal precision(BigDecimal seconds) {
    return HALF.scaleByPowerOfTen(-Math.max(0, seconds.scale())).min(MOST_SLACK);
  }

  private static long samples(BigDecimal seconds, int sampleRate) {
    return seconds
        .multiply(BigDecimal.valueOf(sampleRate))
        .setScale(0, RoundingMode.HALF_UP)
        .longValue();
  }

  /// What makes the ids of several excerpts of one file differ: `@0.5-1.75`, `@0.5` to the end,
  /// `@ch1`; "" for a whole file.
  String suffix() {
    StringBuilder text = new StringBuilder();
    offset.ifPresent(begin -> {
      text.append('@').append(plain(begin));
      duration.ifPresent(length -> text.append('-').append(plain(begin.add(length))));
    });
    channel.ifPresent(number -> text.append("@ch").append(number));
    return text.toString();
  }

  private static String plain(BigDecimal seconds) {
    return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
  }

  /// In words, behind the name of the file: " from 0.5 s to 1.75 s"; "" for a whole file.
  public String describe() {
    StringBuilder text = new StringBuilder();
    if (offset.isPresent() || duration.isPresent()) {
      BigDecimal begin = offset.orElse(BigDecimal.ZERO);
      text.append(" from ").append(plain(begin)).append(" s to ");
      text.append(duration.map(length -> plain(begin.add(length)) + " s").orElse("its end"));
    }
    channel.ifPresent(number -> text.append(" channel ").append(number));
    return text.toString();
  }
}
