package org.duovox.audio.decode;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.testing.LogCapture;
import org.duovox.testing.Shared;
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

  private static final int SUM = 26;
  private static final int FRAME_BYTES = 23;

  @TempDir Path folder;
  private final AudioLoader flac = new AudioLoader(List.of(new FlacDecoder()));

  private Path tiny() throws IOException {
    return Files.write(folder.resolve("tiny.flac"), HexFormat.of().parseHex(TINY));
  }

  /// The one frame of that file.
  private static byte[] frame() {
    byte[] all = HexFormat.of().parseHex(TINY);
    return Arrays.copyOfRange(all, all.length - FRAME_BYTES, all.length);
  }

  private Path join(String name, byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return Files.write(folder.resolve(name), all.toByteArray());
  }

  /// Encodes a WAV file with FFmpeg, where there is one.
  private Path encode(Path wav, String... options) throws Exception {
    return TestFfmpeg.encode(wav, folder.resolve("made.flac"), options);
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
    Path file = join("twice.flac", good, frame());
    assertEquals(16, flac.load(file).samples().length);
    Path tagged = Files.write(folder.resolve("tag.flac"), Arrays.copyOf(good, good.length + 128));
    assertEquals(8, flac.load(tagged).samples().length);
    assertFails(Kind.BAD_DATA, () -> flac.load(withTotal(9)), "truncated", "promises 9");
  }

  /// The frame twice, under the same number, in a file that promises both.
  @Test
  void framesThatDoNotFollowEachOtherAreTold() throws IOException {
    byte[] bytes = Files.readAllBytes(withTotal(16));
    Arrays.fill(bytes, SUM, SUM + 16, (byte) 0);
    Path file = join("twice.flac", bytes, frame());
    Path good = tiny();
    List<String> told =
        LogCapture.of(
            FlacDecoder.class,
            () -> {
              assertEquals(16, flac.load(file).samples().length);
              flac.load(good);
            });
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
    byte[] bytes = Files.readAllBytes(withTotal(14_401L * 16_000));
    Path file = Files.write(folder.resolve("long.flac"), Arrays.copyOf(bytes, 50_000));
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "long.flac", "longer than 14400 s");
  }

  @Test
  void aLengthThatTheFileCannotHoldIsCalledThat() throws IOException {
    Path file = withTotal(14_401L * 16_000);
    assertFails(
        Kind.BAD_DATA,
        () -> flac.load(file),
        "total.flac",
        "promises 230416000 samples",
        "65 bytes cannot hold");
  }

  @ParameterizedTest
  @ValueSource(longs = {0xF_FFFF_FFFFL, 0xF_FFFF_F000L})
  void aPlaceholderAsLengthIsReadToTheEndWithARemark(long total) throws IOException {
    Path file = withTotal(total);
    List<String> told =
        LogCapture.of(
            LengthWarnings.class, () -> assertEquals(8, flac.load(file).samples().length));
    assertEquals(List.of(file + ": " + LengthWarnings.OPEN_END), told);
    Path cut = Files.write(folder.resolve("cut.flac"), Arrays.copyOf(Files.readAllBytes(file), 60));
    assertFails(Kind.BAD_DATA, () -> flac.load(cut), "truncated", "ends within a frame");
  }

  @Test
  void samplesThatDoNotHaveTheirSumAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(tiny());
    bytes[SUM + 3] ^= 1;
    Path file = Files.write(folder.resolve("sum.flac"), bytes);
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "sum.flac", "damaged", "MD5");
    Path manifest =
        Files.writeString(
            folder.resolve("m.jsonl"),
            "{\"audio\": \"sum.flac\", \"offset\": 0.000125, \"duration\": 0.000375}");
    Utterance part = Manifest.read(manifest).utterances().getFirst();
    assertEquals(6, flac.load(part).samples().length);
    Arrays.fill(bytes, SUM, SUM + 16, (byte) 0);
    Files.write(file, bytes);
    assertEquals(8, flac.load(file).samples().length);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 8, 0xF_FFFF_FFFFL})
  void joinedFilesAreNeverReadInPart(long total) throws IOException {
    byte[] first = Files.readAllBytes(withTotal(total));
    Path file = join("joined.flac", first, Files.readAllBytes(tiny()));
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "joined.flac", "joined into one");
  }

  @Test
  void joinedFilesAreFoundBehindTags() throws IOException {
    byte[] good = Files.readAllBytes(tiny());
    byte[] tag = Arrays.copyOf(TestWav.text("TAG"), 128);
    Path file = join("tagged.flac", good, tag, good, tag);
    assertFails(Kind.BAD_DATA, () -> flac.load(file), "tagged.flac", "joined into one");
    assertEquals(8, flac.load(join("one.flac", good, tag)).samples().length);
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
