package org.duovox.train.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainListener;

/// How much memory the passes over a part of a step may take, kept in `memory.json` of the run.
///
/// It is a setting (`guards.part_mib`) or a quarter of the machine's memory, never what happens to
/// be free, since a step that is cut differently rounds differently.
public final class PartLimit {
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

  private PartLimit(Path file, long settingMib, long bytes, TrainListener listener) {
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
  public static PartLimit of(long setting, long automatic, Path run, TrainListener listener) {
    Path file = run.resolve(FILE);
    long bytes = setting > 0 ? setting * MIB : automatic;
    if (Files.isRegularFile(file)) {
      Content before = Json.read(file, Content.class);
      if (setting == 0 || before.settingMib() == setting) {
        bytes = before.partBytes() == 0 ? NONE : before.partBytes();
      } else {
        listener.warning(
            "guards.part_mib is %d here and was %d; the last bits of the results may differ"
                .formatted(setting, before.settingMib()));
      }
    }
    return new PartLimit(file, setting, bytes, listener);
  }

  /// Returns a quarter of a machine's memory as a power of two, so that machines of about the same
  /// size round alike.
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
    return new StepParts(StepParts.Stepper.PLAIN, cost, bytes, this::lower, listener::warning);
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
