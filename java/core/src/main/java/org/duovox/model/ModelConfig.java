package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;

/// Shape of a unit language model; `config.json` of a run holds it with keys in snake_case.
///
/// The defaults are the "BERT-small" of the ZeroSpeech 2021 baselines with the paper's two
/// channels. Vocabularies and widths of 0 are taken from the corpus by [#fitTo(Corpus)]. The
/// components from `headWidth` on may be missing in a file (of an earlier version): they then have
/// their defaults.
///
/// @param kind two channels, the BERT baseline on one stream, or the baseline of one joint sequence
/// @param stream the stream that a single-channel model reads; of no meaning for two channels
/// @param contextualCodes V, codes of the contextual stream or of the only one
/// @param phoneticCodes Q, 0 with one channel
/// @param layers 8
/// @param hidden 512, a multiple of `heads` and of 4
/// @param heads attention heads, 8
/// @param feedForward 2048
/// @param maxPositions longest input in tokens, CLS and SEP included, 512; of a joint sequence
///   tokens and phonetic units together; longer utterances are cut into windows
/// @param phoneticEmbedding width of a phonetic unit's embedding, 256
/// @param phoneticPooling how a token's phonetic units become one vector: gru_ends, mean, max
/// @param unitEmbedding learned: a free vector per unit; codebook: plus a learned map of its
///   codebook vector
/// @param representationWidth R, width of the contextual codebook; 0 without reconstruction (MCR)
/// @param phoneticWidth width of the phonetic codebook, 0 unless the embedding uses it
/// @param classes classes of the classification head, 0 for none
/// @param classPooling how the head pools the tokens: mean, max, cls
/// @param headLayout auto (default): concatenated for one objective, split for two, decided by
///   [#forObjectives(int)] before a training; split: MCR reads the contextual and MCP the phonetic
///   channel (our reading of the paper); concatenated: both read both
/// @param dropout 0.1
/// @param layerNormEpsilon 1e-12
/// @param seed of the initial parameters
/// @param headWidth of the dense layer of the MCP and MCR heads; 0, the default: `hidden`
/// @param headSpecials MCP scores CLS, SEP, MASK and PAD too, as the prototype does; false
/// @param sharedStacks both channels go through the same transformer layers; false
/// @param interaction weights per layer (default), shared, or none; of two channels
/// @param interactionActivation after the convolution: tanh (default), gelu, none
/// @param interactionSplit the convolution has 2 x hidden channels and a linear map brings them
///   back to each channel (default true), or hidden channels, added to both
/// @param interactionBias bias of the maps before the convolution; true
/// @param typeEmbeddings rows of a type embedding, of which row 0 is added to every contextual
///   token; 0: none. A joint sequence always has two
/// @param precision what a training computes in; fp32
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
    long seed,
    Integer headWidth,
    Boolean headSpecials,
    Boolean sharedStacks,
    Interaction interaction,
    Activation interactionActivation,
    Boolean interactionSplit,
    Boolean interactionBias,
    Integer typeEmbeddings,
    Precision precision) {

  /// Dual-channel model, single-stream or joint-sequence baseline; the order is that of
  /// `duovox_model_kind`.
  public enum Kind {
    @JsonProperty("dual")
    DUAL,
    @JsonProperty("single")
    SINGLE,
    @JsonProperty("joint")
    JOINT
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

  /// What the two heads read; the order is that of `duovox_head_layout`, which has no `auto`: a
  /// model in memory or in a file has one of the others.
  public enum HeadLayout {
    @JsonProperty("split")
    SPLIT,
    @JsonProperty("concatenated")
    CONCATENATED,
    @JsonProperty("auto")
    AUTO
  }

  public ModelConfig {
    headWidth = headWidth == null ? 0 : headWidth;
    headSpecials = headSpecials != null && headSpecials;
    sharedStacks = sharedStacks != null && sharedStacks;
    interaction = interaction == null ? Interaction.PER_LAYER : interaction;
    interactionActivation = interactionActivation == null ? Activation.TANH : interactionActivation;
    interactionSplit = interactionSplit == null || interactionSplit;
    interactionBias = interactionBias == null || interactionBias;
    typeEmbeddings = typeEmbeddings == null ? 0 : typeEmbeddings;
    precision = precision == null ? Precision.FP32 : precision;
    ModelChecks.sizes(layers, hidden, heads, feedForward, maxPositions, phoneticEmbedding);
    ModelChecks.heads(headWidth);
    ModelChecks.types(kind, typeEmbeddings);
    ModelChecks.fractions(dropout, layerNormEpsilon);
    ModelChecks.counts(
        List.of(contextualCodes, phoneticCodes, representationWidth, phoneticWidth, classes));
  }

  /// The paper's architecture and size: 8 layers, hidden 512; vocabularies come from the corpus.
  public static ModelConfig defaults() {
    return preset("paper");
  }

  /// A named configuration: an architecture (`paper`, `charbert`), a size (`bert-small`, `tiny`),
  /// or both joined with a dash; what is not named is `paper` and `bert-small`.
  public static ModelConfig preset(String name) {
    return ModelPresets.named(name);
  }

  /// This shape with some settings changed, e.g. `with(draft -> draft.layers = 4)`.
  public ModelConfig with(Consumer<ModelDraft> change) {
    ModelDraft draft = new ModelDraft(this);
    change.accept(draft);
    return draft.done();
  }

  /// Whether it has two channels.
  public boolean dual() {
    return kind == Kind.DUAL;
  }

  /// Whether it reads both streams: in two channels or as one joint sequence.
  public boolean bothStreams() {
    return kind != Kind.SINGLE;
  }

  /// The corpus as this model reads it: both streams, or the one stream of a single-channel model.
  public Corpus view(Corpus corpus) {
    return bothStreams() || corpus.phonetic().isEmpty() ? corpus : corpus.single(stream);
  }

  /// This shape with the vocabularies and codebook widths of a corpus.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when a vocabulary is set and differs
  public ModelConfig fitTo(Corpus corpus) {
    return ModelChecks.fitted(this, view(corpus));
  }

  /// This shape with `head_layout: auto` decided. One objective alone learns from both channels, as
  /// in the paper; two have a channel each.
  ///
  /// @param objectives how many of MCP and MCR have a weight above 0
  public ModelConfig forObjectives(int objectives) {
    return headLayout != HeadLayout.AUTO
        ? this
        : with(draft ->
            draft.headLayout = objectives == 1 ? HeadLayout.CONCATENATED : HeadLayout.SPLIT);
  }

  /// This shape with a classification head, computed in float32.
  public ModelConfig withClasses(
      int newClasses, SequencePooling pooling, double newDropout, long newSeed) {
    return with(draft -> {
      draft.classes = newClasses;
      draft.classPooling = pooling;
      draft.dropout = newDropout;
      draft.seed = newSeed;
      draft.precision = Precision.FP32;
    });
  }

  /// This shape reading one stream with one channel.
  public ModelConfig singleOn(UnitStream only) {
    return ofKind(Kind.SINGLE, only);
  }

  /// This shape reading both streams as one joint sequence.
  public ModelConfig joint() {
    return ofKind(Kind.JOINT, UnitStream.CONTEXTUAL);
  }

  /// The dual-channel model of the same settings, that baselines are matched to.
  public ModelConfig dualOfSameSettings() {
    return ofKind(Kind.DUAL, UnitStream.CONTEXTUAL);
  }

  private ModelConfig ofKind(Kind newKind, UnitStream only) {
    return with(draft -> {
      draft.kind = newKind;
      draft.typeEmbeddings = Math.min(draft.typeEmbeddings, newKind == Kind.JOINT ? 0 : 1);
      draft.stream = only;
      draft.contextualCodes = 0;
      draft.phoneticCodes = 0;
      draft.representationWidth = 0;
      draft.phoneticWidth = 0;
    });
  }
}
