package org.duovox.slu;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.data.UnitNoise;
import org.duovox.train.run.LoopConfig;
import org.duovox.train.run.LoopConfig.CheckpointConfig;
import org.duovox.train.run.LoopConfig.GuardConfig;
import org.duovox.train.run.LoopConfig.ValidationConfig;

/// Settings of an intent classifier; every default is ours.
///
/// @param mode what is trained: the head alone (probe) or the whole model; finetune
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
/// @param threads of libtorch; 0 = unchanged
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

  /// Returns fine-tuning with the documented defaults.
  public static SluConfig defaults() {
    return new Draft().done();
  }

  /// Returns a linear probe with the documented defaults.
  public static SluConfig probe() {
    return defaults()
        .with(draft -> {
          draft.mode = Mode.PROBE;
          draft.epochs = 50;
          draft.batchSize = 64;
          draft.learningRate = 1e-2;
          draft.clip = 0;
          draft.dropout = 0;
          draft.labelSmoothing = 0;
        });
  }

  /// Returns these settings with some changed, e.g. `with(draft -> draft.seed = 1)`.
  public SluConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /// Returns the settings of the native trainer for a schedule of this many steps.
  NativeTrainer.Config toNative(long steps) {
    return new NativeTrainer.Config(
        mode == Mode.PROBE ? NativeTrainer.Objective.PROBE : NativeTrainer.Objective.CLASSIFY,
        new NativeTrainer.Schedule(steps, (long) (warmupFraction * steps), learningRate),
        NativeTrainer.AdamW.usual(weightDecay, clip),
        NativeTrainer.Loss.ofClasses(labelSmoothing),
        guards.spikes(),
        seed);
  }

  /// Returns how utterances become steps.
  TrainPlan.Order order() {
    return new TrainPlan.Order(batchSize, 0, 1, steps, epochs, seed);
  }

  /// Returns the settings of the training's loop: nothing is held out.
  LoopConfig loop() {
    return new LoopConfig(1, reportEvery, slots, ValidationConfig.defaults(), checkpoints, guards);
  }

  /// Returns the same without what may change when a run is resumed.
  SluConfig essence() {
    Draft d = new Draft();
    return with(draft -> {
      draft.slots = d.slots;
      draft.threads = d.threads;
      draft.checkpoints = d.checkpoints;
      draft.guards = guards.essence();
    });
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("slu: " + rule);
    }
  }

  /// Settings while some of them change, by name: `config.with(draft -> draft.seed = 1)`. Begins
  /// with the defaults. The fields are open because a draft lives within one expression.
  public static final class Draft {
    public Mode mode = Mode.FINETUNE;
    public long steps;
    public int epochs = 30;
    public int batchSize = 16;
    public double learningRate = 5e-4;
    public double warmupFraction = 0.1;
    public double weightDecay = 0.01;
    public double clip = 1;
    public double dropout = 0.1;
    public double labelSmoothing = 0.1;
    public UnitNoise unitNoise = UnitNoise.NONE;
    public SequencePooling pooling = SequencePooling.MEAN;
    public int reportEvery = 50;
    public int slots = 3;
    public int threads;
    public long seed;
    public CheckpointConfig checkpoints = CheckpointConfig.defaults();
    public GuardConfig guards = GuardConfig.defaults();

    Draft() {}

    private Draft(SluConfig from) {
      mode = from.mode;
      steps = from.steps;
      epochs = from.epochs;
      batchSize = from.batchSize;
      learningRate = from.learningRate;
      warmupFraction = from.warmupFraction;
      weightDecay = from.weightDecay;
      clip = from.clip;
      dropout = from.dropout;
      labelSmoothing = from.labelSmoothing;
      unitNoise = from.unitNoise;
      pooling = from.pooling;
      reportEvery = from.reportEvery;
      slots = from.slots;
      threads = from.threads;
      seed = from.seed;
      checkpoints = from.checkpoints;
      guards = from.guards;
    }

    SluConfig done() {
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
          slots,
          threads,
          seed,
          checkpoints,
          guards);
    }
  }
}
