package org.duovox.train.memory;

import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeTensor;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.model.UnitModel;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.memory.MemoryBudget.HostMemory;

/// Forecast of the memory that a training on the CPU needs beyond what the process holds, made
/// before the first step; counts what the passes over a batch keep ([ActivationCost]).
///
/// @param section of the settings that messages name: `pretrain`, `slu`
/// @param held bytes that the process holds already: Java, libtorch and the model
/// @param state bytes of gradients, both moments of the optimizer and 16-bit copies
/// @param rings bytes of the batch buffers of training and validation
/// @param row bytes of the passes over the largest row
/// @param batch bytes of the passes over the largest batch, taken at once
/// @param part bytes that the passes over a part of a batch may take; [StepParts.Limit#NONE] for
///   any
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

  /// Bytes that the passes over a batch keep in memory for each position: values saved for the
  /// backward pass and the gradients of one layer.
  ///
  /// Counted from the layers, since everything but the parameters grows with the real positions of
  /// a batch; attention works in blocks and saves no score matrix. Against the peak memory of
  /// dual-channel trainings in 32 bits on a CPU the count is a fifth too high, which leaves room
  /// for the allocator (docs/monitoring.md).
  ///
  /// @param perToken bytes of one contextual token, its share of the targets included
  /// @param perUnit bytes of one phonetic unit
  public record ActivationCost(long perToken, long perUnit) {
    private static final int HALF = 2;
    private static final int FLOAT = 4;

    /// Returns the cost of a model's passes.
    ///
    /// @param targets share of the tokens that are targets
    public static ActivationCost of(ModelConfig model, double targets) {
      long bytes = model.precision() == Precision.FP32 ? FLOAT : HALF;
      long hidden = model.hidden();
      long channels = model.dual() ? 2 : 1;
      long layers = model.layers();
      long token = layers * channels * layer(model) + 4 * hidden * channels;
      if (model.dual()) {
        token += layers * interaction(model);
      }
      token += backward(model, channels);
      // Scores are computed in 32 bits.
      long heads = (long) Math.ceil(targets * head(model)) * FLOAT;
      long unit = 0;
      if (model.kind() == ModelConfig.Kind.JOINT) {
        unit = token;
      } else if (model.dual()) {
        unit = phonetic(model);
      }
      return new ActivationCost(token * bytes + heads, unit * bytes);
    }

    /// Returns the bytes of the passes over one row of so many tokens and phonetic units.
    public long bytes(int tokens, int phoneticUnits) {
      return tokens * perToken + phoneticUnits * perUnit;
    }

    /// Query, key, value and their mix; the sums before and the results after both norms; both
    /// sides of GELU. Dropout masks are drawn again instead of kept.
    private static long layer(ModelConfig model) {
      return 8L * model.hidden() + 2L * model.feedForward() + model.heads();
    }

    /// Of both channels: the maps, the convolution with its activation, the maps back, the sums
    /// before and the results after the norms.
    private static long interaction(ModelConfig model) {
      return 10L * model.hidden();
    }

    /// Gradients within one layer while the pass goes back through it.
    private static long backward(ModelConfig model, long channels) {
      return channels * (4L * model.hidden() + 2L * model.feedForward());
    }

    /// Dense layer, activation and norm of the heads, scores with their softmax and gradient,
    /// reconstruction and target.
    private static long head(ModelConfig model) {
      return 8L * model.hidden() + 3L * model.contextualCodes() + 4L * model.representationWidth();
    }

    /// A unit's embedding; with a recurrent network its gates and states. Their gradients come when
    /// the layers' values are freed.
    private static long phonetic(ModelConfig model) {
      long hidden = model.hidden();
      return model.phoneticPooling() == PhoneticPooling.GRU_ENDS
          ? 2L * model.phoneticEmbedding() + 6 * hidden
          : 2L * model.phoneticEmbedding() + 2 * hidden;
    }
  }
}
