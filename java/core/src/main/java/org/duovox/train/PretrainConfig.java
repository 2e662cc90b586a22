package org.duovox.train;

import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.match.Match;
import org.duovox.train.data.MaskingConfig;
import org.duovox.train.data.McrTarget;
import org.duovox.train.data.TargetFeatures;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.run.CheckpointConfig;
import org.duovox.train.run.ValidationConfig;
import org.duovox.units.corpus.Corpus;

/// Settings of a pretraining; the defaults are those of the first author's prototype where it has
/// one.
///
/// @param steps optimizer steps; 0 = by epochs
/// @param epochs passes over the corpus when `steps` is 0; 40
/// @param batchSize most utterances of a batch; 16
/// @param batchTokens most tokens of a batch, CLS and SEP included, padding not; 0 = no limit
/// @param accumulation batches that make one step, as if they were one; 1; the last step of an
///   epoch takes those that are left
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
/// @param validationFraction share of the recordings held out to validate on ([HeldOut]); 0.05; 0 =
///   none
/// @param validation when to validate, early stopping, best model
/// @param checkpoints when a run saves itself
/// @param guards what stops or warns a training that goes wrong
/// @param reportEvery steps between lines; 50
/// @param slots batches loaded ahead, beyond those of a step; 3
/// @param threads of libtorch, part of a run's last bits; 0 = as they are
/// @param seed of masks, order, dropout and the held-out utterances
/// @param mcrTarget what masked context reconstruction aims at: codebook (default), feature
/// @param match what a baseline gets as much of as the dual-channel model: none (default),
///   parameters, flops; of no meaning for the dual-channel model itself
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
    MaskingConfig masking,
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
  private static final long LONGEST_WARMUP = 10_000;
  // As the native trainer has them.
  private static final long MOST_STEPS = 1L << 40;
  private static final int MOST_EPOCHS = 1_000_000;
  private static final double HEAVIEST = 1e6;

  public PretrainConfig {
    masking = masking == null ? MaskingConfig.defaults() : masking;
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

  /// The documented defaults.
  public static PretrainConfig defaults() {
    return new PretrainConfig(
        0,
        40,
        16,
        0,
        1,
        1e-4,
        -1,
        0.01,
        1,
        0.9,
        0.999,
        1e-8,
        1,
        1,
        MaskingConfig.defaults(),
        0.05,
        ValidationConfig.defaults(),
        CheckpointConfig.defaults(),
        GuardConfig.defaults(),
        50,
        3,
        0,
        42,
        McrTarget.CODEBOOK,
        Match.NONE);
  }

  /// Settings of the native trainer for a schedule of this many steps.
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

  /// How many of the two objectives take part.
  int objectives() {
    return (mcpWeight > 0 ? 1 : 0) + (mcrWeight > 0 ? 1 : 0);
  }

  /// Whether reconstruction takes part and aims at continuous features.
  public boolean aimsAtFeatures() {
    return mcrWeight > 0 && mcrTarget == McrTarget.FEATURE;
  }

  /// How utterances become steps. The features that MCR aims at, of a corpus as the model reads it;
  /// none when it aims at the codebook.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when the corpus keeps none for its contextual tokens
  TargetFeatures targets(Corpus corpus) {
    return aimsAtFeatures() ? TargetFeatures.of(corpus) : TargetFeatures.NONE;
  }

  TrainPlan.Order order() {
    return new TrainPlan.Order(batchSize, batchTokens, accumulation, steps, epochs, seed);
  }

  /// What the training's loop is told.
  LoopConfig loop() {
    return new LoopConfig(accumulation, reportEvery, slots, validation, checkpoints, guards);
  }

  /// The same without what changes no result: checkpoints, slots, the limit of skipped steps; and
  /// threads and the size of parts, of which the last bits depend and which are compared on their
  /// own.
  PretrainConfig essence() {
    PretrainConfig d = defaults();
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
        d.checkpoints(),
        guards.essence(),
        reportEvery,
        d.slots(),
        d.threads(),
        seed,
        mcrTarget,
        match);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("pretrain: " + rule);
    }
  }
}
