package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_forward;
import org.duovox.bindings.duovox_train_config;

/// Computes outputs, losses and gradients of single batches in evaluation mode; borrows its model
/// until it is closed.
public final class NativeForward extends Handle {
  /// What a model computes for a batch of B rows and T tokens; an array is empty where the model
  /// has no such output.
  ///
  /// @param contextual (B, T, H)
  /// @param phonetic (B, T, H)
  /// @param logits (B, T, V), or (B, T, V + 4) when special units are scored too
  /// @param reconstruction (B, T, R)
  /// @param loss at the batch's targets; NaN without any, as `mcp` and `mcr` are
  /// @param mcp the loss of masked context prediction, in nats
  /// @param mcr the loss of masked context reconstruction
  @SuppressWarnings("ArrayRecordComponent") // On their way to a file; copying would only cost.
  public record Outputs(
      float[] contextual,
      float[] phonetic,
      float[] logits,
      float[] reconstruction,
      double loss,
      double mcp,
      double mcr) {}

  private final NativeModel model;
  private final NativeModel.Widths widths;
  private final int scores;

  /// @param scores units that are scored at a token: V, or V + 4
  /// @param mcpWeight of masked context prediction in the loss
  /// @param mcrWeight of masked context reconstruction; 0 for a model without a codebook
  public NativeForward(NativeModel model, int scores, double mcpWeight, double mcrWeight) {
    super(create(model, mcpWeight, mcrWeight), Arena.ofConfined(), Duovox::duovox_trainer_destroy);
    this.model = model;
    model.lend(); // close() gives it back.
    this.widths = model.widths();
    this.scores = scores;
  }

  /// Runs the batch in a slot.
  ///
  /// @param gradients also compute those that [#gradient(NativeTensor)] reads
  public Outputs run(NativeRing ring, NativeRing.Shape shape, boolean gradients) {
    long tokens = (long) shape.rows() * shape.tokens();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment contextual = Native.floats(arena, tokens * widths.hidden());
      MemorySegment phonetic = Native.floats(arena, tokens * widths.phonetic());
      MemorySegment logits = Native.floats(arena, tokens * scores);
      MemorySegment reconstruction = Native.floats(arena, tokens * widths.reconstruction());
      MemorySegment out = duovox_forward.allocate(arena);
      duovox_forward.contextual(out, contextual);
      duovox_forward.contextual_capacity(out, tokens * widths.hidden());
      duovox_forward.logits(out, logits);
      duovox_forward.logits_capacity(out, tokens * scores);
      if (widths.phonetic() > 0) {
        duovox_forward.phonetic(out, phonetic);
        duovox_forward.phonetic_capacity(out, tokens * widths.phonetic());
      }
      if (widths.reconstruction() > 0) {
        duovox_forward.reconstruction(out, reconstruction);
        duovox_forward.reconstruction_capacity(out, tokens * widths.reconstruction());
      }
      MemorySegment batch = NativeModel.shape(arena, shape);
      Native.check(
          Duovox.duovox_trainer_forward(self(), ring.self(), batch, gradients ? 1 : 0, out));
      return new Outputs(
          Native.toFloats(contextual, tokens * widths.hidden()),
          Native.toFloats(phonetic, tokens * widths.phonetic()),
          Native.toFloats(logits, tokens * scores),
          Native.toFloats(reconstruction, tokens * widths.reconstruction()),
          duovox_forward.loss(out),
          duovox_forward.mcp(out),
          duovox_forward.mcr(out));
    }
  }

  /// Reads the gradient of the last batch's loss by a tensor, row-major; zeros where the loss does
  /// not reach.
  public float[] gradient(NativeTensor parameter) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, parameter.elements());
      Native.check(
          Duovox.duovox_trainer_gradient(self(), parameter.index(), out, parameter.elements()));
      return Native.toFloats(out, parameter.elements());
    }
  }

  @Override
  public void close() {
    if (isOpen()) {
      super.close();
      model.giveBack();
    }
  }

  private static MemorySegment create(NativeModel model, double mcpWeight, double mcrWeight) {
    return Native.create(arena -> {
      MemorySegment out = duovox_train_config.allocate(arena);
      Native.check(Duovox.duovox_train_config_init(out));
      duovox_train_config.objective(out, Duovox.DUOVOX_PRETRAIN());
      duovox_train_config.steps(out, 1);
      duovox_train_config.warmup(out, 0);
      duovox_train_config.mcp_weight(out, mcpWeight);
      duovox_train_config.mcr_weight(out, mcrWeight);
      return handle -> Duovox.duovox_trainer_create(model.self(), out, handle);
    });
  }
}
