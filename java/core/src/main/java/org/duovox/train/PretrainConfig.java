package org.duovox.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.ModelConfig;
import org.duovox.model.match.Match;
import org.duovox.train.data.EpochSource.TargetFeatures;
import org.duovox.train.data.Masking;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.run.LoopConfig;
import org.duovox.train.run.LoopConfig.CheckpointConfig;
import org.duovox.train.run.LoopConfig.GuardConfig;
import org.duovox.train.run.LoopConfig.ValidationConfig;
import org.duovox.units.corpus.Corpus;

/// Settings of a pretraining; the defaults are those of the first author's prototype where it has
/// one.
///
/// @param steps optimizer steps; 0 = by epochs
/// @param epochs passes over the corpus when `steps` is 0; 40
/// @param batchSize most utterances of a batch; 16
/// @param batchTokens most tokens of a batch, CLS and SEP included, padding excluded; 0 = no limit
/// @param accumulation batches that make one step, as if they were one; 1; the last step of an
///   epoch reads those that are left
/// @param learningRate 1e-4
/// @param warmup steps of linear warm-up; -1 = 10,000 or a tenth of the steps, whichever is less
/// @param weightDecay 0.01, not on biases and norms
/// @param clip largest gradient norm; 1; 0 = none
/// @param beta1 0.9
/// @param beta2 0.999
/// @param epsilon 1e-8
/// @param mcpWeight weight of masked context prediction; 1
/// @param mcrWeight weight of masked context reconstruction; 1
/// @param masking which tokens become targets
/// @param validationFraction share of the recordings held out to validate on ([TrainPlan.HeldOut]);
///   0.05; 0 = none
/// @param validation when to validate, early stopping, best model
/// @param checkpoints when a run saves itself
/// @param guards what stops or warns a training that goes wrong
/// @param reportEvery steps between lines; 50
/// @param slots batches loaded ahead, beyond those of a step; 3
/// @param threads of libtorch, which change the last bits of a run; 0 = unchanged
/// @param seed of masks, order, dropout and the held-out utterances
/// @param mcrTarget target of masked context reconstruction: codebook (default), feature
/// @param match in what a baseline is sized to equal the dual-channel model: none (default),
///   parameters, flops; without meaning for the dual-channel model itself
public record PretrainConfig(
    long steps,
    int epochs,
    int batchSize,
    long batchTokens,
    int accumulation,
    double learningRate,
    long warmup,
    double weightDecay,
    double clip,
    double beta1,
    double beta2,
    double epsilon,
    double mcpWeight,
    double mcrWeight,
    Masking.Config masking,
    double validationFraction,
    ValidationConfig validation,
    CheckpointConfig checkpoints,
    GuardConfig guards,
    int reportEvery,
    int slots,
    int threads,
    long seed,
    McrTarget mcrTarget,
    Match match) {
  /// The target of masked context reconstruction, standardized by the codebook either way; in the
  /// order of `duovox_mcr_target`.
  public enum McrTarget {
    /// The codebook vector of the true unit.
    @JsonProperty("codebook")
    CODEBOOK,
    /// The mean continuous feature of the merged token, which the corpus must keep.
    @JsonProperty("feature")
    FEATURE
  }

  private static final long LONGEST_WARMUP = 10_000;
  // Limits of the native trainer.
  private static final long MOST_STEPS = 1L << 40;
  private static final int MOST_EPOCHS = 1_000_000;
  private static final double HEAVIEST = 1e6;

  public PretrainConfig {
    masking = masking == null ? Masking.Config.defaults() : masking;
    validation = validation == null ? ValidationConfig.defaults() : validation;
    checkpoints = checkpoints == null ? CheckpointConfig.defaults() : checkpoints;
    guards = guards == null ? GuardConfig.defaults() : guards;
    mcrTarget = mcrTarget == null ? McrTarget.CODEBOOK : mcrTarget;
    match = match == null ? Match.NONE : match;
    require(
        steps >= 0 && steps <= MOST_STEPS,
        "steps must be 0 (by epochs) to %d".formatted(MOST_STEPS));
    require(epochs >= 0 && epochs <= MOST_EPOCHS, "epochs must be 0 to %d".formatted(MOST_EPOCHS));
    require(steps > 0 || epochs > 0, "epochs or steps must be above 0");
    require(batchSize >= 1 && batchSize <= 65_536, "batch_size must be 1 to 65536");
    require(batchTokens >= 0, "batch_tokens must be 0 (no limit) or above");
    require(learningRate > 0 && learningRate <= 1, "learning_rate must be above 0 and at most 1");
    require(warmup >= -1, "warmup must be -1 (automatic) or a number of steps");
    require(weightDecay >= 0 && weightDecay <= 1000, "weight_decay must be 0 to 1000");
    require(clip >= 0 && clip <= 1e9, "clip must be 0 to 1e9");
    require(beta1 >= 0 && beta1 < 1, "beta1 must be 0 to below 1");
    require(beta2 >= 0 && beta2 < 1, "beta2 must be 0 to below 1");
    require(epsilon > 0 && epsilon <= 1, "epsilon must be above 0 and at most 1");
    require(mcpWeight >= 0 && mcpWeight <= HEAVIEST, "mcp_weight must be 0 to 1e6");
    require(mcrWeight >= 0 && mcrWeight <= HEAVIEST, "mcr_weight must be 0 to 1e6");
    require(mcpWeight + mcrWeight > 0, "mcp_weight and mcr_weight must not both be 0");
    require(
        validationFraction >= 0 && validationFraction <= 0.5,
        "validation_fraction must be 0 to 0.5");
    require(reportEvery >= 1, "report_every must be at least 1");
    require(slots >= 1 && slots <= NativeRing.MOST_SLOTS, "slots must be 1 to 64");
    require(
        accumulation >= 1 && accumulation <= NativeRing.MOST_SLOTS + 1 - slots,
        "accumulation must be 1 to %d with %d slots, which hold the batches of a step at once"
            .formatted(NativeRing.MOST_SLOTS + 1 - slots, slots));
    require(threads >= 0 && threads <= 1024, "threads must be 0 to 1024");
  }

  /// Returns the documented defaults.
  public static PretrainConfig defaults() {
    return new Draft().done();
  }

  /// Returns these settings with some changed, e.g. `with(draft -> draft.seed = 1)`.
  public PretrainConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /// Returns the settings of the native trainer for a schedule of this many steps.
  public NativeTrainer.Config toNative(long allSteps) {
    long warm = warmup >= 0 ? warmup : Math.min(LONGEST_WARMUP, allSteps / 10);
    if (warm >= allSteps && allSteps > 1) {
      throw DuovoxException.config(
          ("pretrain: warmup is %d, but the training has only %d steps;"
                  + " the learning rate would never be reached")
              .formatted(warm, allSteps));
    }
    return new NativeTrainer.Config(
        NativeTrainer.Objective.PRETRAIN,
        new NativeTrainer.Schedule(allSteps, warm, learningRate),
        new NativeTrainer.AdamW(beta1, beta2, epsilon, weightDecay, clip),
        new NativeTrainer.Loss(mcpWeight, mcrWeight, mcrTarget.ordinal(), 0),
        guards.spikes(),
        seed);
  }

  /// Returns a model of this shape with the heads that the objectives decide on.
  public ModelConfig headsOf(ModelConfig shape) {
    return shape.forObjectives(objectives());
  }

  /// Returns these settings for units that are words: predicted one by one, since there is no
  /// vector to reconstruct and no neighbor that overlaps.
  public PretrainConfig ofWords() {
    return with(draft -> {
      draft.mcpWeight = 1;
      draft.mcrWeight = 0;
      draft.masking = Masking.Config.defaults();
      draft.match = Match.NONE;
    });
  }

  /// Returns how many of the two objectives take part.
  int objectives() {
    return (mcpWeight > 0 ? 1 : 0) + (mcrWeight > 0 ? 1 : 0);
  }

  /// Returns whether reconstruction takes part and its targets are continuous features.
  private boolean aimsAtFeatures() {
    return mcrWeight > 0 && mcrTarget == McrTarget.FEATURE;
  }

  /// Returns the features that are targets of reconstruction; none when the codebook is.
  ///
  /// @param corpus in the view that the model reads
  /// @throws DuovoxException (BAD_CONFIG) when the corpus keeps none for its contextual tokens
  TargetFeatures targets(Corpus corpus) {
    return aimsAtFeatures() ? TargetFeatures.of(corpus) : TargetFeatures.NONE;
  }

  /// Returns how utterances become steps.
  TrainPlan.Order order() {
    return new TrainPlan.Order(batchSize, batchTokens, accumulation, steps, epochs, seed);
  }

  /// Returns the settings of the training's loop.
  LoopConfig loop() {
    return new LoopConfig(accumulation, reportEvery, slots, validation, checkpoints, guards);
  }

  /// Returns the same without what changes no result (checkpoints, slots, the limit of skipped
  /// steps) and without what changes the last bits only and is compared on its own (threads, the
  /// size of parts).
  PretrainConfig essence() {
    Draft d = new Draft();
    return with(draft -> {
      draft.checkpoints = d.checkpoints;
      draft.guards = guards.essence();
      draft.slots = d.slots;
      draft.threads = d.threads;
    });
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("pretrain: " + rule);
    }
  }

  /// Settings while some of them change, by name: `config.with(draft -> draft.seed = 1)`. Begins
  /// with the defaults. The fields are open because a draft lives within one expression.
  public static final class Draft {
    public long steps;
    public int epochs = 40;
    public int batchSize = 16;
    public long batchTokens;
    public int accumulation = 1;
    public double learningRate = 1e-4;
    public long warmup = -1;
    public double weightDecay = 0.01;
    public double clip = 1;
    public double beta1 = 0.9;
    public double beta2 = 0.999;
    public double epsilon = 1e-8;
    public double mcpWeight = 1;
    public double mcrWeight = 1;
    public Masking.Config masking = Masking.Config.defaults();
    public double validationFraction = 0.05;
    public ValidationConfig validation = ValidationConfig.defaults();
    public CheckpointConfig checkpoints = CheckpointConfig.defaults();
    public GuardConfig guards = GuardConfig.defaults();
    public int reportEvery = 50;
    public int slots = 3;
    public int threads;
    public long seed = 42;
    public McrTarget mcrTarget = McrTarget.CODEBOOK;
    public Match match = Match.NONE;

    Draft() {}

    private Draft(PretrainConfig from) {
      steps = from.steps;
      epochs = from.epochs;
      batchSize = from.batchSize;
      batchTokens = from.batchTokens;
      accumulation = from.accumulation;
      learningRate = from.learningRate;
      warmup = from.warmup;
      weightDecay = from.weightDecay;
      clip = from.clip;
      beta1 = from.beta1;
      beta2 = from.beta2;
      epsilon = from.epsilon;
      mcpWeight = from.mcpWeight;
      mcrWeight = from.mcrWeight;
      masking = from.masking;
      validationFraction = from.validationFraction;
      validation = from.validation;
      checkpoints = from.checkpoints;
      guards = from.guards;
      reportEvery = from.reportEvery;
      slots = from.slots;
      threads = from.threads;
      seed = from.seed;
      mcrTarget = from.mcrTarget;
      match = from.match;
    }

    PretrainConfig done() {
      return new PretrainConfig(
          steps,
          epochs,
          batchSize,
          batchTokens,
          accumulation,
          learningRate,
          warmup,
          weightDecay,
          clip,
          beta1,
          beta2,
          epsilon,
          mcpWeight,
          mcrWeight,
          masking,
          validationFraction,
          validation,
          checkpoints,
          guards,
          reportEvery,
          slots,
          threads,
          seed,
          mcrTarget,
          match);
    }
  }
}
