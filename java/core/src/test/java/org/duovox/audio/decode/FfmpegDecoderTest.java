package org.duovox.audio.decode;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.audio.manifest.Manifest;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FfmpegDecoderTest {
  @TempDir Path folder;
  private final AudioLoader loader = AudioLoader.standard();

  @BeforeAll
  static void requireProgram() {
    TestFfmpeg.assume();
  }

  private Path encode(Path from, String name, String... options) throws Exception {
    return TestFfmpeg.encode(from, folder.resolve(name), options);
  }

  private Path noise(String name, int channels, int rate, int frames) throws IOException {
    Random random = new Random(5);
    int[] samples = random.ints((long) frames * channels, -32768, 32768).toArray();
    return TestWav.of(1, 16, channels, rate).pcm16(samples).write(folder.resolve(name));
  }

  @Test
  void flacOf16BitsIsExact() throws Exception {
    Path wav = noise("a.wav", 1, 16_000, 40_000);
    assertArrayEquals(loader.load(wav).samples(), loader.load(encode(wav, "a.flac")).samples());
  }

  @Test
  void flacOfEightChannelsAndAnotherRateIsExact() throws Exception {
    Path wav = noise("b.wav", 8, 44_100, 30_000);
    float[] expected = loader.load(wav).samples();
    assertEquals((30_000L * 160 + 440) / 441, expected.length);
    assertArrayEquals(expected, loader.load(encode(wav, "b.flac")).samples());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c.ogg", "c.mp3", "c.m4a", "c.aiff", "c.au", "c.caf", "c.w64", "c.mka", "c.opus"})
  void otherFormatsAreRead(String name) throws Exception {
    Path wav = noise("c.wav", 1, 48_000, 48_000);
    Path other;
    try {
      other = encode(wav, name);
    } catch (AssertionError e) {
      Assumptions.abort("SKIPPED: this FFmpeg has no encoder for " + name);
      return;
    }
    assertEquals(1.0, loader.load(other).seconds(), 0.1);
  }

  @Test
  void wavEncodingsThatTheJdkDoesNotRead() throws Exception {
    Path wav = noise("d.wav", 1, 16_000, 16_000);
    assertEquals(
        16_000, loader.load(encode(wav, "ulaw.wav", "-c:a", "pcm_mulaw")).samples().length);
    assertTrue(
        loader.load(encode(wav, "adpcm.wav", "-c:a", "adpcm_ms")).samples().length >= 16_000);
  }

  @Test
  void strangeFileNames() throws Exception {
    Path wav = noise("e.wav", 1, 16_000, 1000);
    Path flac = encode(wav, "e.flac");
    for (String name : List.of("-i.flac", "a:b%d'\" \u00fc.flac", "http:x.flac")) {
      Path strange = Files.copy(flac, folder.resolve(name));
      assertEquals(1000, loader.load(strange).samples().length);
    }
  }

  @Test
  void truncatedFlacIsRefusedWhereverItIsCut() throws Exception {
    Path flac = encode(noise("f.wav", 1, 16_000, 40_000), "f.flac");
    byte[] whole = Files.readAllBytes(flac);
    for (int length : new int[] {4, 20, 42, 8000, whole.length / 2, whole.length - 1}) {
      Path cut = Files.write(folder.resolve("cut.flac"), Arrays.copyOf(whole, length));
      assertFails(Kind.BAD_DATA, () -> loader.load(cut), "cut.flac");
    }
    whole[whole.length / 2] ^= 0x55;
    Path damaged = Files.write(folder.resolve("damaged.flac"), whole);
    assertFails(Kind.BAD_DATA, () -> loader.load(damaged), "damaged.flac");
  }

  @Test
  void thingsThatAreNoAudio() throws Exception {
    Path text =
        Files.writeString(folder.resolve("text.wav"), "This is no audio at all.\n".repeat(99));
    assertFails(Kind.BAD_DATA, () -> loader.load(text), "text.wav", "audio file");
    Path noise = folder.resolve("noise.flac");
    byte[] bytes = new byte[10_000];
    new Random(1).nextBytes(bytes);
    Files.write(noise, bytes);
    assertFails(Kind.BAD_DATA, () -> loader.load(noise), "noise.flac");
  }

  @Test
  void theSameFaultIsToldInTheSameWords() throws Exception {
    Path file = Files.write(folder.resolve("torn.flac"), new byte[] {'f', 'L', 'a', 'C', 0, 0});
    String first = assertFails(Kind.BAD_DATA, () -> loader.load(file), "torn.flac").getMessage();
    for (int i = 0; i < 3; i++) {
      assertFails(Kind.BAD_DATA, () -> loader.load(file), first);
    }
  }

  @Test
  void playListsCannotReachOtherFiles() throws Exception {
    Path wav = noise("g.wav", 1, 16_000, 1000);
    Path hls =
        Files.writeString(
            folder.resolve("list.m3u8"),
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + wav + "\n#EXT-X-ENDLIST\n");
    assertFails(Kind.BAD_DATA, () -> loader.load(hls), "list.m3u8");
    Path concat =
        Files.writeString(folder.resolve("list.flac"), "ffconcat version 1.0\nfile g.wav\n");
    assertFails(Kind.BAD_DATA, () -> loader.load(concat), "list.flac");
  }

  @Test
  void limitsStopTheChild() throws Exception {
    Path flac = encode(noise("h.wav", 1, 16_000, 40_000), "h.flac");
    AudioLoader brief = new AudioLoader(List.of(new FfmpegDecoder()), Duration.ofSeconds(2));
    assertFails(Kind.BAD_DATA, () -> brief.load(flac), "h.flac", "longer than 2 s");
    Thread.currentThread().interrupt();
    assertFails(Kind.RETRY, () -> loader.load(flac), "interrupted");
    assertTrue(Thread.interrupted());
  }

  @Test
  void aFinishedChildKeepsItsErrorsAndALateOneIsStopped() throws Exception {
    ProcessBuilder noisy =
        new ProcessBuilder("sh", "-c", "for i in 1 2 3 4 5; do echo line $i >&2; done; exit 3");
    try (ChildProcess child = ChildProcess.start(noisy, Duration.ofMinutes(1))) {
      assertEquals(3, child.waitFor());
      assertEquals("line 3; line 4; line 5", child.errors());
    }
    try (ChildProcess child =
        ChildProcess.start(new ProcessBuilder("cat", "/dev/zero"), Duration.ofMillis(50))) {
      child.output().transferTo(OutputStream.nullOutputStream());
      child.waitFor();
      assertTrue(child.timedOut());
    }
    assertFails(
        Kind.UNAVAILABLE,
        () -> ChildProcess.start(new ProcessBuilder("/no/such/program"), Duration.ofMinutes(1)),
        "/no/such");
  }

  @Test
  void realFlac() throws Exception {
    Path audio = Shared.assume("data/barista/audio");
    Manifest manifest = Manifest.read(audio);
    assertEquals(500, manifest.size());
    assertTrue(loader.load(manifest.utterances().getFirst().audio()).seconds() > 1);
  }
}
