package org.duovox.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.config.Settings;
import org.duovox.eval.Centering;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.model.ModelConfig;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.slu.SluConfig;
import org.duovox.speech.Chunking;
import org.duovox.speech.encoders.Encoders;
import org.duovox.train.PretrainConfig;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.AlignConfig;

/// A recipe: an experiment in one file, with data, both representations, quantizers, model,
/// objectives, training and evaluations.
///
/// @param name short name, part of the results
/// @param title a line for people
/// @param seed of the bootstrap intervals; every training has a seed of its own
/// @param threads threads of one operation; several folds run beside each other, and the thread
///   count is part of the last bits
/// @param systems which models are trained and compared
public record Recipe(
    String name,
    String title,
    long seed,
    int threads,
    DataConfig data,
    Representations representations,
    Quantizers quantizers,
    AlignConfig align,
    ModelConfig model,
    PretrainConfig pretrain,
    List<ModelSystem> systems,
    Evaluations evaluations) {

  /// What is compared: the dual-channel model, a baseline on one stream or on both in one joint
  /// sequence, or what there is without training.
  public enum ModelSystem {
    @JsonProperty("dual")
    DUAL,
    @JsonProperty("contextual")
    CONTEXTUAL,
    @JsonProperty("phonetic")
    PHONETIC,
    @JsonProperty("joint")
    JOINT,
    /// The dual-channel model with the weights that it begins with.
    @JsonProperty("random")
    RANDOM,
    /// The representations themselves, without any model of units.
    @JsonProperty("raw")
    RAW,
    /// A model of the true words in the field `text`: the ceiling of what units could give.
    @JsonProperty("words")
    WORDS;

    /// Returns the name in results and folders.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the recipe's model as this system has it.
    ModelConfig shape(ModelConfig model) {
      return switch (this) {
        case DUAL, RANDOM -> model;
        case CONTEXTUAL -> model.singleOn(UnitStream.CONTEXTUAL);
        case WORDS ->
            model
                .singleOn(UnitStream.CONTEXTUAL)
                .with(draft -> draft.unitEmbedding = ModelConfig.UnitEmbedding.LEARNED);
        case PHONETIC -> model.singleOn(UnitStream.PHONETIC);
        case JOINT -> model.joint();
        case RAW -> throw new IllegalStateException("raw is no model");
      };
    }

    /// Returns whether it reads units of audio.
    boolean readsUnits() {
      return this != RAW && this != WORDS;
    }

    /// Returns whether it has two channels.
    boolean bothChannels() {
      return this == DUAL || this == JOINT || this == RANDOM;
    }

    /// Returns the channel whose states stand for an utterance: what was asked for, or the only one
    /// there is.
    Channel channel(Channel asked) {
      return bothChannels() ? asked : Channel.CONTEXTUAL;
    }
  }

  /// The split: which utterances test. One value of a field at a time (`hold_out`), or those whose
  /// `field` is `test`; with a `test` of null all train, and no classifier is evaluated.
  public record SplitConfig(String holdOut, String field, String train, String test) {
    /// Returns the field `split` with the values `train` and `test`.
    public static SplitConfig defaults() {
      return new SplitConfig(null, "split", "train", "test");
    }
  }

  /// The two representations, each a layer of an encoder.
  public record Representations(Representation contextual, Representation phonetic) {
    private Representations located(Path file, List<String> settings) {
      return new Representations(
          located("contextual", contextual, file, settings),
          located("phonetic", phonetic, file, settings));
    }

    private static Representation located(
        String stream, Representation of, Path file, List<String> settings) {
      of.check(file + ": representations." + stream);
      return Encoders.NAMES.contains(of.encoder())
          ? of
          : of.withEncoder(
              absolute("representations." + stream + ".encoder", of.encoder(), file, settings));
    }
  }

  /// A layer of an encoder.
  ///
  /// @param encoder `logmel`, `mfcc`, `speech-embedding`, or the folder of a checkpoint or an ONNX
  ///   model
  /// @param chunking how CPC cuts audio: `whole`, `window`, `chunk`, `chunk-carried`
  public record Representation(String encoder, String layer, String chunking) {
    public Representation {
      chunking = Chunking.parse(chunking).toString();
    }

    /// Returns no encoder and no layer; utterances are read whole.
    public static Representation defaults() {
      return new Representation(null, null, "whole");
    }

    private void check(String where) {
      require(encoder != null, where + ".encoder is missing: name one, or the folder of one");
      require(layer != null, where + ".layer is missing: name a layer of the encoder");
    }

    private Representation withEncoder(String newEncoder) {
      return new Representation(newEncoder, layer, chunking);
    }
  }

  /// One quantizer per stream.
  public record Quantizers(QuantizerConfig contextual, QuantizerConfig phonetic) {
    /// Returns how many codes a codebook of the contextual stream has.
    public int contextualCodes() {
      return contextual.clusters();
    }

    /// Returns the same with codebooks that are only begun: to take the time of what reads units.
    public Quantizers begun() {
      return new Quantizers(contextual.begun(), phonetic.begun());
    }
  }

  /// The evaluations; one that is null is left out.
  ///
  /// @param finetune intent classification, the whole model trained
  /// @param probe intent classification by a linear layer on the frozen model
  /// @param ssimi semantic similarity of word pairs
  /// @param words which words mean alike, by the layer and channel that is best on dev
  public record Evaluations(
      SluConfig finetune, SluConfig probe, SsimiConfig ssimi, WordsConfig words) {
    /// Returns no evaluation.
    public static Evaluations defaults() {
      return new Evaluations(null, null, null, null);
    }

    /// Returns whether an utterance's class is recognized.
    public boolean hasClassifier() {
      return finetune != null || probe != null;
    }

    private Evaluations located(Path file, List<String> settings) {
      return new Evaluations(
          finetune,
          probe,
          ssimi == null
              ? null
              : ssimi.withRoot(absolute("evaluations.ssimi.root", ssimi.root(), file, settings)),
          words == null
              ? null
              : words.withRoot(absolute("evaluations.words.root", words.root(), file, settings)));
    }

    private void check(String file) {
      require(ssimi == null || ssimi.root() != null, file + ": evaluations.ssimi.root is missing");
      require(
          words == null || words.root() != null,
          file
              + ": evaluations.words.root is missing: name the folder with dev and test, e.g. --set evaluations.words.root=DIR");
    }
  }

  /// sSIMI on a folder in the ZeroSpeech 2021 semantic layout (`gold.csv`, `pairs.csv`,
  /// `synthetic/`, `librispeech/`).
  ///
  /// @param average layers whose mean is taken in place of `layer`; empty: none
  /// @param center which mean is taken off the vectors
  /// @param auc whether the area under the ROC curve is computed too
  /// @param aucThreshold pairs judged at least so are of the same class; null: those of the higher
  ///   of two judgments
  public record SsimiConfig(
      String root,
      String metric,
      String pooling,
      int layer,
      Channel channel,
      List<Integer> average,
      String center,
      boolean auc,
      Double aucThreshold) {
    public SsimiConfig {
      check("metric", metric, Distance::of);
      check("pooling", pooling, Pooling::of);
      check("center", center, Centering::of);
      average = List.copyOf(average);
    }

    private static void check(String key, String name, Consumer<String> parser) {
      try {
        parser.accept(name);
      } catch (DuovoxException e) {
        throw DuovoxException.config(key + ": " + e.getMessage(), e);
      }
    }

    /// Returns cosine distance of mean-pooled states of the last layer, both channels.
    public static SsimiConfig defaults() {
      return new SsimiConfig(
          null, "cosine", "mean", -1, Channel.BOTH, List.of(), "none", false, null);
    }

    private SsimiConfig withRoot(String newRoot) {
      return new SsimiConfig(
          newRoot, metric, pooling, layer, channel, average, center, auc, aucThreshold);
    }

    /// Returns which pairs are of the same class; null where no area is computed.
    SameClass sameClass() {
      OptionalDouble threshold =
          aucThreshold == null ? OptionalDouble.empty() : OptionalDouble.of(aucThreshold);
      return auc ? new SameClass(threshold) : null;
    }
  }

  /// Reads a recipe, lays `--set` values over it and makes its paths absolute.
  ///
  /// @param settings texts `a.b=value`
  /// @throws DuovoxException (BAD_CONFIG, MISSING_INPUT) with the place of a mistake
  public static Recipe read(Path file, List<String> settings) {
    Recipe recipe = Settings.read(file, settings, Recipe.class);
    require(
        recipe.data() != null && recipe.data().root() != null,
        file + ": data.root is missing: name the folder with the audio, e.g. --set data.root=DIR");
    Evaluations evaluations = recipe.evaluations();
    evaluations.check(file.toString());
    require(
        recipe.data().label() != null || !evaluations.hasClassifier(),
        file + ": data.label is missing: name the field that holds the class");
    SplitConfig split = recipe.data().split();
    require(
        split.holdOut() != null || split.test() != null || !evaluations.hasClassifier(),
        file + ": data.split.test is null: finetune and probe need utterances that test");
    require(
        recipe.systems().stream().allMatch(ModelSystem::readsUnits)
            || !(evaluations.hasClassifier() || evaluations.ssimi() != null),
        file
            + ": systems: raw and words have no model of units; only evaluations.words can score them");
    return recipe.located(file, settings);
  }

  /// Returns the recipe with absolute roots: those of the file start from its folder, those of
  /// `--set` from the working folder.
  private Recipe located(Path file, List<String> settings) {
    return new Recipe(
        name,
        title,
        seed,
        threads,
        data.located(file, settings),
        representations.located(file, settings),
        quantizers,
        align,
        model,
        pretrain,
        systems,
        evaluations.located(file, settings));
  }

  /// Returns a path that a setting gives, absolute.
  static String absolute(String key, String root, Path file, List<String> settings) {
    boolean set = settings.stream().anyMatch(setting -> setting.startsWith(key + "="));
    Path base = set ? Path.of("") : file.toAbsolutePath().getParent();
    return base.toAbsolutePath().resolve(root).normalize().toString();
  }

  public Recipe {
    require(
        name != null && name.matches("[A-Za-z0-9._-]+"),
        "name: letters, digits, '.', '_' and '-' only");
    require(threads >= 1 && threads <= 1024, "threads must be 1 to 1024, but is " + threads);
    require(
        systems != null && !systems.isEmpty(),
        "systems: name at least one of dual, contextual, phonetic, joint, random, raw, words");
    require(Set.copyOf(systems).size() == systems.size(), "systems: name each of them once");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw DuovoxException.config(message);
    }
  }
}
