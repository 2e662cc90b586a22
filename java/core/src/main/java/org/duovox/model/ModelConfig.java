package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.units.Corpus;
import org.duovox.units.UnitStream;

/// Shape of a unit language model; `config.json` of a run holds it with keys in snake_case.
///
/// The defaults are the "BERT-small" of the ZeroSpeech 2021 baselines with the paper's two
/// channels. Vocabularies and widths of 0 are taken from the corpus by [#fitTo(Corpus)].
///
/// @param kind two channels, or the BERT baseline on one stream
/// @param stream the stream that a single-channel model reads; of no meaning for two channels
/// @param contextualCodes V, codes of the contextual stream or of the only one
/// @param phoneticCodes Q, 0 with one channel
/// @param layers 8
/// @param hidden 512, a multiple of `heads` and of 4
/// @param heads attention heads, 8
/// @param feedForward 2048
/// @param maxPositions longest input in tokens, CLS and SEP included, 512; longer utterances are
///   cut into windows
/// @param phoneticEmbedding width of a phonetic unit's embedding, 256
/// @param phoneticPooling how a token's phonetic units become one vector: gru_ends, mean, max
/// @param unitEmbedding learned: a free vector per unit; codebook: plus a learned map of its
///   codebook vector
/// @param representationWidth R, width of the contextual codebook; 0 without reconstruction (MCR)
/// @param phoneticWidth width of the phonetic codebook, 0 unless the embedding uses it
/// @param classes classes of the classification head, 0 for none
/// @param classPooling how the head pools the tokens: mean, max, cls
/// @param headLayout split: MCR reads the contextual and MCP the phonetic channel (our reading of
///   the paper); concatenated: both read both
/// @param dropout 0.1
/// @param layerNormEpsilon 1e-12
/// @param seed of the initial parameters
public record ModelConfig(
    Kind kind,
    UnitStream stream,
    int contextualCodes,
    int phoneticCodes,
    int layers,
    int hidden,
    int heads,
    int feedForward,
    int maxPositions,
    int phoneticEmbedding,
    PhoneticPooling phoneticPooling,
    UnitEmbedding unitEmbedding,
    int representationWidth,
    int phoneticWidth,
    int classes,
    SequencePooling classPooling,
    HeadLayout headLayout,
    double dropout,
    double layerNormEpsilon,
    long seed) {

  /// Dual-channel model or single-stream baseline; the order is that of `duovox_model_kind`.
  public enum Kind {
    @JsonProperty("dual")
    DUAL,
    @JsonProperty("single")
    SINGLE
  }

  /// Pooling of the phonetic units under one token; the order is that of `duovox_phonetic_pooling`.
  public enum PhoneticPooling {
    @JsonProperty("gru_ends")
    GRU_ENDS,
    @JsonProperty("mean")
    MEAN,
    @JsonProperty("max")
    MAX
  }

  /// What a unit's input vector is made of; the order is that of `duovox_unit_embedding`.
  public enum UnitEmbedding {
    @JsonProperty("learned")
    LEARNED,
    @JsonProperty("codebook")
    CODEBOOK
  }

  /// Pooling of an utterance for its class; the order is that of `duovox_sequence_pooling`.
  public enum SequencePooling {
    @JsonProperty("mean")
    MEAN,
    @JsonProperty("max")
    MAX,
    @JsonProperty("cls")
    CLS
  }

  /// What the two heads read; the order is that of `duovox_head_layout`.
  public enum HeadLayout {
    @JsonProperty("split")
    SPLIT,
    @JsonProperty("concatenated")
    CONCATENATED
  }

  public ModelConfig {
    ModelChecks.sizes(layers, hidden, heads, feedForward, maxPositions, phoneticEmbedding);
    ModelChecks.fractions(dropout, layerNormEpsilon);
    ModelChecks.counts(
        List.of(contextualCodes, phoneticCodes, representationWidth, phoneticWidth, classes));
  }

  /// The paper's size: 8 layers, hidden 512; vocabularies come from the corpus.
  public static ModelConfig defaults() {
    return sized(8, 512, 8, 2048, 256);
  }

  /// A named size: `bert-small` (the default) or `tiny` (2 layers, hidden 96), which trains in
  /// minutes on a CPU.
  public static ModelConfig preset(String name) {
    return switch (name) {
      case "bert-small" -> defaults();
      case "tiny" -> sized(2, 96, 4, 192, 96);
      default ->
          throw DuovoxException.config(
              "there is no model preset '" + name + "'; known are bert-small, tiny");
    };
  }

  private static ModelConfig sized(
      int layers, int hidden, int heads, int feedForward, int phoneticEmbedding) {
    return new ModelConfig(
        Kind.DUAL,
        UnitStream.CONTEXTUAL,
        0,
        0,
        layers,
        hidden,
        heads,
        feedForward,
        512,
        phoneticEmbedding,
        PhoneticPooling.GRU_ENDS,
        UnitEmbedding.LEARNED,
        0,
        0,
        0,
        SequencePooling.MEAN,
        HeadLayout.SPLIT,
        0.1,
        1e-12,
        0);
  }

  public boolean dual() {
    return kind == Kind.DUAL;
  }

  /// The corpus as this model reads it: both streams, or the one stream of a single-channel model.
  public Corpus view(Corpus corpus) {
    return dual() || corpus.phonetic().isEmpty() ? corpus : corpus.single(stream);
  }

  /// This shape with the vocabularies and codebook widths of a corpus.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when a vocabulary is set and differs
  public ModelConfig fitTo(Corpus corpus) {
    Corpus view = view(corpus);
    if (dual() && view.phonetic().isEmpty()) {
      throw DuovoxException.config("a model with two channels needs a corpus with two streams");
    }
    boolean codebook = dual() && unitEmbedding == UnitEmbedding.CODEBOOK;
    int fine =
        codebook ? view.phonetic().orElseThrow().requireCodebook("unit_embedding").width() : 0;
    return new ModelConfig(
        kind,
        stream,
        ModelChecks.agreed("contextual_codes", contextualCodes, view.contextual().vocabulary()),
        ModelChecks.agreed("phonetic_codes", phoneticCodes, dual() ? view.phoneticVocabulary() : 0),
        layers,
        hidden,
        heads,
        feedForward,
        maxPositions,
        phoneticEmbedding,
        phoneticPooling,
        unitEmbedding,
        ModelChecks.agreed(
            "representation_width", representationWidth, ModelChecks.targets(view, unitEmbedding)),
        ModelChecks.agreed("phonetic_width", phoneticWidth, fine),
        classes,
        classPooling,
        headLayout,
        dropout,
        layerNormEpsilon,
        seed);
  }

  /// This shape with a classification head.
  public ModelConfig withClasses(
      int newClasses, SequencePooling pooling, double newDropout, long newSeed) {
    return new ModelConfig(
        kind,
        stream,
        contextualCodes,
        phoneticCodes,
        layers,
        hidden,
        heads,
        feedForward,
        maxPositions,
        phoneticEmbedding,
        phoneticPooling,
        unitEmbedding,
        representationWidth,
        phoneticWidth,
        newClasses,
        pooling,
        headLayout,
        newDropout,
        layerNormEpsilon,
        newSeed);
  }

  /// This shape reading one stream with one channel.
  public ModelConfig singleOn(UnitStream only) {
    return new ModelConfig(
        Kind.SINGLE,
        only,
        0,
        0,
        layers,
        hidden,
        heads,
        feedForward,
        maxPositions,
        phoneticEmbedding,
        phoneticPooling,
        unitEmbedding,
        0,
        0,
        classes,
        classPooling,
        headLayout,
        dropout,
        layerNormEpsilon,
        seed);
  }
}
