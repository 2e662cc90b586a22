package org.duovox.train.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/// Encodes the records of TensorBoard's event files: protocol buffers of `tensorflow.Event` in the
/// frames of a TFRecord file.
///
/// Own code: four message types with seven fields. The protocol buffer library is on the class path
/// only where ONNX models are read, and training must not need it.
final class EventRecord {
  /// Content of a file's first record; makes readers forget by session (below).
  static final String VERSION = "brain.Event:2";

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int STATUS_START = 1;

  private static final int MASK_DELTA = 0xa282ead8;

  private EventRecord() {}

  /// Returns the first record of a file.
  static byte[] version(double wallTime) {
    ByteArrayOutputStream event = event(wallTime, 0);
    bytes(event, FILE_VERSION, VERSION.getBytes(StandardCharsets.UTF_8));
    return framed(event.toByteArray());
  }

  /// Returns the start of a session: readers forget what earlier files say about `firstStep` and
  /// later.
  static byte[] start(double wallTime, long firstStep) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    varint(log, 1, STATUS_START);
    ByteArrayOutputStream event = event(wallTime, firstStep);
    bytes(event, SESSION_LOG, log.toByteArray());
    return framed(event.toByteArray());
  }

  /// Returns scalars of one step by tag.
  static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    values.forEach((tag, number) -> {
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      bytes(value, 1, tag.getBytes(StandardCharsets.UTF_8));
      fixed32(value, 2, Float.floatToRawIntBits(number.floatValue()));
      bytes(summary, 1, value.toByteArray());
    });
    ByteArrayOutputStream event = event(wallTime, step);
    bytes(event, SUMMARY, summary.toByteArray());
    return framed(event.toByteArray());
  }

  /// Returns a TFRecord frame: length, its checksum, the bytes, their checksum.
  static byte[] framed(byte[] data) {
    ByteBuffer frame = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(data.length);
    frame.putInt(checksum(frame.array(), 8));
    frame.put(data);
    frame.putInt(checksum(data, data.length));
    return frame.array();
  }

  /// Returns the CRC-32C, rotated and shifted as TFRecord files have it.
  static int checksum(byte[] data, int length) {
    CRC32C sum = new CRC32C();
    sum.update(data, 0, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK_DELTA;
  }

  private static ByteArrayOutputStream event(double wallTime, long step) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    tag(event, WALL_TIME, FIXED64);
    little(event, Double.doubleToRawLongBits(wallTime), Long.BYTES);
    if (step != 0) {
      varint(event, STEP, step);
    }
    return event;
  }

  private static void varint(ByteArrayOutputStream out, int field, long value) {
    tag(out, field, VARINT);
    raw(out, value);
  }

  private static void fixed32(ByteArrayOutputStream out, int field, int bits) {
    tag(out, field, FIXED32);
    little(out, bits, Integer.BYTES);
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    tag(out, field, BYTES);
    raw(out, value.length);
    out.writeBytes(value);
  }

  private static void tag(ByteArrayOutputStream out, int field, int type) {
    raw(out, (long) field << 3 | type);
  }

  private static void raw(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void little(ByteArrayOutputStream out, long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> (8 * i)));
    }
  }
}
