package org.duovox.train.memory;

import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.Precision;

/// Bytes that the passes over a batch keep in memory for each position: values saved for the
/// backward pass and the gradients of one layer.
///
/// Counted from the layers, since everything but the parameters grows with the real positions of a
/// batch; attention works in blocks and saves no score matrix. Against the peak memory of
/// dual-channel trainings in 32 bits on a CPU the count is a fifth too high, which leaves room for
/// the allocator (docs/monitoring.md).
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
    if (model.kind() == Kind.JOINT) {
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

  /// Query, key, value and their mix; the sums before and the results after both norms; both sides
  /// of GELU. Dropout masks are drawn again instead of kept.
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
