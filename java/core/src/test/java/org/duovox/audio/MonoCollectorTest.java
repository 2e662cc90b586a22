package org.duovox.audio;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.decode.WavDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before any of it is kept.
final class MonoCollectorTest {
  @TempDir Path folder;

  @Test
  void aLengthAboveTheLimitIsRefusedBeforeAnySampleIsTaken() throws IOException {
    // Five hours at 16 kHz in a file with holes; and 48 kB that last more than six hours.
    TestWav wav = new TestWav();
    wav.dataSize = 5L * 3600 * 16_000 * 2;
    byte[] head = wav.bytes();
    Path file = folder.resolve("h5.wav");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(head);
      out.setLength(head.length + wav.dataSize);
    }
    assertRefusedEarly(file);
    TestWav slow = TestWav.of(1, 16, 1, 1).pcm16(new int[24_000]);
    assertRefusedEarly(slow.write(folder.resolve("sr1.wav")));
  }

  private void assertRefusedEarly(Path file) throws IOException {
    int[] taken = {0};
    MonoCollector collector =
        new MonoCollector(file.toString(), 16_000, AudioLoader.LIMIT, piece -> taken[0]++);
    byte[] head;
    try (var stream = Files.newInputStream(file)) {
      head = stream.readNBytes(4096);
    }
    assertFails(
        Kind.BAD_DATA,
        () -> new WavDecoder().decode(file, head, collector),
        file.getFileName().toString(),
        "longer than 14400 s");
    assertEquals(0, taken[0]);
  }

  @Test
  void audioThatDoesNotFitInMemoryIsRefusedWithTheWayOut() throws IOException {
    TestWav wav = TestWav.of(1, 16, 1, 1).pcm16(new int[1000]);
    Path file = wav.write(folder.resolve("m.wav"));
    byte[] head = wav.bytes();
    Duration limit = AudioLoader.LIMIT;
    MonoCollector kept = new MonoCollector("m.wav", 16_000, limit, null, 1 << 20);
    assertFails(
        Kind.BAD_DATA,
        () -> new WavDecoder().decode(file, head, kept),
        "m.wav",
        "1000 s",
        "--max-segment",
        "DUOVOX_JAVA_OPTIONS");
    int[] taken = {0};
    Audio.Sink sink = piece -> taken[0] += piece.length;
    MonoCollector streamed = new MonoCollector("m.wav", 16_000, limit, sink, 1 << 20);
    new WavDecoder().decode(file, head, streamed);
    streamed.finish();
    assertEquals(16_000_000, taken[0]);
  }
}
