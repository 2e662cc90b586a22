package org.duovox.bench;

import java.nio.file.Path;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;

/// The model and the batch of a case in Duovox's native memory.
final class DuovoxModel {
  private DuovoxModel() {}

  static NativeModel open(Case size) {
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
    return new NativeModel(config);
  }

  static void load(NativeModel model, Path weights) {
    try (SafetensorsFile file = Safetensors.open(weights)) {
      model.parameters().forEach(p -> model.write(p, file.floats(p.name())));
    }
  }

  static NativeRing.Shape shape(Case size) {
    return new NativeRing.Shape(0, size.rows(), size.tokens(), size.units());
  }

  /// Returns a ring whose one slot holds the batch.
  static NativeRing ring(Case size) {
    int rows = size.rows();
    NativeRing ring =
        new NativeRing(1, rows, rows * size.tokens(), rows * size.units(), Device.CPU);
    fill(ring.slots().getFirst(), Batch.of(size), size);
    return ring;
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
}
