package org.duovox.model.match;

import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Interaction;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.UnitEmbedding;
import org.duovox.model.UnitIds;

/// The cost of a model of a shape, by arithmetic: trainable parameters, and floating-point
/// operations of a forward pass, 2 for each multiplication and addition of its products
/// (docs/model.md).
///
/// For the search among shapes; [CostSample] measures real models.
final class ModelCost {
  private static final int KERNEL = 3;

  private final ModelConfig c;
  private final long hidden;
  private final boolean codebook;

  /// @param config with its vocabularies
  ModelCost(ModelConfig config) {
    this.c = config;
    this.hidden = config.hidden();
    this.codebook = config.unitEmbedding() == UnitEmbedding.CODEBOOK;
  }

  /// Trainable parameters.
  long parameters() {
    long stacks = c.dual() && !c.sharedStacks() ? 2L : 1L;
    return embeddings() + stacks * c.layers() * layer() + interactions() * interaction() + heads();
  }

  /// Floating-point operations of a row of `tokens` tokens and `units` phonetic units, CLS and SEP
  /// included, when `targets` of the tokens have a loss.
  double flops(long tokens, long units, long targets) {
    long positions = c.kind() == Kind.JOINT ? tokens + units : tokens;
    double stacks = c.dual() ? 2 : 1;
    double products = 4.0 * hidden * hidden + 2.0 * hidden * c.feedForward();
    double attention = 2.0 * positions * hidden; // Scores and weighted sums, for each position.
    double all = stacks * c.layers() * 2.0 * positions * (products + attention);
    if (c.dual() && c.interaction() != Interaction.NONE) {
      all += 2.0 * c.layers() * tokens * interactionProducts();
    }
    return all
        + 2.0 * (codebookProducts() + phoneticProducts(tokens, units) + targets * headProducts());
  }

  /// Products that map the codebooks to unit vectors, once for each pass.
  private double codebookProducts() {
    if (!codebook) {
      return 0;
    }
    double width = c.dual() ? c.phoneticEmbedding() : hidden;
    return (double) c.contextualCodes() * c.representationWidth() * hidden
        + (double) c.phoneticCodes() * c.phoneticWidth() * width;
  }

  private long embeddings() {
    long types = c.kind() == Kind.JOINT ? 2 : c.typeEmbeddings();
    long all =
        (c.contextualCodes() + (long) UnitIds.CONTEXTUAL_SPECIALS) * hidden
            + (c.maxPositions() + types) * hidden
            + 2 * hidden;
    all += codebook ? hidden * c.representationWidth() : 0;
    if (c.kind() == Kind.SINGLE) {
      return all;
    }
    long width = c.dual() ? c.phoneticEmbedding() : hidden;
    all += (c.phoneticCodes() + (long) UnitIds.PHONETIC_SPECIALS) * width;
    all += codebook ? width * c.phoneticWidth() : 0;
    return all + (c.dual() ? phoneticPooling() : 0);
  }

  private long phoneticPooling() {
    long width = c.phoneticEmbedding();
    if (c.phoneticPooling() == PhoneticPooling.GRU_ENDS) {
      long state = hidden / 4;
      return 2 * 3 * state * (width + state + 2);
    }
    return width == hidden ? 0 : hidden * width + hidden;
  }

  private long layer() {
    return 4 * hidden * hidden
        + 4 * hidden
        + 2 * hidden * c.feedForward()
        + c.feedForward()
        + hidden
        + 4 * hidden;
  }

  private long interactions() {
    if (!c.dual() || c.interaction() == Interaction.NONE) {
      return 0;
    }
    return c.interaction() == Interaction.SHARED ? 1 : c.layers();
  }

  private long interaction() {
    long channels = c.interactionSplit() ? 2 * hidden : hidden;
    return 2 * (hidden * hidden + (c.interactionBias() ? hidden : 0))
        + 2 * hidden * channels * KERNEL
        + channels
        + (c.interactionSplit() ? 2 * (2 * hidden * hidden + hidden) : 0)
        + 4 * hidden;
  }

  private double interactionProducts() {
    double channels = c.interactionSplit() ? 2.0 * hidden : hidden;
    return 2.0 * hidden * hidden
        + 2.0 * hidden * channels * KERNEL
        + (c.interactionSplit() ? 4.0 * hidden * hidden : 0);
  }

  private double phoneticProducts(long tokens, long units) {
    double width = c.phoneticEmbedding();
    if (!c.dual()) {
      return 0;
    }
    if (c.phoneticPooling() == PhoneticPooling.GRU_ENDS) {
      double state = hidden / 4.0;
      return units * 2 * 3 * state * (width + state);
    }
    return c.phoneticEmbedding() == c.hidden() ? 0 : tokens * width * hidden;
  }

  private long heads() {
    long all = head(c.scoredUnits());
    all += c.representationWidth() > 0 ? head(c.representationWidth()) : 0;
    long pooled = c.dual() || c.kind() == Kind.JOINT ? 2 * hidden : hidden;
    return all + (c.classes() > 0 ? c.classes() * (pooled + 1) : 0);
  }

  private long head(long out) {
    long width = headWidth();
    return headInput() * width + width + 2 * width + width * out + out;
  }

  private double headProducts() {
    double width = headWidth();
    double all = width * (headInput() + (double) c.scoredUnits());
    return c.representationWidth() > 0
        ? all + width * (headInput() + (double) c.representationWidth())
        : all;
  }

  private long headInput() {
    return c.dual() && c.headLayout() == HeadLayout.CONCATENATED ? 2 * hidden : hidden;
  }

  private long headWidth() {
    return c.headWidth() == 0 ? hidden : c.headWidth();
  }
}
