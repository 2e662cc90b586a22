package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_train_config;
import org.duovox.bindings.duovox_train_report;

/// Optimizer, schedule and meters of one training in the native library; borrows its model until
/// closed.
public final class NativeTrainer extends Handle {
  /// Most parts of one step: the most slots of a ring, each cut in four.
  public static final int MOST_PARTS = 256;

  /// What is trained: pretraining objectives, the classification head with the whole model, or the
  /// head alone.
  public enum Objective {
    PRETRAIN,
    CLASSIFY,
    PROBE
  }

  /// When a loss counts as a spike: `threshold` standard deviations above its running mean, 0 =
  /// never; whether its update is skipped; steps before the mean is trusted.
  public record Spikes(double threshold, boolean skip, int warmup) {
    /// No spikes.
    public static final Spikes NONE = new Spikes(0, false, 100);
  }

  /// Values of `duovox_train_config`; the loss scale of 16-bit floats has the header's defaults.
  public record Config(
      Objective objective,
      long steps,
      long warmup,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double clip,
      double mcpWeight,
      double mcrWeight,
      double labelSmoothing,
      Spikes spikes,
      int mcrTarget,
      long seed) {}

  /// Values of `duovox_train_report`: means since the last report, but step, learning rate and loss
  /// scale.
  public record Report(
      long step,
      long units,
      long targets,
      double loss,
      double mcp,
      double mcr,
      double accuracy,
      double learningRate,
      double gradientNorm,
      double lossScale,
      long skipped,
      long firstSkipped,
      long spikes,
      long firstSpike,
      double predictedEntropy,
      double predictedTop,
      double targetEntropy,
      double targetTop) {}

  private final NativeModel model;
  private final TrainerState state;
  private final Arena scratch = Arena.ofConfined();
  // Reused by every step, so that a step allocates nothing.
  private final MemorySegment parts = duovox_batch_shape.allocateArray(MOST_PARTS, scratch);
  private final MemorySegment[] part = new MemorySegment[MOST_PARTS];
  private final MemorySegment report = duovox_train_report.allocate(scratch);

  /// A trainer of `model`, which it borrows until it is closed.
  public NativeTrainer(NativeModel model, Config config) {
    super(create(model, config), Arena.ofConfined(), Duovox::duovox_trainer_destroy);
    this.model = model;
    this.state = new TrainerState(self());
    for (int i = 0; i < MOST_PARTS; i++) {
      part[i] = duovox_batch_shape.asSlice(parts, i);
    }
    model.lend();
  }

  /// One optimizer step on the batch in a slot; does not wait for the device.
  public void step(NativeRing ring, NativeRing.Shape batch) {
    NativeModel.fill(part[0], batch);
    Native.check(Duovox.duovox_trainer_step(self(), ring.self(), parts, 1));
  }

  /// One optimizer step on the first `count` batches, or parts of batches, as if they were one.
  ///
  /// @throws org.duovox.DuovoxException (RETRY) when memory is exhausted; nothing has changed then,
  ///   and the step may be tried again in smaller parts
  public void step(NativeRing ring, NativeRing.Shape[] batches, int count) {
    for (int i = 0; i < count; i++) {
      NativeModel.fill(part[i], batches[i]);
    }
    Native.check(Duovox.duovox_trainer_step(self(), ring.self(), parts, count));
  }

  /// Loss and accuracy of the batch in a slot, without a step; read by `evaluation()`.
  public void evaluate(NativeRing ring, NativeRing.Shape batch) {
    NativeModel.fill(part[0], batch);
    Native.check(Duovox.duovox_trainer_evaluate(self(), ring.self(), part[0]));
  }

  /// Means of the steps since the last report; waits for the device.
  ///
  /// @throws org.duovox.DuovoxException (NATIVE) when no step is finite any more
  public Report report() {
    Native.check(Duovox.duovox_trainer_report(self(), report));
    return read();
  }

  /// Means of the batches evaluated since the last call.
  public Report evaluation() {
    Native.check(Duovox.duovox_trainer_evaluation(self(), report));
    return read();
  }

  /// The tensors of its state: with the model's, all that a training needs to go on bit by bit.
  public List<TrainerState.Tensor> tensors() {
    return state.tensors();
  }

  /// Reads and writes the tensors of its state.
  public TrainerState state() {
    return state;
  }

  @Override
  public void close() {
    if (scratch.scope().isAlive()) {
      super.close();
      scratch.close();
      model.giveBack();
    }
  }

  private Report read() {
    return new Report(
        duovox_train_report.step(report),
        duovox_train_report.units(report),
        duovox_train_report.targets(report),
        duovox_train_report.loss(report),
        duovox_train_report.mcp(report),
        duovox_train_report.mcr(report),
        duovox_train_report.accuracy(report),
        duovox_train_report.learning_rate(report),
        duovox_train_report.gradient_norm(report),
        duovox_train_report.loss_scale(report),
        duovox_train_report.skipped(report),
        duovox_train_report.first_skipped(report),
        duovox_train_report.spikes(report),
        duovox_train_report.first_spike(report),
        duovox_train_report.predicted_entropy(report),
        duovox_train_report.predicted_top(report),
        duovox_train_report.target_entropy(report),
        duovox_train_report.target_top(report));
  }

  private static MemorySegment create(NativeModel model, Config c) {
    return Native.create(arena -> {
      MemorySegment out = duovox_train_config.allocate(arena);
      Native.check(Duovox.duovox_train_config_init(out));
      duovox_train_config.objective(out, c.objective().ordinal());
      duovox_train_config.steps(out, c.steps());
      duovox_train_config.warmup(out, c.warmup());
      duovox_train_config.learning_rate(out, c.learningRate());
      duovox_train_config.beta1(out, c.beta1());
      duovox_train_config.beta2(out, c.beta2());
      duovox_train_config.epsilon(out, c.epsilon());
      duovox_train_config.weight_decay(out, c.weightDecay());
      duovox_train_config.clip(out, c.clip());
      duovox_train_config.mcp_weight(out, c.mcpWeight());
      duovox_train_config.mcr_weight(out, c.mcrWeight());
      duovox_train_config.label_smoothing(out, c.labelSmoothing());
      duovox_train_config.spike_threshold(out, c.spikes().threshold());
      duovox_train_config.spike_skip(out, c.spikes().skip() ? 1 : 0);
      duovox_train_config.spike_warmup(out, c.spikes().warmup());
      duovox_train_config.mcr_target(out, c.mcrTarget());
      duovox_train_config.seed(out, c.seed());
      return handle -> Duovox.duovox_trainer_create(model.self(), out, handle);
    });
  }
}
