package org.duovox.audio.decode;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.testing.LogCapture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What FFmpeg does not mind in Ogg, MP3, FLAC and W64 files: a missing end, a tag where none
/// belongs, a length or encoding that cannot be.
class CutStreamTest {
  private static final int FRAMES = 48_000;
  private static final byte[] TAG = Arrays.copyOf(TestWav.text("ID3\3\0\0\0\0\0\12"), 20);

  @TempDir Path folder;
  private final AudioLoader loader = AudioLoader.standard();
  private Path wav;

  @BeforeAll
  static void requireProgram() {
    TestFfmpeg.assume();
  }

  @BeforeEach
  void noise() throws Exception {
    int[] samples = new Random(5).ints(FRAMES, -20_000, 20_000).toArray();
    wav = TestWav.of(1, 16, 1, 16_000).pcm16(samples).write(folder.resolve("noise.wav"));
  }

  private byte[] encode(String name, String... options) throws Exception {
    return Files.readAllBytes(TestFfmpeg.encode(wav, folder.resolve(name), options));
  }

  private Path write(String name, byte[]... parts) throws Exception {
    Path file = Files.write(folder.resolve(name), new byte[0]);
    for (byte[] part : parts) {
      Files.write(file, part, StandardOpenOption.APPEND);
    }
    return file;
  }

  private int samples(Path file) {
    return loader.load(file).samples().length;
  }

  /// Where four characters stand.
  private static int[] places(byte[] bytes, String name) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int wanted = ByteBuffer.wrap(TestWav.text(name)).getInt();
    return IntStream.range(0, bytes.length - 3).filter(i -> buffer.getInt(i) == wanted).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"flac", "vorbis", "libopus"})
  void anOggFileIsRefusedWhereverItIsCut(String codec) throws Exception {
    byte[] whole =
        encode("whole.ogg", "-c:a", codec, "-ac", "2", "-strict", "-2", "-page_duration", "300000");
    assertEquals(FRAMES, samples(folder.resolve("whole.ogg")), 1000);
    assertEquals(samples(folder.resolve("whole.ogg")), samples(write("tag.ogg", whole, TAG)));
    int[] pages = places(whole, "OggS");
    int last = pages[pages.length - 1];
    int[] lengths = {whole.length - 1, last + 27, last + 20, last + 2, last, pages[3]};
    for (int length : lengths) {
      Path cut = write("cut.ogg", Arrays.copyOf(whole, length));
      assertFails(Kind.BAD_DATA, () -> loader.load(cut), "cut.ogg", "truncated", "last page");
      Path tagged = write("tagged.ogg", TAG, Arrays.copyOf(whole, length));
      assertFails(Kind.BAD_DATA, () -> loader.load(tagged), "tagged.ogg", "truncated");
    }
  }

  @Test
  void joinedOggFilesAreReadToTheLast() throws Exception {
    byte[] whole = encode("whole.ogg", "-c:a", "flac");
    assertEquals(2 * FRAMES, samples(write("joined.ogg", whole, whole)));
    Path cut = write("cut.ogg", whole, Arrays.copyOf(whole, whole.length / 2));
    assertFails(Kind.BAD_DATA, () -> loader.load(cut), "cut.ogg", "truncated");
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 44_100})
  void anMp3FileIsComparedWithItsHeader(int rate) throws Exception {
    byte[] whole = encode("whole.mp3", "-c:a", "libmp3lame", "-ar", String.valueOf(rate));
    assertEquals(FRAMES, samples(folder.resolve("whole.mp3")));
    byte[] tag = Arrays.copyOf(TestWav.text("TAG"), 128);
    assertEquals(FRAMES, samples(write("tag.mp3", TAG, withoutTag(whole), tag)));
    for (int part = 1; part < 10; part++) {
      Path cut = write("cut.mp3", Arrays.copyOf(whole, whole.length * part / 10));
      assertFails(Kind.BAD_DATA, () -> loader.load(cut), "cut.mp3", "truncated", "bytes of audio");
    }
  }

  @Test
  void anMp3FileThatOnlyCountsItsFramesIsComparedToo() throws Exception {
    byte[] whole = withoutTag(encode("whole.mp3", "-c:a", "libmp3lame"));
    int info = places(whole, "Info")[0];
    ByteBuffer.wrap(whole).putInt(info + 12, 0);
    assertEquals(FRAMES, samples(write("counted.mp3", whole)));
    Path cut = write("cut.mp3", Arrays.copyOf(whole, whole.length * 8 / 10));
    assertFails(Kind.BAD_DATA, () -> loader.load(cut), "cut.mp3", "truncated", "promises 48000");
    ByteBuffer.wrap(whole).putInt(info, 0); // What nothing tells is not noticed.
    assertTrue(samples(write("silent.mp3", Arrays.copyOf(whole, whole.length * 8 / 10))) > 0);
  }

  private static byte[] withoutTag(byte[] mp3) {
    byte[] size = Arrays.copyOfRange(mp3, 6, 10);
    return Arrays.copyOfRange(mp3, 10 + (size[2] << 7) + size[3], mp3.length);
  }

  @Test
  void theHeaderOfFraunhofersEncoder() {
    ByteBuffer frame = ByteBuffer.allocate(400).putInt(0, 0xFFFB_9064);
    frame.put(36, TestWav.text("VBRI")).putInt(46, 5000).putInt(50, 10);
    assertEquals(Optional.of(new Mp3Header(5000, 11_520, 1152)), Mp3Header.of(frame.array()));
    assertEquals(Optional.empty(), Mp3Header.of(new byte[400]));
    assertEquals(Optional.empty(), Mp3Header.of(frame.put(36, (byte) 0).array()));
    assertEquals(Optional.empty(), Mp3Header.of(Arrays.copyOf(frame.array(), 40)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.wav", "a.aiff", "a.caf", "a.au", "a.m4a", "a.wv"})
  void aTagWhereNoneBelongsIsNamed(String name) throws Exception {
    Path tagged = write("tagged-" + name, TAG, encode(name));
    assertFails(Kind.BAD_DATA, () -> loader.load(tagged), "tagged-" + name, "ID3 tag", "Remove");
  }

  @Test
  void aTaggedFlacFileIsComparedWithItsHeader() throws Exception {
    byte[] whole = encode("whole.flac");
    assertEquals(FRAMES, samples(write("tagged.flac", TAG, whole)));
    ByteBuffer header = ByteBuffer.wrap(whole);
    header.putLong(18, header.getLong(18) + 1000);
    Path file = write("cut.flac", TAG, whole);
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "cut.flac", "truncated", "promises 49000");
  }

  @Test
  void aPlaceholderAsLengthOfFlacThatFfmpegDecodes() throws Exception {
    byte[] whole = encode("whole.flac");
    ByteBuffer header = ByteBuffer.wrap(whole);
    header.putLong(18, header.getLong(18) | 0xF_FFFF_FFFFL);
    Path file = write("open.flac", TAG, whole);
    List<String> told =
        LogCapture.of(LengthWarnings.class, () -> assertEquals(FRAMES, samples(file)));
    assertEquals(List.of(file + ": " + LengthWarnings.OPEN_END), told);
  }

  @Test
  void subFormatsOfWavAndW64() throws Exception {
    TestWav alaw = TestWav.of(6, 8, 1, 16_000);
    alaw.data = new byte[1000];
    alaw.extensible = true;
    assertEquals(1000, samples(alaw.write(folder.resolve("alaw.wav"))));
    encode("named.wav", "-c:a", "dfpwm");
    samples(folder.resolve("named.wav"));
    byte[] w64 = encode("a.w64", "-c:a", "pcm_s24le", "-ac", "3");
    float[] expected = loader.load(folder.resolve("a.w64")).samples();
    int format = places(w64, "fmt ")[0] + 24;
    ByteBuffer chunk = ByteBuffer.wrap(w64).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals((short) 0xFFFE, chunk.getShort(format));
    assertArrayEquals(expected, loader.load(write("b.w64", w64)).samples());
    chunk.putShort(format + 24, (short) 0xFFFE);
    Path nested = write("nested.w64", w64);
    assertFails(Kind.BAD_DATA, () -> loader.load(nested), "nested.w64", "sub-format 0000fffe-");
  }
}
