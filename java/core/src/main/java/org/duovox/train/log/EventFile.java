package org.duovox.train.log;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.duovox.DuovoxException;

/// Writes the figures of a training for TensorBoard: `events.out.tfevents.<seconds>.duovox` in the
/// run folder, a new file for every start.
///
/// The file of a resumed training tells readers to forget what earlier files say about the steps
/// that are repeated. A file that cannot be written (a full disk) ends with a warning: the training
/// goes on, and `metrics.jsonl` has the same figures. [EventRecord] encodes the bytes.
public final class EventFile implements TrainListener, AutoCloseable {
  /// Prefix of the names of event files; TensorBoard looks for it.
  public static final String PREFIX = "events.out.tfevents.";

  private static final System.Logger LOG = System.getLogger(EventFile.class.getName());

  private final Path file;
  private final InstantSource clock;
  private OutputStream out; // Null after a failure.

  /// Starts a file.
  ///
  /// @param folder of the run; it exists
  /// @param done steps done so far: 0 for a new training, else those of the checkpoint
  /// @param clock of the events' wall time
  public EventFile(Path folder, long done, InstantSource clock) {
    this.clock = clock;
    this.file = folder.resolve(name(folder, clock.instant().getEpochSecond()));
    try {
      // Not a channel, which an interruption of the thread would close.
      Files.createFile(file);
      this.out = new FileOutputStream(file.toFile());
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + file, e);
    }
    write(EventRecord.version(now()));
    write(EventRecord.start(now(), done + 1));
  }

  /// Returns the file.
  public Path file() {
    return file;
  }

  @Override
  public void line(TrainLine line) {
    String kind = line.kind().name().toLowerCase(Locale.ROOT) + "/";
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(kind + "loss", line.loss());
    values.put(kind + "mcp", line.mcp());
    values.put(kind + "mcr", line.mcr());
    values.put(kind + "accuracy", line.accuracy());
    TrainLine.Health health = line.health();
    values.put(kind + "predicted_entropy", health.predictedEntropy());
    values.put(kind + "predicted_top", health.predictedTop());
    values.put(kind + "target_entropy", health.targetEntropy());
    values.put(kind + "target_top", health.targetTop());
    if (line.kind() == TrainLine.Kind.TRAIN) {
      values.put(kind + "learning_rate", line.learningRate());
      values.put(kind + "gradient_norm", line.gradientNorm());
      values.put(kind + "loss_scale", health.lossScale());
      values.put(kind + "skipped", (double) health.skipped());
      values.put(kind + "spikes", (double) health.spikes());
    }
    scalars(line.step(), values);
  }

  @Override
  public void timing(TrainLine.Timing timing) {
    if (timing.kind() == TrainLine.Kind.TRAIN) {
      scalars(timing.step(), Map.of("speed/units_per_second", timing.unitsPerSecond()));
    }
  }

  /// Writes scalars of a step; those that are not finite are left out.
  void scalars(long step, Map<String, Double> values) {
    Map<String, Double> finite = new LinkedHashMap<>(values);
    finite.values().removeIf(value -> !Double.isFinite(value));
    if (!finite.isEmpty()) {
      write(EventRecord.scalars(now(), step, finite));
    }
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      warn(e);
    }
    out = null;
  }

  private void write(byte[] event) {
    try {
      if (out != null) {
        out.write(event);
      }
    } catch (IOException e) {
      warn(e);
      out = null;
    }
  }

  private void warn(IOException e) {
    LOG.log(
        System.Logger.Level.WARNING,
        "no more events for TensorBoard: cannot write {0}: {1}",
        file,
        DuovoxException.reason(e));
  }

  private double now() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  // TensorBoard reads the files of a folder in the order of their names, so a name must come after
  // all others, also when the clock was set back or two starts fall into one second.
  private static String name(Path folder, long seconds) {
    long next = seconds;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path other : files) {
        String stamp = other.getFileName().toString().substring(PREFIX.length()).split("\\.")[0];
        if (stamp.matches("[0-9]{1,12}")) {
          next = Math.max(next, Long.parseLong(stamp) + 1);
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + folder, e);
    }
    return "%s%010d.duovox".formatted(PREFIX, next);
  }

  /// Encodes the records of TensorBoard's event files: protocol buffers of `tensorflow.Event` in
  /// the frames of a TFRecord file.
  ///
  /// Own code: four message types with seven fields. The protocol buffer library is on the class
  /// path only where ONNX models are read, and training must not need it.
  static final class EventRecord {
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
}
