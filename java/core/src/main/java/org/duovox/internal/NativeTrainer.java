package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_train_config;
import org.duovox.bindings.duovox_train_report;

/// Optimizer, schedule and meters of one training in the native library; borrows its model until
/// closed.
public final class NativeTrainer extends Handle {
  /// What is trained: pretraining objectives, the classification head with the whole model, or the
  /// head alone.
  public enum Objective {
    PRETRAIN,
    CLASSIFY,
    PROBE
  }

  /// Values of `duovox_train_config`.
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
      long seed) {}

  /// Values of `duovox_train_report`: means since the last report, but step and learning rate.
  public record Report(
      long step,
      long units,
      long targets,
      double loss,
      double mcp,
      double mcr,
      double accuracy,
      double learningRate,
      double gradientNorm) {}

  private final NativeModel model;
  private final Arena scratch = Arena.ofConfined();
  // Reused by every step, so that a step allocates nothing.
  private final MemorySegment shape = duovox_batch_shape.allocate(scratch);
  private final MemorySegment report = duovox_train_report.allocate(scratch);

  /// A trainer of `model`, which it borrows until it is closed.
  public NativeTrainer(NativeModel model, Config config) {
    super(create(model, config), Arena.ofConfined(), Duovox::duovox_trainer_destroy);
    this.model = model;
    model.lend();
  }

  /// One optimizer step on the batch in a slot; does not wait for the device.
  public void step(NativeRing ring, NativeRing.Shape batch) {
    NativeModel.fill(shape, batch);
    Native.check(Duovox.duovox_trainer_step(self(), ring.self(), shape, 1));
  }

  /// Loss and accuracy of the batch in a slot, without a step; read by `evaluation()`.
  public void evaluate(NativeRing ring, NativeRing.Shape batch) {
    NativeModel.fill(shape, batch);
    Native.check(Duovox.duovox_trainer_evaluate(self(), ring.self(), shape));
  }

  /// Means of the steps since the last report; waits for the device.
  ///
  /// @throws org.duovox.DuovoxException when a loss or gradient is not finite
  public Report report() {
    Native.check(Duovox.duovox_trainer_report(self(), report));
    return read();
  }

  /// Means of the batches evaluated since the last call.
  public Report evaluation() {
    Native.check(Duovox.duovox_trainer_evaluation(self(), report));
    return read();
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
        duovox_train_report.gradient_norm(report));
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
      duovox_train_config.seed(out, c.seed());
      return handle -> Duovox.duovox_trainer_create(model.self(), out, handle);
    });
  }
}
