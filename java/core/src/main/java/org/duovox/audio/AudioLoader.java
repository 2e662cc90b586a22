package org.duovox.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;

/// Reads any audio file as mono at 16 kHz: chooses a decoder, checks, down-mixes by the mean,
/// resamples.
///
/// Refused with a message that names the file: missing ([DuovoxException.Kind#MISSING_INPUT]), and
/// with [DuovoxException.Kind#BAD_DATA] empty, truncated, not audio, fewer than 2 samples, NaN or
/// infinite samples, longer than the limit (4 hours unless told otherwise). Safe for use by several
/// threads.
public final class AudioLoader {
  /// The rate of all audio that Duovox works on, in Hz.
  public static final int SAMPLE_RATE = 16_000;

  /// Longer files are refused unless told otherwise.
  public static final Duration LIMIT = Duration.ofHours(4);

  private static final int HEAD = 4096;

  private final List<AudioDecoder> decoders;
  private final Duration limit;

  /// A loader that asks the decoders in their order.
  public AudioLoader(List<AudioDecoder> decoders) {
    this(decoders, LIMIT);
  }

  public AudioLoader(List<AudioDecoder> decoders, Duration limit) {
    this.decoders = List.copyOf(decoders);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /// WAV through the JDK, FLAC in Java, everything else through FFmpeg, which is looked for when it
  /// is first needed.
  public static AudioLoader standard() {
    return standard(LIMIT);
  }

  /// The standard loader with another limit on the length of a file.
  public static AudioLoader standard(Duration limit) {
    return new AudioLoader(
        List.of(new JavaSoundDecoder(), new FlacDecoder(), new FfmpegDecoder()), limit);
  }

  /// Reads one file.
  public Audio load(Path file) {
    return decode(file, null);
  }

  /// Reads one file piece by piece. What the sink throws ends the reading and is thrown on; a fault
  /// of the file may show after most of it was sent.
  public void stream(Path file, MonoSink sink) {
    decode(file, Objects.requireNonNull(sink, "sink"));
  }

  private Audio decode(Path file, MonoSink sink) {
    byte[] head = head(file);
    for (AudioDecoder decoder : decoders) {
      if (decoder.accepts(file, head)) {
        MonoCollector collector = new MonoCollector(file, SAMPLE_RATE, limit, sink);
        decoder.decode(file, head, collector);
        return collector.finish();
      }
    }
    throw DuovoxException.badData(
        file + ": no decoder takes this kind of file. Convert it to WAV or FLAC");
  }

  private static byte[] head(Path file) {
    if (!Files.exists(file)) {
      throw DuovoxException.missing("no such audio file: " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.badData(file + ": is not a file. Name an audio file");
    }
    FileKind.require(file, "an audio file", FileKind.AUDIO);
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] head = stream.readNBytes(HEAD);
      if (head.length == 0) {
        throw DuovoxException.badData(file + ": is empty (0 bytes). Remove it or fetch it again");
      }
      return head;
    } catch (AccessDeniedException e) {
      throw DuovoxException.missing("cannot read " + file + ": " + DuovoxException.reason(e));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }
}
