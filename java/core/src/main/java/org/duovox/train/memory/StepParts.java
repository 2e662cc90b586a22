package org.duovox.train.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeOutOfMemoryException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget.HostMemory;
import org.duovox.train.memory.MemoryForecast.ActivationCost;

/// Cuts the batches of a step into parts that fit into memory: some rows of a batch each, the
/// tokens of the step unchanged.
///
/// A step that runs out of memory is repeated in parts half as large, and so are later batches of
/// that size. The trainer treats the parts as one batch, so only rounding differs. How large a part
/// may be, a run keeps in a file ([Limit]).
public final class StepParts {
  /// Trains on, or evaluates, the batches of a step or their parts, as if they were one.
  @FunctionalInterface
  interface Stepper {
    /// Trains one step.
    Stepper PLAIN =
        (trainer, ring, parts) -> trainer.step(ring, parts.toArray(Shape[]::new), parts.size());

    /// Evaluates one batch: all of its parts are counted or none.
    Stepper EVALUATION =
        (trainer, ring, parts) -> trainer.evaluate(ring, parts.toArray(Shape[]::new), parts.size());

    void step(NativeTrainer trainer, NativeRing ring, List<Shape> parts);
  }

  private final Stepper stepper;
  private final ActivationCost cost;
  private final LongConsumer lowered;
  private final Consumer<String> warnings;
  private long limit;

  /// @param stepper trains one step
  /// @param cost of a row
  /// @param limit most bytes of a part; a row that costs more is a part alone
  /// @param lowered receives a lower limit
  /// @param warnings receives a text for each step that had to be cut
  StepParts(
      Stepper stepper,
      ActivationCost cost,
      long limit,
      LongConsumer lowered,
      Consumer<String> warnings) {
    this.stepper = stepper;
    this.cost = cost;
    this.limit = limit;
    this.lowered = lowered;
    this.warnings = warnings;
  }

  /// Returns the most bytes of a part now. A run that goes on with the same limit rounds the same
  /// way.
  long limit() {
    return limit;
  }

  /// Trains one step on these batches.
  ///
  /// @throws DuovoxException (RETRY) when one row alone does not fit into memory
  public void step(NativeTrainer trainer, NativeRing ring, List<Shape> batches) {
    run(stepper, "a step", trainer, ring, batches);
  }

  /// Evaluates a batch.
  ///
  /// @throws DuovoxException (RETRY) when one row alone does not fit into memory
  public void evaluate(NativeTrainer trainer, NativeRing ring, Shape batch) {
    run(Stepper.EVALUATION, "an evaluation", trainer, ring, List.of(batch));
  }

  private void run(
      Stepper how, String what, NativeTrainer trainer, NativeRing ring, List<Shape> batches) {
    while (true) {
      List<Shape> parts = cut(batches);
      try {
        how.step(trainer, ring, parts);
        return;
      } catch (NativeOutOfMemoryException e) {
        shrink(parts, e, what);
      }
    }
  }

  private List<Shape> cut(List<Shape> batches) {
    List<Shape> parts = new ArrayList<>();
    for (Shape batch : batches) {
      int rows = rowsPerPart(batch);
      if (rows >= batch.rows()) {
        parts.add(batch);
        continue;
      }
      for (int first = 0; first < batch.rows(); first += rows) {
        parts.add(batch.part(first, Math.min(rows, batch.rows() - first)));
      }
    }
    return parts;
  }

  /// The rows of a batch spread evenly over the fewest parts that cost no more than the limit.
  private int rowsPerPart(Shape batch) {
    long row = Math.max(1, cost.bytes(batch.tokens(), batch.phoneticUnits()));
    long fit = Math.max(1, limit / row);
    if (fit >= batch.rows()) {
      return batch.rows();
    }
    int pieces = Math.ceilDiv(batch.rows(), (int) fit);
    return Math.ceilDiv(batch.rows(), pieces);
  }

  private void shrink(List<Shape> parts, NativeOutOfMemoryException e, String where) {
    Shape largest = null;
    long most = 0;
    for (Shape part : parts) {
      long bytes = part.rows() * cost.bytes(part.tokens(), part.phoneticUnits());
      if (part.rows() > 1 && bytes > most) {
        largest = part;
        most = bytes;
      }
    }
    if (largest == null) {
      throw new DuovoxException(
          Kind.RETRY,
          "out of memory in %s of %s of one utterance each (%s); set model.max_positions or the"
                  .formatted(
                      where,
                      parts.size() == 1 ? "one part" : parts.size() + " parts",
                      e.getMessage())
              + " model smaller, or free memory, and start the same command again",
          e);
    }
    limit = most / 2;
    lowered.accept(limit);
    warnings.accept(
        String.format(
            Locale.ROOT,
            "out of memory in a part of %d utterances of up to %d tokens: the step is taken again"
                + " with at most %d of them at a time, the same tokens per step; guards.part_mib=%d"
                + " from the start gives the same bits again",
            largest.rows(),
            largest.tokens(),
            rowsPerPart(largest),
            limit >> 20));
  }

  /// How much memory the passes over a part of a step may take, kept in `memory.json` of the run.
  ///
  /// It is a setting (`guards.part_mib`) or a quarter of the machine's memory, never what happens
  /// to be free, since a step that is cut differently rounds differently.
  public static final class Limit {
    /// Name of the file.
    public static final String FILE = "memory.json";

    /// No limit: a part may cost anything.
    public static final long NONE = Long.MAX_VALUE;

    /// The file's content.
    ///
    /// @param partBytes most bytes of a part; 0 for no limit
    /// @param settingMib `guards.part_mib` as it was given
    /// @param needBytes forecast of what the training takes beyond what the process held
    public record Content(long partBytes, long settingMib, long needBytes) {}

    private static final long MIB = 1L << 20;
    private static final long LEAST = 64 * MIB;
    private static final long MOST = 4096 * MIB;

    private final Path file;
    private final long settingMib;
    private final TrainListener listener;
    private long bytes;
    private long need;

    private Limit(Path file, long settingMib, long bytes, TrainListener listener) {
      this.file = file;
      this.settingMib = settingMib;
      this.bytes = bytes;
      this.listener = listener;
    }

    /// Returns the limit of a run: that of its first start, unless the setting has changed.
    ///
    /// @param setting `guards.part_mib`
    /// @param automatic bytes where the setting is 0
    /// @param listener is warned that the last bits may differ from now on
    public static Limit of(long setting, long automatic, Path run, TrainListener listener) {
      Path file = run.resolve(FILE);
      long bytes = setting > 0 ? setting * MIB : automatic;
      if (Files.isRegularFile(file)) {
        String advice = "remove the file, and the limit is that of this machine";
        Content before = DuovoxException.advising(advice, () -> Json.read(file, Content.class));
        if (setting == 0 || before.settingMib() == setting) {
          bytes = before.partBytes() == 0 ? NONE : before.partBytes();
        } else {
          listener.warning(
              "guards.part_mib is %d here and was %d; the last bits of the results may differ"
                  .formatted(setting, before.settingMib()));
        }
      }
      return new Limit(file, setting, bytes, listener);
    }

    /// Returns a quarter of a machine's memory as a power of two, so that machines of about the
    /// same size round alike.
    public static long byMachine(MemoryBudget budget) {
      return byMachine(budget.host());
    }

    static long byMachine(HostMemory host) {
      long total = host.total();
      return total == HostMemory.UNKNOWN
          ? MOST
          : Math.clamp(Long.highestOneBit(total / 4), LEAST, MOST);
    }

    /// Takes the memory of a training whose steps are cut by this limit, and writes the file.
    ///
    /// @param validation bytes of the validation's batch buffer; 0 for none
    /// @throws org.duovox.DuovoxException (RETRY) when there is not enough, or when interrupted
    public MemoryBudget.Share takeMemory(
        MemoryBudget budget, MemoryForecast.Needs needs, long validation) {
      MemoryForecast forecast = MemoryForecast.of(needs, validation, bytes, budget.host());
      MemoryBudget.Share share = budget.take(forecast, listener::remark);
      need = forecast.need();
      write();
      return share;
    }

    /// Returns what cuts the steps of a training by this limit, and lowers it where it must.
    ///
    /// @param cost of the passes over a row
    public StepParts parts(ActivationCost cost) {
      return new StepParts(Stepper.PLAIN, cost, bytes, this::lower, listener::warning);
    }

    /// Returns the most bytes of a part; [#NONE] for no limit.
    public long bytes() {
      return bytes;
    }

    /// Sets and writes a lower limit, after a step ran out of memory.
    void lower(long limit) {
      bytes = limit;
      write();
    }

    private void write() {
      long part = bytes == NONE ? 0 : bytes;
      AtomicFiles.write(file, Json.pretty(new Content(part, settingMib, need)));
    }
  }
}
