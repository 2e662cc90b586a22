package org.duovox.train.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.train.log.EventFile.EventRecord;
import org.duovox.train.log.TrainLine.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFileTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2024-04-14T12:00:00Z"));

  @TempDir Path folder;

  /// Bytes that Python's tensorboard 2.21 writes for the same events (RecordWriter over
  /// event_pb2.Event).
  @Test
  void bytesAreThoseOfTensorBoard() {
    assertEquals(
        "1800000000000000a37f4b220900000000000000401a0d627261696e2e4576656e743a32ff2ee0e7",
        hex(EventRecord.version(2)));
    assertEquals(
        "100000000000000095fbfe180900000000000000401085013a020801b10d2c98",
        hex(EventRecord.start(2, 133)));
    assertEquals(
        "1b000000000000001a0d9e130900000000000000401085012a0d0a0b0a046c6f73731500002040329ce724",
        hex(EventRecord.scalars(2, 133, Map.of("loss", 2.5))));
  }

  @Test
  void everyRecordHasValidChecksums() throws IOException {
    try (EventFile events = new EventFile(folder, 0, NOON)) {
      events.line(Lines.train(50, 2.5));
      events.line(Lines.validation(50, 2.75));
      events.timing(new TrainLine.Timing(Kind.TRAIN, 50, 2, 1234));
      assertEquals("events.out.tfevents.1713096000.duovox", events.file().getFileName().toString());
      List<byte[]> records = records(events.file());
      assertEquals(5, records.size());
      String text = new String(records.get(2), StandardCharsets.ISO_8859_1);
      for (String tag : List.of("train/loss", "train/learning_rate", "train/predicted_top")) {
        assertTrue(text.contains(tag), tag);
      }
      String held = new String(records.get(3), StandardCharsets.ISO_8859_1);
      assertTrue(held.contains("validation/loss") && !held.contains("learning_rate"), held);
    }
  }

  @Test
  void anotherStartIsAnotherFileThatComesLater() {
    List<String> names = new ArrayList<>();
    for (int start = 0; start < 3; start++) {
      try (EventFile events = new EventFile(folder, 10L * start, NOON)) {
        names.add(events.file().getFileName().toString());
      }
    }
    assertEquals(names.stream().sorted().distinct().toList(), names);
  }

  @Test
  void valuesThatAreNotFiniteAreLeftOut() throws IOException {
    Path file;
    try (EventFile events = new EventFile(folder, 0, NOON)) {
      file = events.file();
      events.scalars(1, Map.of("nothing", Double.NaN));
      events.scalars(2, Map.of("some", 1.0, "other", Double.POSITIVE_INFINITY));
    }
    assertEquals(3, records(file).size());
    assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains("other"));
  }

  @Test
  void folderThatIsNotThereIsRefused() {
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> new EventFile(folder.resolve("none"), 0, NOON));
    assertTrue(error.getMessage().contains("none"), error.getMessage());
  }

  /// The payloads of a TFRecord file whose checksums hold.
  private static List<byte[]> records(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertEquals(EventRecord.checksum(length, 8), bytes.getInt());
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertEquals(EventRecord.checksum(data, data.length), bytes.getInt());
      records.add(data);
    }
    return records;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
