package org.duovox.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_encode_request;
import org.duovox.bindings.duovox_encoder_config;
import org.duovox.bindings.duovox_encoder_layer;

/// A pretrained speech encoder in the native library: it is made, filled with the tensors of a
/// checkpoint, sealed, and then computes frames.
///
/// Once it is sealed, any number of threads may call [#encode] at once.
public final class NativeEncoder extends Handle {
  /// A layer whose frames [#encode] returns.
  ///
  /// @param width values of a frame
  /// @param codes codes of a group; 0 unless the frames are codes
  /// @param interval samples between the centers of two frames
  /// @param offset center of the first frame, in samples from the start of the audio
  public record LayerInfo(
      int index, String name, int width, int codes, int interval, double offset) {}

  /// How long audio is cut; the order is that of `duovox_chunking`.
  public enum Cutting {
    WHOLE,
    CHUNK,
    CHUNK_CARRIED
  }

  /// How long audio is cut, with the samples of a piece.
  public record Cut(Cutting kind, long samples) {
    /// Audio is not cut.
    public static final Cut WHOLE = new Cut(Cutting.WHOLE, 0);
  }

  private static final ValueLayout.OfLong LONGS = ValueLayout.JAVA_LONG;

  private final List<NativeTensor> parameters;
  private final List<LayerInfo> layers;

  /// An encoder without weights.
  public NativeEncoder(EncoderShape shape, Device device) {
    super(create(shape, device), Arena.ofShared(), Duovox::duovox_encoder_destroy);
    this.parameters =
        orClose(() ->
            NativeTensor.list(
                count -> Duovox.duovox_encoder_parameters(self(), count),
                (index, info) -> Duovox.duovox_encoder_parameter(self(), index, info)));
    this.layers = orClose(this::describeLayers);
  }

  private static MemorySegment create(EncoderShape shape, Device device) {
    return Native.create(arena -> {
      MemorySegment config = duovox_encoder_config.allocate(arena);
      Native.check(Duovox.duovox_encoder_config_init(shape.family(), config));
      shape.fill(config);
      duovox_encoder_config.device(config, device.code());
      return out -> Duovox.duovox_encoder_create(config, out);
    });
  }

  /// Every tensor that must be written, with the names of the published checkpoints.
  public List<NativeTensor> parameters() {
    return parameters;
  }

  /// Every layer, from the input to the output.
  public List<LayerInfo> layers() {
    return layers;
  }

  /// Writes the values of a tensor, row-major; they must be finite.
  public void write(NativeTensor parameter, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = Native.copy(arena, values, values.length);
      Native.check(Duovox.duovox_encoder_write(self(), parameter.index(), in, values.length));
    }
  }

  /// Ends the writing of tensors and prepares the weights for use.
  ///
  /// @throws org.duovox.DuovoxException when a tensor was not written
  public void seal() {
    Native.check(Duovox.duovox_encoder_seal(self()));
  }

  /// Returns how many frames a layer has for an utterance of so many samples; 0 when it is too
  /// short.
  public int frames(LayerInfo layer, long samples, Cut cut) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(LONGS);
      Native.check(
          Duovox.duovox_encoder_frames(
              self(), layer.index(), samples, cut.kind().ordinal(), cut.samples(), out));
      return Math.toIntExact(out.get(LONGS, 0));
    }
  }

  /// Computes the frames of layers for utterances, packed into one pass.
  ///
  /// @return for each layer, for each utterance: (frames, width) row-major
  public List<List<float[]>> encode(List<float[]> utterances, List<LayerInfo> chosen, Cut cut) {
    long capacity = 0;
    long[][] sizes = new long[chosen.size()][utterances.size()];
    for (int i = 0; i < chosen.size(); i++) {
      for (int row = 0; row < utterances.size(); row++) {
        long frames = frames(chosen.get(i), utterances.get(row).length, cut);
        sizes[i][row] = frames * chosen.get(i).width();
        capacity += sizes[i][row];
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = Native.floats(arena, capacity);
      Native.check(
          Duovox.duovox_encoder_encode(
              self(), request(arena, utterances, chosen, cut), out, capacity));
      return slices(out, sizes);
    }
  }

  private static MemorySegment request(
      Arena arena, List<float[]> utterances, List<LayerInfo> chosen, Cut cut) {
    long all = utterances.stream().mapToLong(samples -> samples.length).sum();
    MemorySegment samples = Native.floats(arena, all);
    MemorySegment lengths = arena.allocate(LONGS, utterances.size());
    long at = 0;
    for (int row = 0; row < utterances.size(); row++) {
      float[] one = utterances.get(row);
      MemorySegment.copy(one, 0, samples, ValueLayout.JAVA_FLOAT, at * Float.BYTES, one.length);
      lengths.setAtIndex(LONGS, row, one.length);
      at += one.length;
    }
    int[] indices = chosen.stream().mapToInt(LayerInfo::index).toArray();
    MemorySegment request = duovox_encode_request.allocate(arena);
    duovox_encode_request.samples(request, samples);
    duovox_encode_request.lengths(request, lengths);
    duovox_encode_request.layers(request, arena.allocateFrom(ValueLayout.JAVA_INT, indices));
    duovox_encode_request.rows(request, utterances.size());
    duovox_encode_request.layer_count(request, indices.length);
    duovox_encode_request.chunking(request, cut.kind().ordinal());
    duovox_encode_request.reserved(request, 0);
    duovox_encode_request.chunk(request, cut.samples());
    return request;
  }

  private static List<List<float[]>> slices(MemorySegment out, long[][] sizes) {
    List<List<float[]>> layers = new ArrayList<>();
    long at = 0;
    for (long[] rows : sizes) {
      List<float[]> layer = new ArrayList<>();
      for (long size : rows) {
        layer.add(Native.toFloats(out.asSlice(at * Float.BYTES), size));
        at += size;
      }
      layers.add(layer);
    }
    return layers;
  }

  private List<LayerInfo> describeLayers() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      Native.check(Duovox.duovox_encoder_layers(self(), count));
      MemorySegment info = duovox_encoder_layer.allocate(arena);
      List<LayerInfo> all = new ArrayList<>();
      for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
        Native.check(Duovox.duovox_encoder_describe(self(), i, info));
        all.add(
            new LayerInfo(
                i,
                duovox_encoder_layer.name(info).getString(0),
                duovox_encoder_layer.width(info),
                duovox_encoder_layer.codes(info),
                duovox_encoder_layer.interval(info),
                duovox_encoder_layer.offset(info)));
      }
      return List.copyOf(all);
    }
  }
}
