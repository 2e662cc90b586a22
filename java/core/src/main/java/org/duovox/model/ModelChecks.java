package org.duovox.model;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.UnitEmbedding;
import org.duovox.units.Codebook;
import org.duovox.units.corpus.Corpus;

/// Checks the values of a [ModelConfig] and fits it to a corpus; each message names the key.
final class ModelChecks {
  private static final int MAX_WIDTH = 65_536;
  private static final int MAX_CODES = 10_000_000;

  private ModelChecks() {}

  static void sizes(
      int layers, int hidden, int heads, int feedForward, int maxPositions, int phoneticEmbedding) {
    range("layers", layers, 1, 1024);
    range("hidden", hidden, 4, MAX_WIDTH);
    range("heads", heads, 1, hidden);
    if (hidden % heads != 0 || hidden % 4 != 0) {
      throw DuovoxException.config(
          "model: hidden must be a multiple of 4 and of heads, but hidden is %d and heads is %d"
              .formatted(hidden, heads));
    }
    range("feed_forward", feedForward, 1, 4 * MAX_WIDTH);
    range("max_positions", maxPositions, 3, 1 << 20);
    range("phonetic_embedding", phoneticEmbedding, 1, MAX_WIDTH);
  }

  static void heads(int width) {
    range("head_width", width, 0, MAX_WIDTH);
  }

  static void types(Kind kind, int rows) {
    if (kind == Kind.JOINT && rows != 0 && rows != 2) {
      throw DuovoxException.config(
          "model: a joint sequence has 2 type embeddings, but type_embeddings is %d; leave it out"
              .formatted(rows));
    }
    if (kind != Kind.JOINT) {
      range("type_embeddings", rows, 0, 1);
    }
  }

  static void fractions(double dropout, double layerNormEpsilon) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw DuovoxException.config("model: dropout must be 0 to below 1, but is " + dropout);
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon <= 1)) {
      throw DuovoxException.config(
          "model: layer_norm_epsilon must be above 0 and at most 1, but is " + layerNormEpsilon);
    }
  }

  static void counts(List<Integer> values) {
    for (int value : values) {
      range("codes, widths and classes", value, 0, MAX_CODES);
    }
  }

  /// Returns the shape with the vocabularies and widths of a corpus.
  ///
  /// @param view the corpus as the model reads it
  static ModelConfig fitted(ModelConfig config, Corpus view) {
    if (config.bothStreams() && view.phonetic().isEmpty()) {
      throw DuovoxException.config(
          config.dual()
              ? "a model with two channels needs a corpus with two streams"
              : "a joint sequence needs a corpus with two streams");
    }
    boolean codebook = config.bothStreams() && config.unitEmbedding() == UnitEmbedding.CODEBOOK;
    int phoneticWidth =
        codebook ? view.phonetic().orElseThrow().requireCodebook("unit_embedding").width() : 0;
    int contextualWidth = targetWidth(view, config.unitEmbedding());
    return config.with(draft -> {
      draft.contextualCodes =
          agreed("contextual_codes", draft.contextualCodes, view.contextual().vocabulary());
      draft.phoneticCodes =
          agreed("phonetic_codes", draft.phoneticCodes, view.phoneticVocabulary());
      draft.representationWidth =
          agreed("representation_width", draft.representationWidth, contextualWidth);
      draft.phoneticWidth = agreed("phonetic_width", draft.phoneticWidth, phoneticWidth);
    });
  }

  /// Returns the corpus's value where the configuration has 0 or the same value; throws otherwise.
  private static int agreed(String key, int configured, int ofCorpus) {
    if (configured != 0 && configured != ofCorpus) {
      throw DuovoxException.config(
          "model: %s is %d, but the corpus has %d; leave it out or bring the corpus it is for"
              .formatted(key, configured, ofCorpus));
    }
    return ofCorpus;
  }

  private static void range(String key, int value, int low, int high) {
    if (value < low || value > high) {
      throw DuovoxException.config(
          "model: %s must be %d to %d, but is %d".formatted(key, low, high, value));
    }
  }

  /// Returns the width of what MCR predicts: the contextual codebook's vectors; 0 for units without
  /// a codebook.
  private static int targetWidth(Corpus view, UnitEmbedding embedding) {
    return embedding == UnitEmbedding.CODEBOOK
        ? view.contextual().requireCodebook("unit_embedding").width()
        : view.contextual().codebook().map(Codebook::width).orElse(0);
  }
}
