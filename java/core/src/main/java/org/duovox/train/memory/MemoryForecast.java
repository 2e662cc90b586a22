package org.duovox.train.memory;

import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeTensor;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.model.UnitModel;
import org.duovox.train.data.TrainPlan;

/// Forecast of the memory that a training on the CPU needs beyond what the process holds, made
/// before the first step.
///
/// @param section of the settings that messages name: `pretrain`, `slu`
/// @param held bytes that the process holds already: Java, libtorch and the model
/// @param state bytes of gradients, both moments of the optimizer and 16-bit copies
/// @param rings bytes of the batch buffers of training and validation
/// @param row bytes of the passes over the largest row
/// @param batch bytes of the passes over the largest batch, taken at once
/// @param part bytes that the passes over a part of a batch may take; [PartLimit#NONE] for any
public record MemoryForecast(
    String section, long held, long state, long rings, long row, long batch, long part) {
  // Gradient and two moments; 16-bit passes add a copy and its gradient.
  private static final int STATE = 12;
  private static final int COPIES = 4;
  // Left for Java's heap and the allocator.
  private static final long RESERVE = 128L << 20;
  private static final long MIB = 1L << 20;

  /// What a training needs memory for.
  ///
  /// @param section of the settings that messages name
  /// @param ringSlots batches that are loaded or computed at once
  /// @param cost of the passes over a row
  public record Needs(
      String section, UnitModel model, TrainPlan plan, int ringSlots, ActivationCost cost) {}

  /// Returns the forecast of a training.
  ///
  /// @param validation bytes of its batch buffer; 0 for none
  /// @param part bytes that the passes over a part of a batch may take
  static MemoryForecast of(Needs needs, long validation, long part, HostMemory host) {
    ActivationCost cost = needs.cost();
    TrainPlan.Largest largest = needs.plan().largest();
    long ring = needs.plan().sizes().bytes(needs.plan().featureWidth());
    return new MemoryForecast(
        needs.section(),
        host.resident(),
        state(needs.model()),
        needs.ringSlots() * ring + validation,
        cost.bytes(largest.longest(), largest.mostUnits()),
        largest.tokens() * cost.perToken() + largest.units() * cost.perUnit(),
        part);
  }

  private static long state(UnitModel model) {
    long trainable =
        model.nativeModel().parameters().stream()
            .filter(NativeTensor::trainable)
            .mapToLong(NativeTensor::elements)
            .sum();
    boolean copies = model.config().precision() != Precision.FP32;
    return trainable * (copies ? STATE + COPIES : STATE);
  }

  /// Returns the bytes of the passes over a batch, or over the largest part of one.
  long passes() {
    return Math.min(batch, Math.max(part, row));
  }

  /// Returns the bytes beyond what the process holds.
  long need() {
    return state + rings + RESERVE + passes();
  }

  /// Returns the forecast in a line.
  ///
  /// @param available bytes; [HostMemory#UNKNOWN] where the system does not say
  String text(long available) {
    return String.format(
        Locale.ROOT,
        "memory: about %s at the peak: %s now, %s of gradients and optimizer, %s of batches"
            + " ahead, %s for the largest %s; %s",
        mib(held + need()),
        mib(held),
        mib(state),
        mib(rings),
        mib(passes()),
        passes() < batch
            ? "part of a batch, which is taken in parts of at most %s (%s.guards.part_mib), the same tokens per step"
                .formatted(mib(part), section)
            : "batch",
        available == HostMemory.UNKNOWN
            ? "what is available is not known"
            : mib(available) + " are available");
  }

  /// Returns the text that it does not fit beside other trainings.
  String waiting(long available) {
    return "memory: waits for another training to end: %s are needed, %s are left"
        .formatted(mib(need()), mib(Math.max(0, available)));
  }

  /// Returns the error, with what to do, for so many available bytes.
  DuovoxException refusal(long available) {
    long left = available - state - rings - RESERVE;
    String advice =
        left >= row
            ? "set %s.guards.part_mib to %d or less".formatted(section, left / MIB)
            : "set model.layers, model.hidden or model.max_positions smaller";
    return new DuovoxException(
        Kind.RETRY,
        String.format(
            Locale.ROOT,
            "not enough memory: gradients and optimizer need %s, batches ahead %s, Java %s, the"
                + " largest part of a step %s (one row of the longest %s), but %s are available;"
                + " %s, or free memory",
            mib(state),
            mib(rings),
            mib(RESERVE),
            mib(passes()),
            mib(row),
            mib(available),
            advice));
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, MIB));
  }
}
