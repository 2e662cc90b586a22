package org.duovox.train;

import java.util.Locale;
import java.util.OptionalLong;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// Memory that a training on the CPU will need beyond what the process holds, told before the first
/// step.
///
/// @param held bytes that the process holds already: Java, libtorch and the model
/// @param state bytes of gradients, both moments of the optimizer and 16-bit copies
/// @param ring bytes of the batch buffers
/// @param reserve bytes left for Java's heap and the allocator
/// @param row bytes of the passes over the largest row
/// @param batch bytes of the passes over the largest batch, taken at once
/// @param available bytes that can be taken; [#UNKNOWN] where the system does not say
public record MemoryForecast(
    long held, long state, long ring, long reserve, long row, long batch, long available) {
  /// The system does not say how much there is.
  public static final long UNKNOWN = Long.MAX_VALUE;

  // Gradient and two moments; 16-bit passes add a copy and its gradient.
  private static final int STATE = 12;
  private static final int COPIES = 4;
  private static final long HEAP = 128L << 20;
  private static final long MIB = 1L << 20;

  /// The largest batch and row of a training.
  ///
  /// @param tokens most real tokens of a batch
  /// @param units most phonetic units of a batch
  /// @param longest tokens of the longest row
  /// @param mostUnits phonetic units of the row with the most
  public record Largest(long tokens, long units, int longest, int mostUnits) {}

  /// The forecast of a training.
  ///
  /// @param parameters trainable values of the model
  /// @param ring bytes of the batch buffers
  public static MemoryForecast of(
      long parameters,
      boolean halfPrecision,
      ActivationCost cost,
      Largest largest,
      long ring,
      HostMemory host) {
    long batch = largest.tokens() * cost.perToken() + largest.units() * cost.perUnit();
    OptionalLong available = host.available();
    return new MemoryForecast(
        host.resident(),
        parameters * (halfPrecision ? STATE + COPIES : STATE),
        ring,
        HEAP,
        cost.bytes(largest.longest(), largest.mostUnits()),
        batch,
        available.orElse(UNKNOWN));
  }

  /// Bytes of the whole process at its peak, each batch taken at once.
  public long peak() {
    return held + state + ring + reserve + batch;
  }

  /// Bytes that the passes over a part of a batch may take: [StepParts#NO_LIMIT] when every batch
  /// fits at once.
  ///
  /// @throws DuovoxException (RETRY) when not even one row fits
  public long partLimit() {
    if (available == UNKNOWN) {
      return StepParts.NO_LIMIT;
    }
    long left = available - state - ring - reserve;
    if (batch <= left) {
      return StepParts.NO_LIMIT;
    }
    if (row > left) {
      throw new DuovoxException(Kind.RETRY, refusal());
    }
    return left;
  }

  /// The forecast in a line, with what follows from it.
  public String text() {
    String figures =
        String.format(
            Locale.ROOT,
            "memory: about %s at the peak: %s now, %s of gradients and optimizer, %s of batches"
                + " ahead, %s for the largest batch; %s",
            mib(peak()),
            mib(held),
            mib(state),
            mib(ring),
            mib(batch),
            available == UNKNOWN
                ? "what is available is not known"
                : mib(available) + " are available");
    long limit = partLimit();
    return limit == StepParts.NO_LIMIT
        ? figures
        : figures
            + "; large batches are taken in parts of at most "
            + mib(limit)
            + ", the same tokens per step";
  }

  private String refusal() {
    return String.format(
        Locale.ROOT,
        "not enough memory: gradients and optimizer need %s, batches ahead %s, Java %s and one row"
            + " of the longest %s, but %s are available; set model.layers, model.hidden or"
            + " model.max_positions smaller, or free memory",
        mib(state),
        mib(ring),
        mib(reserve),
        mib(row),
        mib(available));
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, MIB));
  }
}
