package org.duovox.train;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.HostMemory;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.memory.MemoryForecast;
import org.duovox.train.memory.StepParts;
import org.duovox.train.memory.Stepper;

/// How much memory the passes over a part of a step may take: a setting (`guards.part_mib`), or a
/// quarter of the machine's memory; never what happens to be free, since a step that is cut
/// otherwise rounds otherwise. The run remembers it in `memory.json`.
public final class PartLimit {
  /// Name of the file.
  public static final String FILE = "memory.json";

  /// The file's content.
  ///
  /// @param partBytes what a part may cost; 0 for any
  /// @param settingMib `guards.part_mib` as it was given
  /// @param needBytes forecast of what the training takes beyond what the process held
  record Content(long partBytes, long settingMib, long needBytes) {}

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

  /// The limit of a run: as its first start had it, unless the setting says otherwise now.
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
        bytes = before.partBytes() == 0 ? StepParts.NO_LIMIT : before.partBytes();
      } else {
        listener.warning(
            "guards.part_mib is %d here and was %d; the last bits of the results may differ"
                .formatted(setting, before.settingMib()));
      }
    }
    return new PartLimit(file, setting, bytes, listener);
  }

  /// A quarter of a machine's memory, as a power of two, so that machines of about the same size
  /// round alike.
  public static long byMachine(HostMemory host) {
    long total = host.total();
    return total == HostMemory.UNKNOWN
        ? MOST
        : Math.clamp(Long.highestOneBit(total / 4), LEAST, MOST);
  }

  /// Takes the memory of a training whose steps are cut like this.
  ///
  /// @param validation bytes of its batch buffer; 0 for none
  MemoryBudget.Share take(MemoryBudget budget, TrainBasis basis, long validation) {
    MemoryForecast forecast = MemoryForecast.of(basis.needs(), validation, bytes, budget.host());
    MemoryBudget.Share share = budget.take(forecast, listener::remark);
    need = forecast.need();
    write();
    return share;
  }

  /// Cuts the steps of a training.
  StepParts parts(TrainBasis basis) {
    return new StepParts(Stepper.PLAIN, basis.cost(), bytes, this::lower, listener::warning);
  }

  /// What a part may cost.
  public long bytes() {
    return bytes;
  }

  /// Writes a lower limit after a step ran out of memory.
  public void lower(long limit) {
    bytes = limit;
    write();
  }

  private void write() {
    long part = bytes == StepParts.NO_LIMIT ? 0 : bytes;
    AtomicFiles.write(file, Json.pretty(new Content(part, settingMib, need)));
  }
}
