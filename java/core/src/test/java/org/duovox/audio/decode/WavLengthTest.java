package org.duovox.audio.decode;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.audio.manifest.Excerpt;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the samples of a WAV file end: placeholders of pipes, sizes that wrapped around, chunks
/// behind them; and the byte order of RIFX.
class WavLengthTest {
  private static final byte[] LIST = {'L', 'I', 'S', 'T', 4, 0, 0, 0, 'I', 'N', 'F', 'O'};
  private static final float[] VALUES = {0, 0.5f, -0.5f, -1, 0.25f, 0.125f};

  @TempDir Path folder;
  private final AudioLoader loader =
      new AudioLoader(List.of(new WavDecoder()), Duration.ofHours(200));

  private int samples(TestWav wav, byte... behind) throws IOException {
    byte[] whole = wav.bytes();
    byte[] all = Arrays.copyOf(whole, whole.length + behind.length);
    System.arraycopy(behind, 0, all, whole.length, behind.length);
    return loader.load(Files.write(folder.resolve("a.wav"), all)).samples().length;
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        0x7FFF_F000L,
        0x7FFF_FFFFL,
        0x7FFF_FFFCL,
        0x7FFF_FFDBL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0xFFFF_FFFEL,
        0xFFFF_FFDBL,
        0xFFFF_F000L
      })
  void allSamplesOfAPipeAreRead(long placeholder) throws IOException {
    TestWav wav = new TestWav().pcm16(new int[1000]);
    wav.dataSize = placeholder;
    assertEquals(1000, samples(wav));
    wav = TestWav.of(1, 24, 2, 44_100);
    wav.data = new byte[6 * 4410];
    wav.dataSize = placeholder;
    assertEquals(1600, samples(wav));
  }

  @Test
  void aRecordingThatIsEmptyIsToldSoWithoutAdviceToDelete() throws IOException {
    TestWav wav = new TestWav();
    wav.dataSize = 0L;
    Path file = wav.write(folder.resolve("e.wav"));
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "no samples");
    assertFails(Kind.BAD_DATA, () -> samples(wav, LIST), "no samples");
    wav.dataSize = 0xFFFF_FFFFL;
    wav.write(file);
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "no samples");
  }

  @Test
  void chunksBehindTheSamplesAreNoSamples() throws IOException {
    assertEquals(500, samples(new TestWav().pcm16(new int[500]), LIST));
    TestWav odd = TestWav.of(1, 8, 1, 16_000);
    odd.data = new byte[501];
    assertEquals(501, samples(odd, LIST));
    byte[] padded = new byte[LIST.length + 1];
    System.arraycopy(LIST, 0, padded, 1, LIST.length);
    assertEquals(501, samples(odd, padded));
    assertEquals(500, samples(new TestWav().pcm16(new int[500]), new byte[7]));
  }

  @Test
  void anOddChunkWhoseProgramForgotItsPadding() throws IOException {
    TestWav wav = new TestWav().pcm16(1, 2, 3);
    wav.before = new byte[] {'L', 'I', 'S', 'T', 3, 0, 0, 0, 'a', 'b', 'c'};
    assertEquals(3, samples(wav));
  }

  /// A file with holes: it takes no room on most file systems.
  private Path sparse(String magic, long bytes, long stated, byte... behind) throws IOException {
    TestWav wav = TestWav.of(1, 16, 8, 192_000);
    wav.dataSize = stated;
    byte[] head = wav.bytes();
    System.arraycopy(TestWav.text(magic), 0, head, 0, 4);
    Path file = folder.resolve("long.wav");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(head);
      out.setLength(head.length + bytes);
      out.seek(head.length + bytes);
      out.write(behind);
    }
    return file;
  }

  private long samplesOf(Path file) throws IOException {
    byte[] head = Arrays.copyOf(Files.newInputStream(file).readNBytes(4096), 4096);
    try (var channel = Files.newByteChannel(file)) {
      assertEquals(true, new WavDecoder().accepts(file, head));
      return WavLength.of(file, WavChunks.read(channel), channel).bytes();
    }
  }

  @Test
  void aSizeOf32BitsThatWrappedAroundGivesTheWhole() throws IOException {
    long bytes = (1L << 32) + (33L << 20);
    assertEquals(bytes, samplesOf(sparse("RIFF", bytes, bytes - (1L << 32))));
    assertEquals(bytes, samplesOf(sparse("RIFF", bytes, bytes - (1L << 32), LIST)));
    assertEquals(bytes, samplesOf(sparse("RIFF", bytes, 0)));
    assertEquals(bytes, samplesOf(sparse("RIFF", bytes, 0xFFFF_FFFFL)));
    assertEquals(2 * bytes, samplesOf(sparse("RIFF", 2 * bytes, 2 * bytes - (2L << 32))));
  }

  @Test
  void aLongFileWhoseLengthNothingTellsIsRefused() throws IOException {
    Path file = sparse("RIFF", (1L << 32) + (33L << 20), 12_345_678);
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "long.wav", "4 GiB", "RF64");
    TestWav ulaw = TestWav.of(7, 8, 1, 8000);
    byte[] head = ulaw.bytes();
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.write(head);
      out.setLength((1L << 32) + 100_000);
    }
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "long.wav", "longer than its header");
  }

  @ParameterizedTest
  @CsvSource({"1,8", "1,16", "1,24", "1,32", "3,32", "3,64"})
  void bigEndianFilesAreReadRight(int encoding, int bits) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(VALUES.length * bits / 8).order(ByteOrder.BIG_ENDIAN);
    for (float value : VALUES) {
      long whole = (long) (value * (1L << (bits - 1)));
      switch (bits + (encoding == 3 ? 1 : 0)) {
        case 8 -> data.put((byte) (whole + 128));
        case 16 -> data.putShort((short) whole);
        case 24 -> data.putShort((short) (whole >> 8)).put((byte) whole);
        case 32 -> data.putInt((int) whole);
        case 33 -> data.putFloat(value);
        default -> data.putDouble(value);
      }
    }
    TestWav wav = TestWav.of(encoding, bits, 1, 16_000);
    wav.data = data.array();
    Path file = Files.write(folder.resolve("b.wav"), wav.bigEndian());
    assertArrayEquals(VALUES, loader.load(file).samples());
  }

  @Test
  void aBigEndianFileOfAnotherEncodingIsRefusedByName() throws IOException {
    TestWav wav = TestWav.of(2, 4, 1, 16_000);
    wav.data = new byte[100];
    wav.blockAlign = 50;
    Path file = Files.write(folder.resolve("b.wav"), wav.bigEndian());
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "b.wav", "encoding 2", "RIFX");
  }

  /// RF64: its 64-bit size, or what is there when that is 0, as of a pipe.
  @ParameterizedTest
  @CsvSource({"2000,1000", "0,1000", "-1,1000", "1000,500", "4000,-1"})
  void filesWith64BitSizes(long stated, int expected) throws IOException {
    TestWav wav = new TestWav().pcm16(new int[1000]);
    ByteBuffer chunk = TestWav.little(36).put(TestWav.text("ds64")).putInt(28);
    wav.before = chunk.putLong(-1).putLong(stated).putLong(0).putInt(0).array();
    wav.dataSize = 0xFFFF_FFFFL;
    byte[] bytes = wav.bytes();
    System.arraycopy(TestWav.text("RF64"), 0, bytes, 0, 4);
    Path file = Files.write(folder.resolve("r.wav"), bytes);
    if (expected < 0) {
      assertFails(Kind.BAD_DATA, () -> loader.load(file), "truncated", "promises 2000");
    } else {
      assertEquals(expected, loader.load(file).samples().length);
    }
  }

  @Test
  void sizesOf64BitsBehindTheSamplesAreRefused() throws IOException {
    TestWav wav = new TestWav().pcm16(new int[1000]);
    wav.dataSize = 0xFFFF_FFFFL;
    byte[] bytes = Arrays.copyOf(wav.bytes(), 44 + 2000 + 36);
    System.arraycopy(TestWav.text("RF64"), 0, bytes, 0, 4);
    ByteBuffer.wrap(bytes, 44 + 2000, 36)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(TestWav.text("ds64"))
        .putInt(28)
        .putLong(2072)
        .putLong(2000);
    Path file = Files.write(folder.resolve("late.wav"), bytes);
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "late.wav", "ds64", "before");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, 2000);
    Files.write(file, bytes);
    assertEquals(1000, loader.load(file).samples().length);
  }

  @Test
  void anExcerptOfALongFileIsRead() throws IOException {
    TestWav slow = TestWav.of(1, 16, 1, 1).pcm16(new int[24_000]);
    Excerpt excerpt =
        new Excerpt(
            Optional.of(java.math.BigDecimal.valueOf(20_000)),
            Optional.of(java.math.BigDecimal.TEN),
            OptionalInt.empty(),
            0,
            0);
    Path file = slow.write(folder.resolve("x.wav"));
    AudioLoader standard = new AudioLoader(List.of(new WavDecoder()));
    Utterance utterance = new Utterance("x", file, OptionalLong.empty(), Map.of(), excerpt, "");
    assertEquals(160_000, standard.load(utterance).samples().length);
  }

  @Test
  void samplesInASecondDataChunkAreNeverLeftOutSilently() throws IOException {
    byte[] second = {'d', 'a', 't', 'a', 4, 0, 0, 0, 1, 0, 2, 0};
    byte[] empty = {'d', 'a', 't', 'a', 0, 0, 0, 0};
    byte[] both = new byte[LIST.length + second.length];
    System.arraycopy(LIST, 0, both, 0, LIST.length);
    System.arraycopy(second, 0, both, LIST.length, second.length);
    TestWav wav = new TestWav().pcm16(new int[500]);
    assertFails(Kind.BAD_DATA, () -> samples(wav, second), "a.wav", "more than one data chunk");
    assertFails(Kind.BAD_DATA, () -> samples(wav, both), "a.wav", "more than one data chunk");
    assertEquals(500, samples(wav, empty));
  }
}
