package org.duovox.audio;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.decode.WavDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WAV files of every kind, without FFmpeg.
class WavLoadingTest {
  private static final float[] VALUES = {0, 0.5f, -0.5f, -1, 0.25f, 0.125f};

  @TempDir Path folder;
  private final AudioLoader loader = new AudioLoader(List.of(new WavDecoder()));

  private float[] load(TestWav wav) throws IOException {
    return loader.load(wav.write(folder.resolve("a.wav"))).samples();
  }

  private void refused(TestWav wav, String... parts) throws IOException {
    Path file = wav.write(folder.resolve("a.wav"));
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "a.wav");
    assertFails(Kind.BAD_DATA, () -> loader.load(file), parts);
  }

  /// The values as samples of a kind, the same in every channel.
  private static byte[] encode(int encoding, int bits, int channels) {
    ByteBuffer out = TestWav.little(VALUES.length * channels * bits / 8);
    for (float value : VALUES) {
      for (int channel = 0; channel < channels; channel++) {
        long whole = (long) (value * (1L << (bits - 1)));
        switch (bits + (encoding == 3 ? 1 : 0)) {
          case 8 -> out.put((byte) (whole + 128));
          case 16 -> out.putShort((short) whole);
          case 24 -> out.put((byte) whole).putShort((short) (whole >> 8));
          case 32 -> out.putInt((int) whole);
          case 33 -> out.putFloat(value);
          default -> out.putDouble(value);
        }
      }
    }
    return out.array();
  }

  @ParameterizedTest
  @CsvSource({
    "1,8,1", "1,16,1", "1,24,1", "1,32,1", "3,32,1", "3,64,1", "1,16,2", "1,24,2", "1,8,8",
    "1,16,8", "1,24,8", "1,32,8", "3,32,8", "3,64,8", "1,16,5", "1,16,32"
  })
  void everySampleTypeAndChannelCount(int encoding, int bits, int channels) throws IOException {
    TestWav wav = TestWav.of(encoding, bits, channels, 16_000);
    wav.data = encode(encoding, bits, channels);
    assertArrayEquals(VALUES, load(wav));
    wav.extensible = true;
    assertArrayEquals(VALUES, load(wav));
  }

  @Test
  void channelsAreAveraged() throws IOException {
    TestWav wav = TestWav.of(1, 16, 2, 16_000).pcm16(16384, 0, -32768, 32767, 100, 102);
    assertArrayEquals(new float[] {0.25f, -0.5f / 32768, 101f / 32768}, load(wav));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 8000, 11025, 22050, 44100, 48000, 96000, 192000})
  void everyRateBecomes16kHz(int rate) throws IOException {
    Audio audio =
        loader.load(TestWav.of(1, 16, 1, rate).pcm16(new int[500]).write(folder.resolve("r.wav")));
    assertEquals(16_000, audio.sampleRate());
    assertEquals((500L * 16_000 + rate - 1) / rate, audio.samples().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 44_100})
  void piecesAreTheWholeInTheSameSamples(int rate) throws IOException {
    int[] values = new Random(5).ints(300_001, -32768, 32768).toArray();
    Path file = TestWav.of(1, 16, 1, rate).pcm16(values).write(folder.resolve("long.wav"));
    float[] whole = loader.load(file).samples();
    float[] streamed = new float[whole.length];
    int[] at = {0, 0};
    loader.stream(
        file,
        piece -> {
          System.arraycopy(piece, 0, streamed, at[0], piece.length);
          at[0] += piece.length;
          at[1]++;
        });
    assertEquals(whole.length, at[0]);
    assertTrue(at[1] > 1, "pieces: " + at[1]);
    assertArrayEquals(whole, streamed);
  }

  @Test
  void oddChunksBeforeTheData() throws IOException {
    TestWav wav = new TestWav().pcm16(1, 2, 3);
    wav.before = new byte[] {'L', 'I', 'S', 'T', 3, 0, 0, 0, 'a', 'b', 'c', 0};
    assertEquals(3, load(wav).length);
  }

  @Test
  void lengthsThatTheFileDoesNotHave() throws IOException {
    TestWav wav = new TestWav().pcm16(new int[1000]);
    wav.dataSize = 2002L;
    refused(wav, "truncated", "promises 1001", "1000 are there");
    wav.dataSize = 0x7000_0000L;
    refused(wav, "truncated");
  }

  @Test
  void everyPrefixOfAFileIsRefused() throws IOException {
    byte[] whole = new TestWav().pcm16(new int[20]).bytes();
    Path file = folder.resolve("cut.wav");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertFails(Kind.BAD_DATA, () -> loader.load(file), "cut.wav");
    }
  }

  @Test
  void tooFewSamples() throws IOException {
    refused(new TestWav(), "no samples");
    refused(new TestWav().pcm16(7), "only 1 sample");
    refused(TestWav.of(1, 16, 8, 16_000).pcm16(new int[8]), "only 1 sample");
    refused(TestWav.of(1, 16, 1, 8_000).pcm16(7), "only 1 sample");
  }

  @Test
  void samplesThatAreNoNumbers() throws IOException {
    TestWav mono = TestWav.of(3, 32, 1, 16_000);
    refused(mono.floats(0, 1, Float.NaN, Float.NaN), "sample 2 of channel 0 is NaN");
    refused(mono.floats(0, Float.NEGATIVE_INFINITY), "sample 1 of channel 0 is -Infinity");
    refused(
        TestWav.of(3, 32, 2, 44_100).floats(0, 0, 0, Float.NaN), "sample 1 of channel 1 is NaN");
    float[] late = new float[20_000];
    late[15_000] = Float.POSITIVE_INFINITY;
    refused(mono.floats(late), "sample 15000 of channel 0");
    assertArrayEquals(new float[] {3, -7}, load(mono.floats(3, -7)));
  }

  @Test
  void headersThatCannotBe() throws IOException {
    int[] silence = new int[64];
    refused(TestWav.of(1, 16, 1, 0).pcm16(silence), "0 samples per second");
    refused(TestWav.of(1, 16, 1, -5).pcm16(silence), "4294967291 samples per second");
    refused(TestWav.of(1, 16, 1, Integer.MAX_VALUE).pcm16(silence), "samples per second");
    refused(TestWav.of(1, 16, 0, 16_000).pcm16(silence), "0 channels");
    refused(TestWav.of(1, 16, 65_535, 16_000).pcm16(silence), "65535 channels");
    TestWav wav = new TestWav().pcm16(silence);
    wav.blockAlign = 0;
    refused(wav, "0 bytes per frame");
    wav.blockAlign = 3;
    refused(wav, "3 bytes per frame");
    TestWav unknown = TestWav.of(2, 4, 1, 16_000).pcm16(silence);
    refused(unknown, "no decoder");
  }

  /// The tail of Ambisonic B-format, and one that some programs misspell, are as good as the usual.
  @ParameterizedTest
  @ValueSource(strings = {"000021 07d3118644c8c1ca000000", "0000000000000000 1000800000aa"})
  void otherTailsOfNumberedSubFormats(String tail) throws IOException {
    TestWav wav = new TestWav().pcm16(1, 2, 3);
    wav.extensible = true;
    wav.guidTail = tail.replace(" ", "");
    assertEquals(3, load(wav).length);
  }

  @Test
  void subFormatsThatAreNotKnownAreRefusedByName() throws IOException {
    TestWav wav = new TestWav().pcm16(1, 2, 3);
    wav.extensible = true;
    wav.encoding = 0xFFFE;
    refused(wav, "EXTENSIBLE", "sub-format 0000fffe-0000-0010-8000-00aa00389b71");
    wav.encoding = 1;
    wav.guidTail = "000034121000800000aa00389b71";
    refused(wav, "EXTENSIBLE", "sub-format 00000001-1234-0010-8000-00aa00389b71");
    wav.extensible = false;
    wav.encoding = 0xFFFE;
    refused(wav, "EXTENSIBLE", "without a sub-format");
  }

  @Test
  void thingsThatAreNoAudio() throws IOException {
    assertFails(Kind.MISSING_INPUT, () -> loader.load(folder.resolve("none.wav")), "none.wav");
    assertFails(Kind.BAD_DATA, () -> loader.load(folder), "is not a file");
    Path empty = Files.write(folder.resolve("empty.wav"), new byte[0]);
    assertFails(Kind.BAD_DATA, () -> loader.load(empty), "empty.wav", "empty (0 bytes)");
    Path text =
        Files.writeString(folder.resolve("text.wav"), "This is no audio at all.\n".repeat(99));
    assertFails(Kind.BAD_DATA, () -> loader.load(text), "text.wav");
  }

  @Test
  void durationIsLimitedByWhatIsDecoded() throws IOException {
    AudioLoader strict = new AudioLoader(List.of(new WavDecoder()), Duration.ofSeconds(1));
    Path fits = new TestWav().pcm16(new int[16_000]).write(folder.resolve("fits.wav"));
    assertEquals(16_000, strict.load(fits).samples().length);
    Path longer = new TestWav().pcm16(new int[16_001]).write(folder.resolve("long.wav"));
    assertFails(Kind.BAD_DATA, () -> strict.load(longer), "long.wav", "longer than 1 s");
  }

  /// Random damage to a header gives the one exception or audio, nothing else.
  @Test
  void randomDamageIsNeverACrash() throws IOException {
    Random random = new Random(11);
    byte[] whole = new TestWav().pcm16(new int[50]).bytes();
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        damaged[random.nextInt(44)] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve("damaged.wav"), damaged);
      try {
        assertTrue(loader.load(file).samples().length > 0);
      } catch (DuovoxException e) {
        assertEquals(Kind.BAD_DATA, e.kind(), e.getMessage());
      }
    }
  }

  @Test
  void writtenFilesAreReadBack() {
    float[] samples = {0, 0.1f, -0.75f, 1, -1, 1.5f};
    Path file = folder.resolve("w.wav");
    WavWriter.writeFloat(file, new Audio(samples, 16_000));
    assertArrayEquals(samples, loader.load(file).samples());
    WavWriter.writePcm16(file, new Audio(samples, 16_000));
    assertArrayEquals(
        new float[] {0, 3277f / 32768, -0.75f, 32767f / 32768, -1, 32767f / 32768},
        loader.load(file).samples());
  }
}
