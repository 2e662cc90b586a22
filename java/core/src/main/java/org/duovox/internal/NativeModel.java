package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_parameter_info;

/// A unit language model with its parameters in the native library.
public final class NativeModel extends Handle {
  /// Values of `duovox_model_config`; the enums are ordinals of the header's enums.
  public record Config(
      Sizes sizes,
      Choices choices,
      Exchange interaction,
      Device device,
      double dropout,
      double layerNormEpsilon,
      long seed) {}

  /// Its numbers.
  public record Sizes(
      int contextualCodes,
      int phoneticCodes,
      int layers,
      int hidden,
      int heads,
      int feedForward,
      int maxPositions,
      int phoneticEmbedding,
      int representationWidth,
      int phoneticWidth,
      int classes,
      int headWidth,
      int typeEmbeddings) {}

  /// Its alternatives.
  public record Choices(
      int kind,
      int phoneticPooling,
      int unitEmbedding,
      int classPooling,
      int headLayout,
      boolean headSpecials,
      boolean sharedStacks,
      int precision) {}

  /// Its heterogeneous interaction.
  public record Exchange(int weights, int activation, boolean split, boolean bias) {}

  /// One named tensor; `trainable` is false for buffers such as a codebook.
  public record Parameter(int index, String name, long[] shape, long elements, boolean trainable) {}

  private final Config config;
  private final List<Parameter> parameters;

  /// A model with initial parameters drawn from `config.seed()`.
  public NativeModel(Config config) {
    super(ModelSettings.create(config), Arena.ofConfined(), Duovox::duovox_model_destroy);
    this.config = config;
    this.parameters = orClose(this::describeAll);
  }

  /// The configuration it was made with.
  public Config config() {
    return config;
  }

  /// Its named tensors in a fixed order, buffers included.
  public List<Parameter> parameters() {
    return parameters;
  }

  /// Values of a tensor, row-major.
  public float[] read(Parameter parameter) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, parameter.elements());
      Native.check(Duovox.duovox_model_read(self(), parameter.index(), out, parameter.elements()));
      return Native.toFloats(out, parameter.elements());
    }
  }

  /// Replaces the values of a tensor.
  public void write(Parameter parameter, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = Native.copy(arena, values, values.length);
      Native.check(Duovox.duovox_model_write(self(), parameter.index(), in, values.length));
    }
  }

  /// Hidden states (B, T, H), or (B, T, 2H) for both channels, in evaluation mode; rows beyond a
  /// length are 0.
  ///
  /// @param layer 0 = input of the first layer, i = output of layer i, -1 = last
  /// @param channel 0 contextual, 1 phonetic, 2 both
  public float[] encode(NativeRing ring, NativeRing.Shape shape, int layer, int channel) {
    return RowHalves.evaluate(shape, rows -> encodeAtOnce(ring, rows, layer, channel));
  }

  private float[] encodeAtOnce(NativeRing ring, NativeRing.Shape shape, int layer, int channel) {
    long width = (long) config.sizes().hidden() * (channel == Duovox.DUOVOX_BOTH() ? 2 : 1);
    long values = (long) shape.rows() * shape.tokens() * width;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, values);
      Native.check(
          Duovox.duovox_model_encode(
              self(), ring.self(), shape(arena, shape), layer, channel, out, values));
      return Native.toFloats(out, values);
    }
  }

  /// Class scores (B, C) in evaluation mode.
  public float[] classify(NativeRing ring, NativeRing.Shape shape) {
    return RowHalves.evaluate(shape, rows -> classifyAtOnce(ring, rows));
  }

  private float[] classifyAtOnce(NativeRing ring, NativeRing.Shape shape) {
    long values = (long) shape.rows() * config.sizes().classes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, values);
      Native.check(
          Duovox.duovox_model_classify(self(), ring.self(), shape(arena, shape), out, values));
      return Native.toFloats(out, values);
    }
  }

  /// Floating-point operations of one forward pass over a batch, measured while it runs: 2 for each
  /// multiplication and addition of the matrix products, convolutions and recurrences.
  public double flops(NativeRing ring, NativeRing.Shape shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_DOUBLE);
      Native.check(Duovox.duovox_model_flops(self(), ring.self(), shape(arena, shape), out));
      return out.get(ValueLayout.JAVA_DOUBLE, 0);
    }
  }

  static MemorySegment shape(Arena arena, NativeRing.Shape shape) {
    MemorySegment out = duovox_batch_shape.allocate(arena);
    fill(out, shape);
    return out;
  }

  static void fill(MemorySegment out, NativeRing.Shape shape) {
    duovox_batch_shape.slot(out, shape.slot());
    duovox_batch_shape.rows(out, shape.rows());
    duovox_batch_shape.tokens(out, shape.tokens());
    duovox_batch_shape.phonetic_units(out, shape.phoneticUnits());
    duovox_batch_shape.first_row(out, shape.firstRow());
  }

  private List<Parameter> describeAll() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      Native.check(Duovox.duovox_model_parameters(self(), count));
      MemorySegment info = duovox_parameter_info.allocate(arena);
      List<Parameter> all = new ArrayList<>();
      for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
        Native.check(Duovox.duovox_model_parameter(self(), i, info));
        all.add(describe(i, info));
      }
      return List.copyOf(all);
    }
  }

  private static Parameter describe(int index, MemorySegment info) {
    long[] shape = new long[duovox_parameter_info.rank(info)];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = duovox_parameter_info.shape(info, d);
    }
    return new Parameter(
        index,
        duovox_parameter_info.name(info).getString(0),
        shape,
        duovox_parameter_info.elements(info),
        duovox_parameter_info.trainable(info) != 0);
  }
}
