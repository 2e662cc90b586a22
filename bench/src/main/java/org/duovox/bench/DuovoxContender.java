package org.duovox.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;
import org.duovox.internal.NativeTensor;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;

/// Duovox as shipped.
final class DuovoxContender implements Contender {
  private final NativeModel model;
  private final NativeRing ring;
  private final NativeTrainer trainer;
  private final NativeRing.Shape[] shapes;

  DuovoxContender(Case size) {
    NativeRuntime.setThreads(Threads.COUNT);
    int count = size.rows() * size.tokens();
    int units = size.rows() * size.units();
    model = model(size);
    ring = new NativeRing(1, size.rows(), count, units, Device.CPU);
    fill(ring.slots().getFirst(), Batch.of(size), size);
    shapes =
        new NativeRing.Shape[] {new NativeRing.Shape(0, size.rows(), size.tokens(), size.units())};
    trainer =
        new NativeTrainer(
            model,
            new NativeTrainer.Config(
                NativeTrainer.Objective.PRETRAIN,
                new NativeTrainer.Schedule(1_000_000_000, 0, Case.RATE),
                NativeTrainer.AdamW.usual(Case.DECAY, 0),
                new NativeTrainer.Loss(1, 1, 0, 0),
                NativeTrainer.Spikes.NONE,
                1));
  }

  /// Writes the parameters that every contender of `size` begins with.
  static void writeWeights(Case size, Path file) {
    try (NativeModel model = model(size);
        SafetensorsWriter out = Safetensors.create(file, Map.of())) {
      model.parameters().forEach(p -> out.add(p.name(), p.shape(), model.read(p)));
      out.commit();
    }
  }

  private static NativeModel model(Case size) {
    NativeModel.Config config = new NativeModel.Config();
    config.kind = size.dual() ? 0 : 1; // numbers of alternatives are those of duovox.h
    config.contextualCodes = Case.CODES;
    config.phoneticCodes = size.dual() ? Case.PHONES : 0;
    config.layers = size.layers();
    config.hidden = size.hidden();
    config.heads = size.heads();
    config.feedForward = size.feedForward();
    config.maxPositions = size.positions();
    config.phoneticEmbedding = size.phoneticEmbedding();
    config.representationWidth = Case.CODEBOOK_WIDTH;
    config.headLayout = size.dual() ? 1 : 0;
    config.interactionActivation = 1;
    config.interactionSplit = true;
    config.interactionBias = true;
    config.dropout = size.dropout();
    config.layerNormEpsilon = Case.EPSILON;
    config.seed = 7;
    NativeModel model = new NativeModel(config);
    SplittableRandom random = new SplittableRandom(2);
    model.parameters().forEach(p -> model.write(p, initial(p, model.read(p), random)));
    return model;
  }

  /// Parameters further from zero than a training begins with. At the usual ones attention is flat
  /// and tanh a line: a model without either has the same loss to 1e-5.
  private static float[] initial(NativeTensor parameter, float[] values, SplittableRandom random) {
    boolean codebook = parameter.name().equals("contextual.codebook");
    boolean matrix = parameter.shape().length > 1;
    for (int i = 0; i < values.length; i++) {
      float noise = (float) random.nextDouble(-1, 1);
      values[i] = codebook ? noise : matrix ? 5 * values[i] : values[i] + 0.1f * noise;
    }
    return values;
  }

  private static void fill(NativeRing.Slot slot, Batch batch, Case size) {
    for (int row = 0; row < size.rows(); row++) {
      slot.lengths().put(row, size.tokens());
      if (size.dual()) {
        slot.phoneticLengths().put(row, size.units());
      }
    }
    slot.contextual().put(0, batch.contextual());
    slot.targets().put(0, batch.targets());
    if (size.dual()) {
      slot.phonetic().put(0, batch.phonetic());
      slot.phoneticStart().put(0, batch.start());
      slot.phoneticEnd().put(0, batch.end());
    }
  }

  @Override
  public double step() {
    trainer.step(ring, shapes, 1);
    return trainer.report().loss();
  }

  @Override
  public void close() {
    trainer.close();
    ring.close();
    model.close();
  }
}
