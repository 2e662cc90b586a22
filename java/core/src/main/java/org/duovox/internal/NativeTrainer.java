package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_train_config;
import org.duovox.bindings.duovox_train_report;

/// A training in the native library: optimizer, learning-rate schedule and meters. Borrows its
/// model until it is closed.
public final class NativeTrainer extends Handle {
  /// What is trained: pretraining objectives, the classification head with the whole model, or the
  /// head alone.
  public enum Objective {
    PRETRAIN,
    CLASSIFY,
    PROBE
  }

  /// The learning-rate schedule: a linear rise, then a linear decay to 0.
  ///
  /// @param steps of the whole training; the rate is 0 at its end
  /// @param warmup steps of the rise
  /// @param learningRate at the end of the rise
  public record Schedule(long steps, long warmup, double learningRate) {}

  /// The optimizer AdamW (Loshchilov and Hutter 2019).
  ///
  /// @param clip largest norm of the gradient; 0: any
  public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double clip) {
    /// AdamW with the usual 0.9, 0.999 and 1e-8.
    public static AdamW usual(double weightDecay, double clip) {
      return new AdamW(0.9, 0.999, 1e-8, weightDecay, clip);
    }
  }

  /// What the loss is made of.
  ///
  /// @param mcpWeight of masked context prediction
  /// @param mcrWeight of masked context reconstruction; 0 without a codebook
  /// @param mcrTarget what is reconstructed, a `duovox_mcr_target`
  /// @param labelSmoothing of the class loss
  public record Loss(double mcpWeight, double mcrWeight, int mcrTarget, double labelSmoothing) {
    /// The loss of a classifier.
    public static Loss ofClasses(double labelSmoothing) {
      return new Loss(0, 0, Duovox.DUOVOX_TARGET_CODEBOOK(), labelSmoothing);
    }
  }

  /// Which losses count as spikes, and what is done about them.
  ///
  /// @param threshold standard deviations above the running mean of the loss; 0: never
  /// @param skip whether the update of a spike is skipped
  /// @param warmup steps before the mean is trusted
  public record Spikes(double threshold, boolean skip, int warmup) {
    /// No spikes.
    public static final Spikes NONE = new Spikes(0, false, 100);
  }

  /// Values of `duovox_train_config`; the loss scale of 16-bit floats has the header's defaults.
  ///
  /// @param seed of dropout
  public record Config(
      Objective objective,
      Schedule schedule,
      AdamW optimizer,
      Loss loss,
      Spikes spikes,
      long seed) {}

  /// Values of `duovox_train_report`: means since the last report, but step and learning rate,
  /// which are the latest, and the counts.
  ///
  /// A mean over nothing is NaN, never 0: of a window without targets or whose steps were all
  /// skipped. Accuracy and [Diversity] are NaN also where no codes are predicted (weight of MCP 0).
  /// An evaluation has no mean at all when the loss of any of its batches was not finite (`skipped`
  /// above 0): one over the rest would not measure the whole.
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
  /// @param health what went wrong
  /// @param diversity how varied the predictions are
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
      Health health,
      Diversity diversity) {}

  /// What went wrong in the steps of a [Report].
  ///
  /// @param lossScale of 16-bit floats after the last step, else 1
  /// @param skipped steps whose loss or gradient was not finite, which changed no parameter; of an
  ///   evaluation: batches whose loss was not finite
  /// @param firstSkipped the first of these steps; 0 for none
  /// @param spikes steps whose loss was a spike
  /// @param firstSpike the first of them; 0 for none
  public record Health(
      double lossScale, long skipped, long firstSkipped, long spikes, long firstSpike) {}

  /// How varied the predictions of a [Report] are.
  ///
  /// @param predictedEntropy of the codes (or classes) predicted most likely, in nats
  /// @param predictedTop share of the one predicted most often
  /// @param targetEntropy of the true codes, in nats
  /// @param targetTop share of the most frequent true code
  public record Diversity(
      double predictedEntropy, double predictedTop, double targetEntropy, double targetTop) {}

  private final NativeModel model;
  private final TrainerState state;
  private final MemorySegment report;
  // One native array of shapes and its members, reused by every step, so that a step allocates
  // nothing; it grows with the parts that a step is cut into.
  private MemorySegment shapes = MemorySegment.NULL;
  private MemorySegment[] shapeAt = new MemorySegment[0];

  /// A trainer of `model`, which it borrows until it is closed.
  public NativeTrainer(NativeModel model, Config config) {
    super(create(model, config), Arena.ofConfined(), Duovox::duovox_trainer_destroy);
    this.model = model;
    model.lend(); // close() gives it back, also when the rest of this constructor fails.
    this.state = new TrainerState(self());
    this.report = orClose(() -> duovox_train_report.allocate(arena()));
    orClose(() -> fill(new NativeRing.Shape[] {new NativeRing.Shape(0, 0, 0, 0)}, 1));
  }

  /// Takes one optimizer step on the first `count` batches, or parts of batches, as if they were
  /// one batch; does not wait for the device.
  ///
  /// @throws NativeOutOfMemoryException when memory is exhausted; nothing has changed then, and the
  ///   step may be tried again in smaller parts
  public void step(NativeRing ring, NativeRing.Shape[] batches, int count) {
    Native.check(Duovox.duovox_trainer_step(self(), ring.self(), fill(batches, count), count));
  }

  /// Evaluates one batch that is cut into the first `count` parts; [#evaluation()] returns the
  /// figures. The mean of the parts, weighted by targets, is that of the whole batch but for
  /// rounding. All parts are counted or none.
  ///
  /// @throws NativeOutOfMemoryException when memory is exhausted; nothing was counted then, and the
  ///   batch may be evaluated again in smaller parts
  public void evaluate(NativeRing ring, NativeRing.Shape[] parts, int count) {
    Native.check(Duovox.duovox_trainer_evaluate(self(), ring.self(), fill(parts, count), count));
  }

  /// Returns the figures of the steps since the last report; waits for the device.
  ///
  /// @throws org.duovox.DuovoxException (DIVERGED) when no step is finite any more
  public Report report() {
    Native.check(Duovox.duovox_trainer_report(self(), report));
    return read();
  }

  /// Returns the figures of the batches evaluated since the last call.
  public Report evaluation() {
    Native.check(Duovox.duovox_trainer_evaluation(self(), report));
    return read();
  }

  /// The tensors of its state: with the model's, all that a training needs to resume bit for bit.
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

  /// Writes the first `count` shapes into the native array and returns it.
  private MemorySegment fill(NativeRing.Shape[] values, int count) {
    if (count > shapeAt.length) {
      grow(count);
    }
    for (int i = 0; i < count; i++) {
      NativeModel.fill(shapeAt[i], values[i]);
    }
    return shapes;
  }

  /// Makes room for so many shapes. The array before is freed with the trainer; doubling keeps the
  /// sum of all such arrays below the size of the last.
  private void grow(int count) {
    int room = Math.max(count, (int) Math.min(Integer.MAX_VALUE, 2L * shapeAt.length));
    MemorySegment array = duovox_batch_shape.allocateArray(room, arena());
    MemorySegment[] members = new MemorySegment[room];
    for (int i = 0; i < room; i++) {
      members[i] = duovox_batch_shape.asSlice(array, i);
    }
    shapes = array;
    shapeAt = members;
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
        readHealth(),
        readDiversity());
  }

  private Health readHealth() {
    return new Health(
        duovox_train_report.loss_scale(report),
        duovox_train_report.skipped(report),
        duovox_train_report.first_skipped(report),
        duovox_train_report.spikes(report),
        duovox_train_report.first_spike(report));
  }

  private Diversity readDiversity() {
    return new Diversity(
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
      duovox_train_config.steps(out, c.schedule().steps());
      duovox_train_config.warmup(out, c.schedule().warmup());
      duovox_train_config.learning_rate(out, c.schedule().learningRate());
      duovox_train_config.beta1(out, c.optimizer().beta1());
      duovox_train_config.beta2(out, c.optimizer().beta2());
      duovox_train_config.epsilon(out, c.optimizer().epsilon());
      duovox_train_config.weight_decay(out, c.optimizer().weightDecay());
      duovox_train_config.clip(out, c.optimizer().clip());
      duovox_train_config.mcp_weight(out, c.loss().mcpWeight());
      duovox_train_config.mcr_weight(out, c.loss().mcrWeight());
      duovox_train_config.mcr_target(out, c.loss().mcrTarget());
      duovox_train_config.label_smoothing(out, c.loss().labelSmoothing());
      duovox_train_config.spike_threshold(out, c.spikes().threshold());
      duovox_train_config.spike_skip(out, c.spikes().skip() ? 1 : 0);
      duovox_train_config.spike_warmup(out, c.spikes().warmup());
      duovox_train_config.seed(out, c.seed());
      return handle -> Duovox.duovox_trainer_create(model.self(), out, handle);
    });
  }
}
