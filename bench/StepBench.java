import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;

/// Training steps of a model on one synthetic batch, timed: Duovox's side of bench/train-step, and bench/shared-machine.
///
/// Run as a single source file with Duovox's jars on the class path. Settings are key=value arguments; prints one JSON line. With
/// `write=FOLDER` it also writes the parameters and the batch for the other side.
public final class StepBench {
  private static final int CODES = 1024;
  private static final int PHONES = 100;
  private static final int WIDTH = 64; // of the contextual codebook

  private final Map<String, String> settings;
  private long seed = 1;

  private StepBench(String[] args) {
    settings =
        List.of(args).stream()
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.out.println(new StepBench(args).run());
  }

  private int number(String key, int otherwise) {
    return Integer.parseInt(settings.getOrDefault(key, Integer.toString(otherwise)));
  }

  private boolean single() {
    return number("kind", 0) == 1;
  }

  private String run() {
    NativeRuntime.setThreads(number("threads", 2));
    int[] lengths =
        settings.containsKey("lengths")
            ? List.of(settings.get("lengths").split(",")).stream().mapToInt(Integer::parseInt).toArray()
            : filled(number("rows", 16), number("tokens", 128));
    int per = number("phonetic", 3);
    int rows = lengths.length;
    int tokens = java.util.Arrays.stream(lengths).max().orElseThrow();
    int units = single() ? 0 : (tokens - 2) * per + 2;
    try (NativeModel model = new NativeModel(config(Math.max(512, tokens)));
        NativeRing ring = new NativeRing(1, rows, (long) rows * tokens, (long) rows * units, Device.CPU)) {
      model.parameters().stream().filter(p -> p.name().equals("contextual.codebook"))
          .forEach(p -> model.write(p, codebook((int) p.elements())));
      NativeRing.Slot slot = ring.slots().getFirst();
      fill(slot, lengths, tokens, units, per);
      NativeRing.Shape shape = new NativeRing.Shape(0, rows, tokens, units);
      if (settings.containsKey("write")) {
        write(model, slot, Path.of(settings.get("write")), rows, tokens, units);
      }
      try (NativeTrainer trainer = new NativeTrainer(model, training())) {
        return steps(trainer, ring, shape);
      }
    }
  }

  private String steps(NativeTrainer trainer, NativeRing ring, NativeRing.Shape shape) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> losses = new ArrayList<>();
    List<String> seconds = new ArrayList<>();
    NativeRing.Shape[] batches = {shape};
    long allocated = 0;
    double limit = Double.parseDouble(settings.getOrDefault("seconds", "1e9"));
    long start = 0;
    for (int i = 0; i < number("steps", 6) && (i < 3 || System.nanoTime() - start < limit * 1e9); i++) {
      long begun = System.nanoTime();
      if (i == 2) {
        start = begun;
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      trainer.step(ring, batches, 1);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
      seconds.add(String.format("%.6f", (System.nanoTime() - begun) / 1e9));
      losses.add(Double.toString(trainer.report().loss()));
    }
    return "{\"losses\": %s, \"seconds\": %s, \"heap_bytes_of_last_step\": %d, \"peak_rss_kib\": %d}"
        .formatted(losses, seconds, allocated, peakKib());
  }

  private NativeModel.Config config(int positions) {
    NativeModel.Config config = new NativeModel.Config();
    config.kind = number("kind", 0); // as in duovox.h
    config.contextualCodes = CODES;
    config.phoneticCodes = single() ? 0 : PHONES;
    config.layers = number("layers", 4);
    config.hidden = number("hidden", 512);
    config.heads = number("heads", 8);
    config.feedForward = 4 * config.hidden;
    config.maxPositions = positions;
    config.phoneticEmbedding = 256;
    config.representationWidth = WIDTH;
    config.interactionActivation = 1;
    config.interactionSplit = true;
    config.interactionBias = true;
    config.dropout = Double.parseDouble(settings.getOrDefault("dropout", "0.1"));
    config.layerNormEpsilon = 1e-12;
    config.precision = number("precision", 0); // as in duovox.h
    config.seed = 7;
    return config;
  }

  private NativeTrainer.Config training() {
    return new NativeTrainer.Config(
        NativeTrainer.Objective.PRETRAIN,
        new NativeTrainer.Schedule(1_000_000, 0, 1e-4),
        NativeTrainer.AdamW.usual(0.01, 1),
        new NativeTrainer.Loss(1, 1, 0, 0),
        NativeTrainer.Spikes.NONE,
        1);
  }

  /// Rows of CLS, random codes, SEP; every seventh token is a target, hidden by MASK.
  private void fill(NativeRing.Slot slot, int[] lengths, int tokens, int units, int per) {
    for (int row = 0; row < lengths.length; row++) {
      int length = lengths[row];
      slot.lengths().put(row, length);
      if (!single()) {
        slot.phoneticLengths().put(row, (length - 2) * per + 2);
      }
      for (int i = 0; i < units; i++) {
        boolean inside = i > 0 && i <= (length - 2) * per;
        slot.phonetic().put(row * units + i, inside ? draw(PHONES) : PHONES);
      }
      for (int t = 0; t < tokens; t++) {
        int at = row * tokens + t;
        boolean target = t > 0 && t < length - 1 && t % 7 == 3;
        int code = draw(CODES);
        slot.targets().put(at, target ? code : -1);
        slot.contextual().put(at, t == 0 ? CODES : t == length - 1 ? CODES + 1 : t >= length ? CODES + 3 : target ? CODES + 2 : code);
        if (single()) {
          continue;
        }
        int first = t == 0 ? 0 : t < length - 1 ? (t - 1) * per + 1 : (length - 2) * per + 1;
        slot.phoneticStart().put(at, t < length ? first : 0);
        slot.phoneticEnd().put(at, t < length ? (t == 0 || t == length - 1 ? first : first + per - 1) : 0);
      }
    }
  }

  private void write(NativeModel model, NativeRing.Slot slot, Path folder, int rows, int tokens, int units) {
    try (SafetensorsWriter out = Safetensors.create(folder.resolve("model.safetensors"), Map.of())) {
      model.parameters().forEach(p -> out.add(p.name(), p.shape(), model.read(p)));
      out.commit();
    }
    try (SafetensorsWriter out = Safetensors.create(folder.resolve("batch.safetensors"), Map.of())) {
      add(out, "contextual", slot.contextual(), rows, tokens);
      add(out, "targets", slot.targets(), rows, tokens);
      add(out, "start", slot.phoneticStart(), rows, tokens);
      add(out, "end", slot.phoneticEnd(), rows, tokens);
      add(out, "phonetic", slot.phonetic(), rows, units);
      out.commit();
    }
  }

  private static void add(SafetensorsWriter out, String name, java.nio.IntBuffer from, int rows, int columns) {
    float[] values = new float[rows * columns]; // whole numbers far below 2^24
    for (int i = 0; i < values.length; i++) {
      values[i] = from.get(i);
    }
    out.add(name, new long[] {rows, columns}, values);
  }

  private float[] codebook(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = draw(2_000) / 1_000f - 1;
    }
    return values;
  }

  private int draw(int bound) {
    seed = seed * 6364136223846793005L + 1442695040888963407L;
    return (int) ((seed >>> 33) % bound);
  }

  private static int[] filled(int rows, int tokens) {
    int[] all = new int[rows];
    java.util.Arrays.fill(all, tokens);
    return all;
  }

  private static long peakKib() {
    try {
      return java.nio.file.Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (java.io.IOException e) {
      return 0;
    }
  }
}
