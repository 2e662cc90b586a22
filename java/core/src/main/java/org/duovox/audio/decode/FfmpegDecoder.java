package org.duovox.audio.decode;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// Every format that FFmpeg reads (FLAC, Ogg, MP3, MP4, ...), through a child process that pipes
/// float samples.
///
/// A hostile file can kill the child, never the JVM. The child may open this one local file only,
/// or nothing but its input where the sizes in a header had to be mended ([SampleChunk]), and none
/// of the formats that refer to other files (play lists and the like), stops at the first decoding
/// error, and is destroyed when the caller fails, is interrupted, or the time limit passes. It
/// sends a Sun AU stream: of the containers that FFmpeg can write to a pipe, the one whose header
/// (24 bytes: magic, data offset, size, encoding, rate, channels, all big-endian) needs no parser.
public final class FfmpegDecoder implements AudioDecoder {
  private static final String FORMATS =
      "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,eac3,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,"
          + "mpc8,nistsphere,nut,ogg,tak,tta,voc,w64,wav,wv";
  // What FFmpeg says of a Matroska file, and succeeds.
  private static final String CUT_OFF = "File ended prematurely";
  private static final int AU_MAGIC = 0x2E736E64;
  private static final int AU_FLOAT = 6;
  private static final int FRAMES_AT_ONCE = 8192;

  private final Duration limit;
  private final LengthWarnings lengthWarnings = new LengthWarnings();

  /// A decoder that gives a file 10 minutes, some hundred times what hours of audio need.
  public FfmpegDecoder() {
    this(Duration.ofMinutes(10));
  }

  public FfmpegDecoder(Duration limit) {
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /// The program that decodes, unpacked if need be.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when there is none, or it cannot be unpacked
  public static Path program() {
    return FfmpegProgram.get().executable();
  }

  /// Takes anything: FFmpeg itself finds out what the file is.
  @Override
  public boolean accepts(Path file, byte[] head) {
    return true;
  }

  @Override
  public void decode(Path file, byte[] head, Sink sink) {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      byte[] begin = Id3Tag.skip(file, channel, head);
      if (OggEnd.isOgg(begin)) {
        OggEnd.require(file, channel);
      }
      Mp3Header mp3 = Mp3Header.of(begin).orElse(Mp3Header.NONE);
      mp3.requireBytes(file, channel.size());
      Optional<FlacHeader> flac = FlacHeader.of(begin);
      boolean open = flac.map(FlacHeader::isOpen).orElse(false);
      lengthWarnings.add(file, open ? LengthWarnings.OPEN_END : "");
      long frames = decode(file, SampleChunk.find(file, channel, head), sink);
      requireComplete(file, frames, flac.map(FlacHeader::promised).orElse(0L), 0);
      requireComplete(file, frames, mp3.samples(), mp3.slack());
    } catch (IOException e) {
      throw DuovoxException.io("cannot decode " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(Kind.RETRY, "interrupted while decoding " + file, e);
    }
  }

  /// Lets FFmpeg decode and returns the samples per channel that it found.
  private long decode(Path file, Optional<SampleChunk> samples, Sink sink)
      throws IOException, InterruptedException {
    try (ChildProcess child = start(file, samples)) {
      long frames;
      try (DataInputStream stream =
          new DataInputStream(new BufferedInputStream(child.output(), 1 << 16))) {
        frames = copy(stream, sink, child);
      }
      requireSuccess(file, child);
      return frames;
    }
  }

  /// The child with the file itself, or with one whose sizes are mended as its input.
  private ChildProcess start(Path file, Optional<SampleChunk> samples) throws IOException {
    FfmpegProgram program = FfmpegProgram.get();
    boolean open = samples.isPresent() && samples.get().isOpen(file);
    lengthWarnings.add(file, open ? LengthWarnings.OPEN_END : "");
    OptionalLong end = samples.isPresent() ? samples.get().mendedEnd(open) : OptionalLong.empty();
    if (end.isPresent()) {
      return ChildProcess.start(
          program.command(arguments("pipe", "pipe:0")),
          limit,
          samples.get().openMended(file, end.getAsLong()));
    }
    return ChildProcess.start(
        program.command(arguments("file", "file:" + file.toAbsolutePath())), limit);
  }

  /// @param protocol the only one that the child may use
  private static List<String> arguments(String protocol, String input) {
    return List.of(
        "-nostdin",
        "-hide_banner",
        "-v",
        "error",
        "-xerror",
        "-protocol_whitelist",
        protocol,
        "-format_whitelist",
        FORMATS,
        "-err_detect",
        "crccheck+explode",
        "-threads",
        "1",
        "-i",
        input,
        "-map",
        "0:a:0",
        "-map_metadata",
        "-1",
        "-f",
        "au",
        "-c:a",
        "pcm_f32be",
        "pipe:1");
  }

  /// Reads the header and all frames; a stream that ends before its header has no frames.
  private static long copy(DataInputStream stream, Sink sink, ChildProcess child)
      throws IOException, InterruptedException {
    byte[] header = stream.readNBytes(24);
    if (header.length < 24) {
      return 0;
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    if (fields.getInt(0) != AU_MAGIC || fields.getInt(12) != AU_FLOAT) {
      throw new IOException("FFmpeg sent something else than was asked for");
    }
    stream.skipNBytes(fields.getInt(4) - 24);
    int channels = fields.getInt(20);
    sink.format(fields.getInt(16), channels);
    byte[] bytes = new byte[FRAMES_AT_ONCE * channels * Float.BYTES];
    float[] samples = new float[FRAMES_AT_ONCE * channels];
    long frames = 0;
    int n;
    while ((n = stream.readNBytes(bytes, 0, bytes.length)) > 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      int whole = n / (channels * Float.BYTES);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(samples, 0, whole * channels);
      long before = System.nanoTime();
      sink.frames(samples, whole);
      child.allow(System.nanoTime() - before);
      frames += whole;
    }
    return frames;
  }

  private static void requireSuccess(Path file, ChildProcess child)
      throws IOException, InterruptedException {
    int status = child.waitFor();
    if (child.timedOut()) {
      throw DuovoxException.badData(file + ": FFmpeg did not finish in time. Convert it to WAV");
    }
    if (status == 0 && child.errors().contains(CUT_OFF)) {
      throw DuovoxException.badData(file + ": is truncated. Fetch or convert it again");
    }
    if (status != 0) {
      String problem =
          isSignal(status)
              ? "FFmpeg was killed by signal " + (status - 128)
              : "not readable as audio";
      // Addresses differ from run to run; the text goes into files that must not.
      String errors = child.errors().replaceAll(" @ 0x[0-9a-f]+", "");
      String detail = errors.isEmpty() ? "" : " (" + errors + ")";
      throw DuovoxException.badData(
          file
              + ": "
              + problem
              + detail
              + ". Is it an audio file, whole and undamaged? Fetch it again or convert it to WAV");
    }
  }

  /// @param slack so many may be missing
  private static void requireComplete(Path file, long frames, long promised, long slack) {
    if (frames + slack < promised) {
      throw DuovoxException.badData(
          file
              + ": is truncated: its header promises "
              + promised
              + " samples per channel, "
              + frames
              + " are there. Fetch or convert it again");
    }
  }

  /// FFmpeg's own failures are the low byte of a negative error number, far above 128 + 31.
  private static boolean isSignal(int status) {
    return status > 128 && status <= 128 + 31;
  }
}
