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
  /// scale, which are the latest, and the counts.
  ///
  /// A mean over nothing is NaN, never 0: of a window without targets or whose steps were all
  /// skipped. Accuracy and the figures on predicted and true codes are NaN also where no codes are
  /// predicted (`mcpWeight` 0). An evaluation has no mean at all when the loss of any of its
  /// batches was not finite (`skipped` > 0): one over the rest would not measure the whole.
  ///
  /// @param step steps done
  /// @param units contextual tokens and phonetic units read, padding excluded, skipped ones
  ///   included
  /// @param targets positions or utterances with a loss, skipped ones included
  /// @param loss weighted sum of the objectives
  /// @param mcp masked context prediction, cross-entropy in nats; the class loss of a classifier
  /// @param mcr masked context reconstruction, mean absolute error
  /// @param accuracy share of targets predicted exactly
  /// @param learningRate of the last step
  /// @param gradientNorm before clipping; 0 in an evaluation
  /// @param lossScale of 16-bit floats, else 1
  /// @param skipped steps whose loss or gradient was not finite, which changed no parameter; of an
  ///   evaluation: batches whose loss was not finite
  /// @param firstSkipped the first of these steps; 0 for none
  /// @param spikes steps whose loss was a spike
  /// @param firstSpike the first of them; 0 for none
  /// @param predictedEntropy of the codes (or classes) predicted most likely, in nats
  /// @param predictedTop share of the one predicted most often
  /// @param targetEntropy of the true codes, in nats
  /// @param targetTop share of the most frequent true code
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
  private final MemorySegment report;
  // Reused by every step, so that a step allocates nothing; grow with the parts that are asked for.
  private MemorySegment parts = MemorySegment.NULL;
  private MemorySegment[] part = new MemorySegment[0];

  /// A trainer of `model`, which it borrows until it is closed.
  public NativeTrainer(NativeModel model, Config config) {
    super(create(model, config), Arena.ofConfined(), Duovox::duovox_trainer_destroy);
    this.model = model;
    model.lend(); // close() gives it back, also when the rest fails
    this.state = new TrainerState(self());
    this.report = orClose(() -> duovox_train_report.allocate(arena()));
    orClose(() -> fill(new NativeRing.Shape[] {new NativeRing.Shape(0, 0, 0, 0)}, 1));
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
    Native.check(Duovox.duovox_trainer_step(self(), ring.self(), fill(batches, count), count));
  }

  /// Loss and accuracy of the batch in a slot, without a step; read by `evaluation()`.
  public void evaluate(NativeRing ring, NativeRing.Shape batch) {
    NativeModel.fill(part[0], batch);
    Native.check(Duovox.duovox_trainer_evaluate(self(), ring.self(), parts, 1));
  }

  /// The same for one batch that is cut into the first `count` parts: their mean, weighted by
  /// targets, is that of the batch but for rounding. All of them are counted or none.
  ///
  /// @throws org.duovox.DuovoxException (RETRY) when memory is exhausted; nothing was counted then,
  ///   and the batch may be evaluated again in smaller parts
  public void evaluate(NativeRing ring, NativeRing.Shape[] batch, int count) {
    Native.check(Duovox.duovox_trainer_evaluate(self(), ring.self(), fill(batch, count), count));
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
    if (isOpen()) {
      super.close();
      model.giveBack();
    }
  }

  /// The first `count` shapes as a native array.
  private MemorySegment fill(NativeRing.Shape[] shapes, int count) {
    if (count > part.length) {
      grow(count);
    }
    for (int i = 0; i < count; i++) {
      NativeModel.fill(part[i], shapes[i]);
    }
    return parts;
  }

  /// Makes room for so many parts; what it replaces is freed with the trainer, and doubling keeps
  /// that below the room itself.
  private void grow(int count) {
    int room = Math.max(count, (int) Math.min(Integer.MAX_VALUE, 2L * part.length));
    MemorySegment all = duovox_batch_shape.allocateArray(room, arena());
    MemorySegment[] each = new MemorySegment[room];
    for (int i = 0; i < room; i++) {
      each[i] = duovox_batch_shape.asSlice(all, i);
    }
    parts = all;
    part = each;
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
