package org.duovox.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.duovox.DuovoxException;
import org.duovox.audio.decode.AudioDecoder;
import org.duovox.audio.decode.FfmpegDecoder;
import org.duovox.audio.decode.FlacDecoder;
import org.duovox.audio.decode.LengthWarnings;
import org.duovox.audio.decode.WavDecoder;
import org.duovox.audio.manifest.Excerpt;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.FileKind;
import org.duovox.io.FolderAccess;

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
  private final LengthWarnings lengthWarnings =
      new LengthWarnings("further files of other lengths than the manifest's are not named");

  /// A loader that asks the decoders in their order.
  public AudioLoader(List<AudioDecoder> decoders) {
    this(decoders, LIMIT);
  }

  public AudioLoader(List<AudioDecoder> decoders, Duration limit) {
    this.decoders = List.copyOf(decoders);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /// WAV and FLAC in Java, everything else through FFmpeg, which is looked for when it is first
  /// needed.
  public static AudioLoader standard() {
    return standard(LIMIT);
  }

  /// The standard loader with another limit on the length of a file.
  public static AudioLoader standard(Duration limit) {
    return new AudioLoader(
        List.of(new WavDecoder(), new FlacDecoder(), new FfmpegDecoder()), limit);
  }

  /// Reads one file.
  public Audio load(Path file) {
    return decode(file, Excerpt.WHOLE, OptionalLong.empty(), null);
  }

  /// Reads an utterance: its excerpt of its file.
  public Audio load(Utterance utterance) {
    utterance.requireUsable();
    return decode(utterance, null);
  }

  /// Reads one file piece by piece. What the sink throws ends the reading and is thrown on; a fault
  /// of the file may show after most of it was sent.
  public void stream(Path file, Audio.Sink sink) {
    decode(file, Excerpt.WHOLE, OptionalLong.empty(), Objects.requireNonNull(sink, "sink"));
  }

  /// Reads an utterance piece by piece.
  public void stream(Utterance utterance, Audio.Sink sink) {
    utterance.requireUsable();
    decode(utterance, Objects.requireNonNull(sink, "sink"));
  }

  private Audio decode(Utterance utterance, Audio.Sink sink) {
    return decode(utterance.audio(), utterance.excerpt(), utterance.samples(), sink);
  }

  private Audio decode(Path file, Excerpt excerpt, OptionalLong samples, Audio.Sink sink) {
    byte[] head = head(file);
    for (AudioDecoder decoder : decoders) {
      if (decoder.accepts(file, head)) {
        String what = file + excerpt.describe();
        MonoCollector collector = new MonoCollector(what, SAMPLE_RATE, limit, sink);
        if (excerpt.isWhole()) {
          decoder.decode(file, head, collector);
        } else {
          cut(decoder, file, head, new ExcerptSink(file.toString(), excerpt, collector));
        }
        Audio audio = collector.finish();
        samples.ifPresent(count -> compare(file, count, collector));
        return audio;
      }
    }
    throw DuovoxException.badData(
        file + ": no decoder takes this kind of file. Convert it to WAV or FLAC");
  }

  private void compare(Path file, long count, MonoCollector read) {
    if (read.isFarFrom(count)) {
      lengthWarnings.add(
          file,
          "has %d samples, the manifest says %d; all of them are read"
              .formatted(read.frames(), count));
    }
  }

  private static void cut(AudioDecoder decoder, Path file, byte[] head, ExcerptSink sink) {
    try {
      decoder.decode(file, head, sink);
    } catch (ExcerptSink.Enough e) {
      return;
    }
    sink.finish();
  }

  private static byte[] head(Path file) {
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
      throw DuovoxException.missing(file + ": is a link to a file that does not exist; fetch it");
    }
    if (!Files.exists(file)) {
      FolderAccess.requireOpen(file);
      throw DuovoxException.missing("no such audio file: " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.badData(
          file + ": is not a file but a folder, pipe or device. Name an audio file");
    }
    FileKind.require(file, "an audio file", FileKind.AUDIO);
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] head = stream.readNBytes(HEAD);
      if (head.length == 0) {
        throw DuovoxException.badData(
            file + ": is empty (0 bytes). Fetch it again, or leave it out");
      }
      return head;
    } catch (AccessDeniedException e) {
      throw DuovoxException.missing("cannot read " + file + ": " + DuovoxException.reason(e));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }
}
