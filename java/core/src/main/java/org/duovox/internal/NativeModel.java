package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_model_config;

/// A unit language model in the native library, with its parameters on one device.
public final class NativeModel extends Handle {
  /// Values that it makes of a token or of an utterance.
  ///
  /// @param hidden of a channel
  /// @param phonetic of the phonetic hidden states: `hidden`, or 0 for a single stream
  /// @param reconstruction of a reconstructed representation; 0 without
  /// @param classes of an utterance's class scores; 0 without
  record Widths(int hidden, int phonetic, int reconstruction, int classes) {
    private static Widths of(Config config) {
      boolean single = config.kind == Duovox.DUOVOX_SINGLE();
      return new Widths(
          config.hidden, single ? 0 : config.hidden, config.representationWidth, config.classes);
    }
  }

  /// The settings of a model: the members of `duovox_model_config`, which duovox.h documents.
  ///
  /// The fields are open so that every number is set by its name, and read once, when the model is
  /// made. An alternative is its number in the header's enum. All fields count: one that is not set
  /// is 0 or false, whatever the header's default is.
  public static final class Config {
    public int kind;
    public int contextualCodes;
    public int phoneticCodes;
    public int layers;
    public int hidden;
    public int heads;
    public int feedForward;
    public int maxPositions;
    public int typeEmbeddings;
    public int phoneticEmbedding;
    public int phoneticPooling;
    public int unitEmbedding;
    public int representationWidth;
    public int phoneticWidth;
    public int classes;
    public int classPooling;
    public int headLayout;
    public int headWidth;
    public boolean headSpecials;
    public boolean sharedStacks;
    public int interaction;
    public int interactionActivation;
    public boolean interactionSplit;
    public boolean interactionBias;
    public double dropout;
    public double layerNormEpsilon;
    public int precision;
    public Device device = Device.CPU;

    /// Of the initial parameters.
    public long seed;

    /// Creates the native model.
    ///
    /// @throws org.duovox.DuovoxException (BAD_DATA) when a number is out of its range
    MemorySegment create() {
      return Native.create(arena -> {
        MemorySegment out = duovox_model_config.allocate(arena);
        Native.check(Duovox.duovox_model_config_init(out));
        duovox_model_config.kind(out, kind);
        writeSizes(out);
        writeHeads(out);
        writeInteraction(out);
        duovox_model_config.dropout(out, dropout);
        duovox_model_config.layer_norm_epsilon(out, layerNormEpsilon);
        duovox_model_config.precision(out, precision);
        duovox_model_config.device(out, device.code());
        duovox_model_config.seed(out, seed);
        return handle -> Duovox.duovox_model_create(out, handle);
      });
    }

    private void writeSizes(MemorySegment out) {
      duovox_model_config.contextual_codes(out, contextualCodes);
      duovox_model_config.phonetic_codes(out, phoneticCodes);
      duovox_model_config.layers(out, layers);
      duovox_model_config.hidden(out, hidden);
      duovox_model_config.heads(out, heads);
      duovox_model_config.feed_forward(out, feedForward);
      duovox_model_config.max_positions(out, maxPositions);
      duovox_model_config.type_embeddings(out, typeEmbeddings);
      duovox_model_config.phonetic_embedding(out, phoneticEmbedding);
      duovox_model_config.phonetic_pooling(out, phoneticPooling);
      duovox_model_config.unit_embedding(out, unitEmbedding);
      duovox_model_config.representation_width(out, representationWidth);
      duovox_model_config.phonetic_width(out, phoneticWidth);
      duovox_model_config.shared_stacks(out, sharedStacks ? 1 : 0);
    }

    private void writeHeads(MemorySegment out) {
      duovox_model_config.classes(out, classes);
      duovox_model_config.class_pooling(out, classPooling);
      duovox_model_config.head_layout(out, headLayout);
      duovox_model_config.head_width(out, headWidth);
      duovox_model_config.head_specials(out, headSpecials ? 1 : 0);
    }

    private void writeInteraction(MemorySegment out) {
      duovox_model_config.interaction(out, interaction);
      duovox_model_config.interaction_activation(out, interactionActivation);
      duovox_model_config.interaction_split(out, interactionSplit ? 1 : 0);
      duovox_model_config.interaction_bias(out, interactionBias ? 1 : 0);
    }
  }

  private final Device device;
  private final Widths widths;
  private final List<NativeTensor> parameters;

  /// A model with initial parameters drawn from the seed of the configuration.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) when the configuration is not one of a model
  public NativeModel(Config config) {
    super(config.create(), Arena.ofConfined(), Duovox::duovox_model_destroy);
    this.device = config.device;
    this.widths = Widths.of(config);
    this.parameters =
        orClose(() ->
            NativeTensor.list(
                count -> Duovox.duovox_model_parameters(self(), count),
                (index, info) -> Duovox.duovox_model_parameter(self(), index, info)));
  }

  /// Where it lives.
  public Device device() {
    return device;
  }

  Widths widths() {
    return widths;
  }

  /// Its parameters and buffers, in a fixed order.
  public List<NativeTensor> parameters() {
    return parameters;
  }

  /// Reads the values of a tensor, row-major.
  public float[] read(NativeTensor parameter) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, parameter.elements());
      Native.check(Duovox.duovox_model_read(self(), parameter.index(), out, parameter.elements()));
      return Native.toFloats(out, parameter.elements());
    }
  }

  /// Replaces the values of a tensor.
  public void write(NativeTensor parameter, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = Native.copy(arena, values, values.length);
      Native.check(Duovox.duovox_model_write(self(), parameter.index(), in, values.length));
    }
  }

  /// Computes hidden states (B, T, H), or (B, T, 2H) for both channels, in evaluation mode; they
  /// are 0 beyond a row's length.
  ///
  /// @param layer 0 = input of the first layer, i = output of layer i, -1 = last
  /// @param channel 0 contextual, 1 phonetic, 2 both
  /// @throws NativeOutOfMemoryException when a row does not fit into memory alone
  public float[] encode(NativeRing ring, NativeRing.Shape shape, int layer, int channel) {
    return inHalves(shape, rows -> encodeAtOnce(ring, rows, layer, channel));
  }

  private float[] encodeAtOnce(NativeRing ring, NativeRing.Shape shape, int layer, int channel) {
    long width = (long) widths.hidden() * (channel == Duovox.DUOVOX_BOTH() ? 2 : 1);
    long values = (long) shape.rows() * shape.tokens() * width;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, values);
      Native.check(
          Duovox.duovox_model_encode(
              self(), ring.self(), shape(arena, shape), layer, channel, out, values));
      return Native.toFloats(out, values);
    }
  }

  /// Computes class scores (B, C) in evaluation mode.
  ///
  /// @throws NativeOutOfMemoryException when a row does not fit into memory alone
  public float[] classify(NativeRing ring, NativeRing.Shape shape) {
    return inHalves(shape, rows -> classifyAtOnce(ring, rows));
  }

  private float[] classifyAtOnce(NativeRing ring, NativeRing.Shape shape) {
    long values = (long) shape.rows() * widths.classes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, values);
      Native.check(
          Duovox.duovox_model_classify(self(), ring.self(), shape(arena, shape), out, values));
      return Native.toFloats(out, values);
    }
  }

  /// Measures the floating-point operations of one forward pass over a batch while it runs: 2 for
  /// each multiplication and addition of the matrix products, convolutions and recurrences.
  public double flops(NativeRing ring, NativeRing.Shape shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_DOUBLE);
      Native.check(Duovox.duovox_model_flops(self(), ring.self(), shape(arena, shape), out));
      return out.get(ValueLayout.JAVA_DOUBLE, 0);
    }
  }

  /// Evaluates the rows of a batch, which do not depend on each other: rows that do not fit into
  /// memory together are evaluated in halves, down to single rows. Only rounding may differ.
  ///
  /// @param pass values of the rows of a shape
  /// @return the values of all rows, in order
  static float[] inHalves(NativeRing.Shape shape, Function<NativeRing.Shape, float[]> pass) {
    try {
      return pass.apply(shape);
    } catch (NativeOutOfMemoryException e) {
      if (shape.rows() == 1) {
        throw e;
      }
    }
    int half = shape.rows() / 2;
    float[] first = inHalves(shape.part(0, half), pass);
    float[] second = inHalves(shape.part(half, shape.rows() - half), pass);
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
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
}
