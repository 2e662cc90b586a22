package org.duovox.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.io.Present;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;

/// The shape of a unit language model; `config.json` of a run holds it with keys in snake_case.
///
/// The defaults ([ModelDraft]) are the "BERT-small" of the ZeroSpeech 2021 baselines with the
/// paper's two channels. [#fitTo(Corpus)] takes vocabularies and widths of 0 from the corpus. The
/// components from `headWidth` on may be missing in a file of an earlier version and then have
/// their defaults. To make one, change another one by name: [#with(Consumer)].
///
/// @param kind two channels, the BERT baseline on one stream, or the baseline of one joint sequence
/// @param stream the stream that a single-channel model reads; ignored for two channels
/// @param contextualCodes V, codes of the contextual stream or of the only stream
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
/// @param headLayout concatenated (default): both heads read both channels; split: MCR reads the
///   contextual and MCP the phonetic channel (our reading of the paper); auto (preset paper):
///   concatenated for one objective, split for two, decided by [#forObjectives(int)] before a
///   training
/// @param dropout 0.1
/// @param layerNormEpsilon 1e-12
/// @param seed of the initial parameters
/// @param headWidth of the dense layer of the MCP and MCR heads; 0, the default: `hidden`
/// @param headSpecials whether MCP scores CLS, SEP, MASK and PAD too, as the prototype does; false
/// @param sharedStacks whether both channels go through the same transformer layers; false
/// @param interaction weights per layer (default), shared, or none; of two channels
/// @param interactionActivation after the convolution: tanh (default), gelu, none
/// @param interactionSplit whether the convolution has 2 x hidden channels, which a linear map
///   brings back to each channel (true, the default), or hidden channels, added to both (false)
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

  /// Which weights the heterogeneous interaction of two channels has; the order is that of
  /// `duovox_interaction`.
  public enum Interaction {
    /// A set for each layer, as in the paper.
    @JsonProperty("per_layer")
    PER_LAYER,
    /// One set, norms included, used after every layer, as in CharBERT's code.
    @JsonProperty("shared")
    SHARED,
    /// No interaction: the channels meet in the heads only. An ablation.
    @JsonProperty("none")
    NONE
  }

  /// What follows the convolution of the heterogeneous interaction; the order is that of
  /// `duovox_activation`.
  public enum Activation {
    @JsonProperty("none")
    NONE,
    @JsonProperty("tanh")
    TANH,
    @JsonProperty("gelu")
    GELU
  }

  /// What the passes of a training compute in; parameters, gradients of a step and the optimizer
  /// stay float32. The order is that of `duovox_precision`.
  public enum Precision {
    @JsonProperty("fp32")
    FP32,
    /// On a processor that multiplies bfloat16, or on CUDA.
    @JsonProperty("bf16")
    BF16,
    /// On CUDA only, with dynamic loss scaling.
    @JsonProperty("fp16")
    FP16
  }

  public ModelConfig {
    ModelDraft defaults = new ModelDraft();
    headWidth = headWidth == null ? defaults.headWidth : headWidth;
    headSpecials = headSpecials == null ? defaults.headSpecials : headSpecials;
    sharedStacks = sharedStacks == null ? defaults.sharedStacks : sharedStacks;
    interaction = interaction == null ? defaults.interaction : interaction;
    interactionActivation =
        interactionActivation == null ? defaults.interactionActivation : interactionActivation;
    interactionSplit = interactionSplit == null ? defaults.interactionSplit : interactionSplit;
    interactionBias = interactionBias == null ? defaults.interactionBias : interactionBias;
    typeEmbeddings = typeEmbeddings == null ? defaults.typeEmbeddings : typeEmbeddings;
    precision = precision == null ? defaults.precision : precision;
    Present.require("kind", kind, "unit_embedding", unitEmbedding, "head_layout", headLayout);
    Present.require(
        "stream", stream, "class_pooling", classPooling, "phonetic_pooling", phoneticPooling);
    ModelChecks.sizes(layers, hidden, heads, feedForward, maxPositions, phoneticEmbedding);
    ModelChecks.heads(headWidth);
    ModelChecks.types(kind, typeEmbeddings);
    ModelChecks.fractions(dropout, layerNormEpsilon);
    ModelChecks.counts(
        List.of(contextualCodes, phoneticCodes, representationWidth, phoneticWidth, classes));
  }

  /// The paper's architecture and size: 8 layers, hidden 512; vocabularies come from the corpus.
  public static ModelConfig defaults() {
    return new ModelDraft().config();
  }

  /// A named configuration: an architecture (`paper`, `charbert`), a size (`bert-small`, `tiny`),
  /// or both joined with a dash; what is not named is `paper` and `bert-small`.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for any other name
  public static ModelConfig preset(String name) {
    return ModelDraft.preset(name).config();
  }

  /// Returns this shape with some settings changed, e.g. `with(draft -> draft.layers = 4)`.
  public ModelConfig with(Consumer<ModelDraft> change) {
    ModelDraft draft = new ModelDraft(this);
    change.accept(draft);
    return draft.config();
  }

  /// Whether it has two channels.
  public boolean dual() {
    return kind == Kind.DUAL;
  }

  /// Whether it reads both streams: in two channels or as one joint sequence.
  public boolean bothStreams() {
    return kind != Kind.SINGLE;
  }

  /// The units that MCP scores at a token: the codes, with `headSpecials` the special units too.
  public int scoredUnits() {
    return contextualCodes + (headSpecials ? UnitIds.CONTEXTUAL_SPECIALS : 0);
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

  /// This shape with `head_layout: auto` decided: one objective alone reads both channels, as in
  /// the paper; two objectives read a channel each.
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

  /// The dual-channel model of the same settings, which baselines are matched to.
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
