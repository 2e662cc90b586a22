package org.duovox.slu;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.train.GuardConfig;
import org.duovox.train.LoopConfig;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.data.UnitNoise;
import org.duovox.train.run.CheckpointConfig;
import org.duovox.train.run.ValidationConfig;

/// Settings of an intent classifier; every default is ours.
///
/// @param mode probe: the head alone on frozen features; finetune: the whole model; finetune
/// @param steps optimizer steps; 0 = by epochs
/// @param epochs passes over the training utterances when `steps` is 0; 30
/// @param batchSize 16
/// @param learningRate 5e-4 for fine-tuning; a probe wants about 1e-2
/// @param warmupFraction share of the steps with linear warm-up; 0.1
/// @param weightDecay 0.01
/// @param clip largest gradient norm; 1
/// @param dropout of the model while it is fine-tuned; 0.1
/// @param labelSmoothing 0.1
/// @param unitNoise units replaced by MASK in training
/// @param pooling of the tokens for the head: mean, max, cls
/// @param reportEvery steps between lines; 50
/// @param slots batches loaded ahead; 3
/// @param threads of libtorch; 0 = as they are
/// @param seed of the head, the order, the noise and dropout
/// @param checkpoints when a run saves itself
/// @param guards what stops or warns a training that goes wrong
public record SluConfig(
    Mode mode,
    long steps,
    int epochs,
    int batchSize,
    double learningRate,
    double warmupFraction,
    double weightDecay,
    double clip,
    double dropout,
    double labelSmoothing,
    UnitNoise unitNoise,
    SequencePooling pooling,
    int reportEvery,
    int slots,
    int threads,
    long seed,
    CheckpointConfig checkpoints,
    GuardConfig guards) {

  /// What is trained.
  public enum Mode {
    @JsonProperty("probe")
    PROBE,
    @JsonProperty("finetune")
    FINETUNE
  }

  public SluConfig {
    unitNoise = unitNoise == null ? UnitNoise.NONE : unitNoise;
    checkpoints = checkpoints == null ? CheckpointConfig.defaults() : checkpoints;
    guards = guards == null ? GuardConfig.defaults() : guards;
    require(steps >= 0 && steps <= 1L << 40, "steps must be 0 to %d".formatted(1L << 40));
    require(epochs >= 1 && epochs <= 100_000, "epochs must be 1 to 100000");
    require(batchSize >= 1 && batchSize <= 65_536, "batch_size must be 1 to 65536");
    require(learningRate > 0 && learningRate <= 1, "learning_rate must be above 0 and at most 1");
    require(warmupFraction >= 0 && warmupFraction < 1, "warmup_fraction must be 0 to below 1");
    require(weightDecay >= 0 && weightDecay <= 1000, "weight_decay must be 0 to 1000");
    require(clip >= 0 && clip <= 1e9, "clip must be 0 to 1e9");
    require(dropout >= 0 && dropout < 1, "dropout must be 0 to below 1");
    require(labelSmoothing >= 0 && labelSmoothing < 1, "label_smoothing must be 0 to below 1");
    require(reportEvery >= 1, "report_every must be at least 1");
    require(slots >= 1 && slots <= 64, "slots must be 1 to 64");
    require(threads >= 0 && threads <= 1024, "threads must be 0 to 1024");
  }

  /// Fine-tuning with the documented defaults.
  public static SluConfig defaults() {
    return new SluConfig(
        Mode.FINETUNE,
        0,
        30,
        16,
        5e-4,
        0.1,
        0.01,
        1,
        0.1,
        0.1,
        UnitNoise.NONE,
        SequencePooling.MEAN,
        50,
        3,
        0,
        0,
        CheckpointConfig.defaults(),
        GuardConfig.defaults());
  }

  /// A linear probe with the documented defaults.
  public static SluConfig probe() {
    return new SluConfig(
        Mode.PROBE,
        0,
        50,
        64,
        1e-2,
        0.1,
        0.01,
        0,
        0,
        0,
        UnitNoise.NONE,
        SequencePooling.MEAN,
        50,
        3,
        0,
        0,
        CheckpointConfig.defaults(),
        GuardConfig.defaults());
  }

  NativeTrainer.Config toNative(long steps) {
    return new NativeTrainer.Config(
        mode == Mode.PROBE ? NativeTrainer.Objective.PROBE : NativeTrainer.Objective.CLASSIFY,
        new NativeTrainer.Schedule(steps, (long) (warmupFraction * steps), learningRate),
        NativeTrainer.AdamW.usual(weightDecay, clip),
        NativeTrainer.Loss.ofClasses(labelSmoothing),
        guards.spikes(),
        seed);
  }

  /// How utterances become steps.
  TrainPlan.Order order() {
    return new TrainPlan.Order(batchSize, 0, 1, steps, epochs, seed);
  }

  /// What the training's loop is told: nothing is held out.
  LoopConfig loop() {
    return new LoopConfig(1, reportEvery, slots, ValidationConfig.defaults(), checkpoints, guards);
  }

  /// The same without what may change when a run goes on.
  SluConfig essence() {
    SluConfig d = defaults();
    return new SluConfig(
        mode,
        steps,
        epochs,
        batchSize,
        learningRate,
        warmupFraction,
        weightDecay,
        clip,
        dropout,
        labelSmoothing,
        unitNoise,
        pooling,
        reportEvery,
        d.slots(),
        d.threads(),
        seed,
        d.checkpoints(),
        guards.essence());
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("slu: " + rule);
    }
  }
}
