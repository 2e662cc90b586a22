package org.duovox.audio.decode;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.testing.LogCapture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that FFmpeg decodes and whose headers have a placeholder as length, as those of pipes, are
/// read whole; those that are truncated are refused.
class PipedAudioTest {
  private static final int FRAMES = 24_001;
  private static final int PADDING = 7;

  @TempDir Path folder;
  private final AudioLoader loader = AudioLoader.standard();
  private Path wav;

  @BeforeAll
  static void requireProgram() {
    TestFfmpeg.assume();
  }

  @BeforeEach
  void noise() throws Exception {
    int[] samples = new Random(5).ints(FRAMES, -32768, 32768).toArray();
    wav = TestWav.of(1, 16, 1, 16_000).pcm16(samples).write(folder.resolve("noise.wav"));
  }

  /// What FFmpeg writes into a file, or into a pipe.
  private Path encode(boolean piped, String name, String format, String codec) throws Exception {
    Path to = folder.resolve(name);
    List<String> arguments =
        List.of("-v", "error", "-y", "-i", wav + "", "-f", format, "-c:a", codec);
    List<String> all = new ArrayList<>(arguments);
    all.add(piped ? "-" : to.toString());
    ProcessBuilder builder = FfmpegProgram.get().command(all);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectOutput(
        piped ? ProcessBuilder.Redirect.to(to.toFile()) : ProcessBuilder.Redirect.INHERIT);
    assertEquals(0, builder.start().waitFor());
    return to;
  }

  private List<String> remarks(Path file) {
    return LogCapture.of(LengthWarnings.class, () -> AudioLoader.standard().load(file));
  }

  @ParameterizedTest
  @CsvSource({
    "wav,pcm_alaw",
    "wav,pcm_mulaw",
    "wav,pcm_s64le",
    "wav,adpcm_ms",
    "wav,g722",
    "caf,pcm_s16be",
    "caf,pcm_f32le",
    "caf,pcm_mulaw",
    "w64,pcm_s16le",
    "w64,pcm_s24le",
    "w64,pcm_alaw",
    "aiff,pcm_s16be",
    "aiff,pcm_s24be",
    "aiff,pcm_f32be",
    "aiff,pcm_mulaw",
    "au,pcm_s16be"
  })
  void aPipeGivesTheSamplesOfAFile(String format, String codec) throws Exception {
    Path whole = encode(false, "whole." + format, format, codec);
    Path piped = encode(true, "piped." + format, format, codec);
    float[] expected = loader.load(whole).samples();
    assertTrue(expected.length >= FRAMES - 1, "frames: " + expected.length);
    float[] samples = loader.load(piped).samples();
    // FFmpeg counts the padding of W64 and, in a pipe, that of AIFF as samples of one byte.
    int most = Math.max(expected.length, samples.length);
    assertArrayEquals(Arrays.copyOf(expected, FRAMES - 1), Arrays.copyOf(samples, FRAMES - 1));
    assertTrue(most <= Math.min(expected.length, samples.length) + PADDING, "frames: " + most);
    assertEquals(List.of(), remarks(whole));
    List<String> remarks = remarks(piped);
    assertEquals(1, remarks.size(), remarks.toString());
    assertTrue(remarks.getFirst().startsWith(piped + ": its header does not say"), remarks.get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "wav,0",
    "wav,7ffff000",
    "wav,7fffffff",
    "wav,fffff000",
    "aiff,7f000008",
    "aiff,8",
    "aiff,ffffffff",
    "w64,18",
    "w64,0",
    "w64,ffffffffffffffff"
  })
  void placeholdersOfOtherPrograms(String format, String placeholder) throws Exception {
    String codec = format.equals("aiff") ? "pcm_s16be" : "pcm_alaw";
    Path file = encode(false, "a." + format, format, codec);
    float[] expected = loader.load(file).samples();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Long.parseUnsignedLong(placeholder, 16);
    switch (format) {
      case "wav" -> header.putInt(text.indexOf("data") + 4, (int) size);
      case "aiff" -> {
        header.order(ByteOrder.BIG_ENDIAN).putInt(4, (int) size + 40);
        header.putInt(text.indexOf("SSND") + 4, (int) size);
      }
      default -> header.putLong(text.indexOf("data") + 16, size);
    }
    Files.write(file, bytes);
    float[] samples = loader.load(file).samples();
    // The one byte of padding cannot be told from a sample.
    assertArrayEquals(Arrays.copyOf(expected, FRAMES), Arrays.copyOf(samples, FRAMES));
    assertTrue(samples.length <= expected.length + PADDING, "frames: " + samples.length);
  }

  @ParameterizedTest
  @CsvSource({
    "wav,pcm_alaw",
    "caf,pcm_s16be",
    "w64,pcm_s16le",
    "aiff,pcm_s16be",
    "au,pcm_s16be",
    "matroska,pcm_s16le"
  })
  void aTruncatedFileIsRefusedWhereverItIsCut(String format, String codec) throws Exception {
    byte[] whole = Files.readAllBytes(encode(false, "whole." + format, format, codec));
    Path cut = folder.resolve("cut." + format);
    // Matroska has its index at the end, W64 up to 7 bytes of padding.
    int most = format.equals("matroska") ? whole.length * 9 / 10 : whole.length - 8;
    for (int length : new int[] {whole.length / 2, 4096 * 5 + 58, 4096 * 5, most}) {
      Files.write(cut, Arrays.copyOf(whole, length));
      DuovoxException e = assertFails(Kind.BAD_DATA, () -> loader.load(cut), cut.toString());
      assertTrue(e.getMessage().contains("truncated"), e.getMessage());
    }
  }

  @Test
  void aTruncatedSphereFileIsRefused() throws Exception {
    byte[] header = new byte[1024];
    Arrays.fill(header, (byte) '\n');
    byte[] text =
        TestWav.text(
            "NIST_1A\n   1024\nsample_rate -i 16000\nchannel_count -i 2\nsample_n_bytes -i 2\n"
                + "sample_byte_format -s2 01\nsample_coding -s3 pcm\nsample_count -i 3000\nend_head\n");
    System.arraycopy(text, 0, header, 0, text.length);
    Path file = folder.resolve("a.sph");
    Files.write(file, Arrays.copyOf(header, 1024 + 12_000));
    assertEquals(3000, loader.load(file).samples().length);
    Files.write(file, Arrays.copyOf(header, 1024 + 8192));
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "a.sph", "truncated");
  }

  @Test
  void chunksBehindTheSamplesOfAnEmptyFileAreNoSamples() throws Exception {
    byte[] bytes = new byte[12 + 26 + 16 + 12];
    ByteBuffer aiff = ByteBuffer.wrap(bytes);
    aiff.put(TestWav.text("FORM")).putInt(bytes.length - 8).put(TestWav.text("AIFFCOMM"));
    aiff.putInt(18).putShort((short) 1).putInt(0).putShort((short) 16);
    aiff.putLong(0x400C_FA00_0000_0000L).putShort((short) 0);
    aiff.put(TestWav.text("SSND")).putInt(8).putLong(0);
    aiff.put(TestWav.text("NAME")).putInt(4).put(TestWav.text("take"));
    Path file = Files.write(folder.resolve("e.aiff"), bytes);
    assertFails(Kind.BAD_DATA, () -> loader.load(file), "e.aiff");
  }
}
