package org.duovox.audio;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlacDecoderTest {
  /// Eight samples at 16 kHz, 16 bits, mono: 1000, -1000, 2000, ... (written by libFLAC, through
  /// libsndfile 1.2).
  private static final String TINY =
      "664c6143800000221000100000001700001703e800f000000008bf887c677d3ac307338a4cec7f86"
          + "00fefff865080007e011204df57cfe9f9aee5dafa1f3802150";

  @TempDir Path folder;
  private final AudioLoader flac = new AudioLoader(List.of(new FlacDecoder()));

  private Path tiny() throws IOException {
    return Files.write(folder.resolve("tiny.flac"), HexFormat.of().parseHex(TINY));
  }

  /// Encodes a WAV file with FFmpeg, where there is one.
  private Path encode(Path wav, String... options) throws Exception {
    try {
      FfmpegProgram.get();
    } catch (DuovoxException e) {
      Assumptions.abort("SKIPPED: " + e.getMessage());
    }
    Path to = folder.resolve("made.flac");
    Stream<String> fixed = Stream.of("-v", "error", "-y", "-i", wav.toString());
    List<String> arguments =
        Stream.of(fixed, Arrays.stream(options), Stream.of(to.toString())).flatMap(s -> s).toList();
    Process process = FfmpegProgram.get().command(arguments).inheritIO().start();
    assertEquals(0, process.waitFor());
    return to;
  }

  @Test
  void aFileOfLibFlac() throws IOException {
    float[] expected = new float[8];
    for (int i = 0; i < 8; i++) {
      expected[i] = (i % 2 == 0 ? 1 : -1) * 1000 * (i / 2 + 1) / 32768f;
    }
    assertArrayEquals(expected, flac.load(tiny()).samples());
  }

  @Test
  void anyChangedByteOfAFrameIsNoticed() throws IOException {
    byte[] good = Files.readAllBytes(tiny());
    int frame = good.length - 23;
    for (int at = frame; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x11;
      Path file = Files.write(folder.resolve("bad.flac"), bad);
      assertFails(Kind.BAD_DATA, () -> flac.load(file), "bad.flac");
    }
    for (int length = 42; length < good.length; length++) {
      Path file = Files.write(folder.resolve("cut.flac"), Arrays.copyOf(good, length));
      assertFails(Kind.BAD_DATA, () -> flac.load(file), "cut.flac", "truncated");
    }
  }

  /// The 36 bits of the length, at the end of eight bytes.
  private Path withTotal(long total) throws IOException {
    byte[] bytes = Files.readAllBytes(tiny());
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putLong(18, (buffer.getLong(18) & ~0xF_FFFF_FFFFL) | total);
    return Files.write(folder.resolve("total.flac"), bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 5, 7, 8})
  void allSamplesAreReadWhateverLengthTheHeaderSays(long total) throws IOException {
    assertEquals(8, flac.load(withTotal(total)).samples().length);
  }

  @Test
  void aWrongLengthHidesNoFrame() throws IOException {
    byte[] good = Files.readAllBytes(withTotal(8));
    byte[] twice = Arrays.copyOf(good, good.length + 23);
    System.arraycopy(good, good.length - 23, twice, good.length, 23);
    Path file = Files.write(folder.resolve("twice.flac"), twice);
    assertEquals(16, flac.load(file).samples().length);
    Path tagged = Files.write(folder.resolve("tag.flac"), Arrays.copyOf(good, good.length + 128));
    assertEquals(8, flac.load(tagged).samples().length);
    assertFails(Kind.BAD_DATA, () -> flac.load(withTotal(9)), "truncated", "promises 9");
  }

  /// The frame twice, under the same number, in a file that promises both.
  @Test
  void framesThatDoNotFollowEachOtherAreTold() throws IOException {
    byte[] good = Files.readAllBytes(withTotal(16));
    byte[] twice = Arrays.copyOf(good, good.length + 23);
    System.arraycopy(good, good.length - 23, twice, good.length, 23);
    Path file = Files.write(folder.resolve("twice.flac"), twice);
    List<String> told = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            told.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(FlacDecoder.class.getName());
    logger.addHandler(handler);
    try {
      assertEquals(16, flac.load(file).samples().length);
      flac.load(tiny());
    } finally {
      logger.removeHandler(handler);
    }
    assertEquals(
        List.of(
            file + ": after 8 samples number 0 follows, not 1: frames are missing or out of order"),
        told);
  }

  @Test
  void aFrameOfAnotherRateThanTheHeaderIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(tiny());
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putLong(18, (buffer.getLong(18) & (1L << 44) - 1) | 8000L << 44);
    Path file = Files.write(folder.resolve("rate.flac"), bytes);
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "another sample rate");
  }

  @Test
  void randomDamageIsNeverACrash() throws IOException {
    byte[] good = Files.readAllBytes(tiny());
    Random random = new Random(9);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        bad[random.nextInt(4, bad.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve("random.flac"), bad);
      try {
        flac.load(file);
      } catch (DuovoxException e) {
        assertTrue(e.getMessage().contains("random.flac"), e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,16,0,NOISE", "1,16,5,TONE", "1,16,12,TONE", "2,16,8,TONE", "2,16,5,NOISE", "1,16,5,SILENCE",
    "8,16,5,TONE", "1,24,8,TONE", "2,24,12,TONE", "2,24,0,NOISE", "1,16,8,COARSE", "2,16,12,LOUD"
  })
  void everyKindOfFrameIsExact(int channels, int depth, int level, String kind) throws Exception {
    Random random = new Random(1);
    int[] samples = new int[20_001 * channels];
    for (int i = 0; i < samples.length; i++) {
      double tone = Math.sin(i / channels * 0.03) * (12_000 + 40.0 * (i % channels));
      samples[i] =
          switch (kind) {
            case "NOISE" -> random.nextInt(-32768, 32768);
            case "SILENCE" -> 0;
            case "COARSE" -> (int) tone / 64 * 64;
            case "LOUD" -> i / channels % 2 == 0 ? 32767 : -32768;
            default -> (int) (tone + random.nextGaussian() * 20);
          };
    }
    Path wav = TestWav.of(1, 16, channels, 16_000).pcm16(samples).write(folder.resolve("a.wav"));
    String format = depth == 24 ? "s32" : "s16";
    Path made = encode(wav, "-sample_fmt", format, "-compression_level", String.valueOf(level));
    float[] expected = new AudioLoader(List.of(new WavDecoder())).load(wav).samples();
    assertArrayEquals(expected, flac.load(made).samples());
  }

  @Test
  void aPromiseAboveTheLimitIsRefusedFirst() throws IOException {
    Path file = withTotal(0xF_FFFF_FFFFL);
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "total.flac", "longer than 14400 s");
  }

  @Test
  void otherFlacsAreLeftToOthers() throws IOException {
    byte[] head = Files.readAllBytes(tiny());
    FlacDecoder decoder = new FlacDecoder();
    assertTrue(decoder.accepts(folder, head));
    head[8 + 12] |= 1; // The top bit of the sample size less one: now 32 bits.
    assertEquals(false, decoder.accepts(folder, head));
    assertEquals(false, decoder.accepts(folder, new byte[] {'f', 'L', 'a', 'C'}));
  }

  @Test
  void realFilesAreAsFfmpegReadsThem() throws Exception {
    Path folder = Shared.assume("data/librispeech");
    encode(TestWav.of(1, 16, 1, 16_000).pcm16(new int[100]).write(this.folder.resolve("x.wav")));
    AudioLoader ffmpeg = new AudioLoader(List.of(new FfmpegDecoder()));
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".flac")).toList();
      assertEquals(6, all.size());
      for (Path file : all) {
        assertArrayEquals(ffmpeg.load(file).samples(), flac.load(file).samples());
      }
    }
  }
}
