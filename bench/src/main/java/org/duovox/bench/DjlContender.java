package org.duovox.bench;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;

/// DJL with its PyTorch engine: its Trainer, its losses, its AdamW.
final class DjlContender implements Contender {
  private final Case size;
  private final Model model;
  private final Trainer trainer;
  private final NDManager arrays;
  private final NDList inputs;
  private final NDArray codes; // (N)
  private final NDArray representations; // (N, width of the codebook)
  private final Loss prediction = Loss.softmaxCrossEntropyLoss();
  private final Loss reconstruction = Loss.l1Loss();

  DjlContender(Case size, Path weights) {
    this.size = size;
    DjlModel network = new DjlModel(size);
    model = Model.newInstance("duovox");
    model.setBlock(network);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(prediction)
                .optOptimizer(DecayMatrices.adamW(Case.RATE, Case.DECAY)));
    arrays = model.getNDManager().newSubManager();
    Batch batch = Batch.of(size);
    int[] at =
        IntStream.range(0, batch.targets().length).filter(i -> batch.targets()[i] >= 0).toArray();
    inputs = inputs(batch, at);
    codes = ids(IntStream.of(at).map(i -> batch.targets()[i]).toArray(), new Shape(at.length));
    trainer.initialize(inputs.stream().map(NDArray::getShape).toArray(Shape[]::new));
    try (SafetensorsFile file = Safetensors.open(weights)) {
      new DjlWeights(network, file).load();
      representations = representations(file.floats("contextual.codebook"));
    }
  }

  private NDList inputs(Batch batch, int[] at) {
    Shape tokens = new Shape(size.rows(), size.tokens());
    return new NDList(
        ids(batch.contextual(), tokens),
        ids(batch.phonetic(), new Shape(size.rows(), size.units())),
        ids(batch.start(), tokens),
        ids(batch.end(), tokens),
        ids(at, new Shape(at.length)));
  }

  private NDArray ids(int[] values, Shape shape) {
    return arrays.create(IntStream.of(values).asLongStream().toArray(), shape);
  }

  /// The codebook's vectors of the targets, minus its mean, divided by the root mean square of what
  /// remains.
  private NDArray representations(float[] codebook) {
    NDArray book = arrays.create(codebook, new Shape(Case.CODES, Case.CODEBOOK_WIDTH));
    NDArray centered = book.sub(book.mean(new int[] {0}, true));
    NDArray standardized = centered.div(centered.square().mean().sqrt());
    NDArray index = codes.expandDims(1).broadcast(codes.size(), Case.CODEBOOK_WIDTH);
    return standardized.gather(index, 0);
  }

  @Override
  public double step() {
    try (NDManager scope = arrays.newSubManager()) {
      NDList in = new NDList(inputs);
      in.attach(scope); // so that all arrays of the pass are freed with it
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList out = trainer.forward(in);
        NDArray loss =
            prediction
                .evaluate(new NDList(codes), new NDList(out.get(0)))
                .add(reconstruction.evaluate(new NDList(representations), new NDList(out.get(1))));
        gradients.backward(loss);
        trainer.step();
        return loss.getFloat();
      } finally {
        inputs.attach(arrays);
      }
    }
  }

  @Override
  public void close() {
    arrays.close();
    trainer.close();
    model.close();
  }
}
