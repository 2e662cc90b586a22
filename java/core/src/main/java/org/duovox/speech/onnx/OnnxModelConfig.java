package org.duovox.speech.onnx;

import static org.duovox.speech.onnx.OnnxEncoderConfig.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.io.ArraySize;
import org.duovox.speech.Encoder;
import org.duovox.speech.ReceptiveField;

/// One model of a chain: its file, its input, the graph edits, and the tensors to read.
///
/// @param file name within the encoder's folder
/// @param input what goes in
/// @param windows cut the input into windows of a fixed size; absent: one pass with a free time
///   axis
/// @param segment input steps of one pass at most, so that memory stays bounded; passes overlap by
///   the receptive field, so results are those of one pass. Only for models without padding or
///   recurrence along time; absent: always one pass
/// @param reshapes new constant for the shape of a Reshape node, by the node's name
/// @param tensors what to read
record OnnxModelConfig(
    String file,
    Input input,
    Windows windows,
    Integer segment,
    Map<String, List<Long>> reshapes,
    List<Tensor> tensors) {
  /// The `from` of a model that takes the samples themselves.
  public static final String WAVEFORM = "waveform";

  private static final double PICOSECONDS_PER_MS = 1e9;
  private static final long PICOSECONDS_PER_SAMPLE = 1_000_000_000_000L / Encoder.SAMPLE_RATE;

  /// @param name name of the graph's input
  /// @param from "waveform", or the layer of an earlier model
  /// @param shape of the input tensor, -1 for time; with windows the first axis is the batch and
  ///   must be 1
  /// @param scale factor on the values; absent: 1
  /// @param shift added after the factor; absent: 0
  /// @param padBefore zero steps before; absent: 0
  /// @param padAfter zero steps after; absent: 0
  public record Input(
      String name,
      String from,
      List<Long> shape,
      Double scale,
      Double shift,
      Integer padBefore,
      Integer padAfter) {
    public Input {
      from = from == null ? WAVEFORM : from;
      shape = shape == null ? List.of() : List.copyOf(shape);
      scale = scale == null ? 1.0 : scale;
      shift = shift == null ? 0.0 : shift;
      padBefore = padBefore == null ? 0 : padBefore;
      padAfter = padAfter == null ? 0 : padAfter;
    }

    int timeAxis() {
      return shape.indexOf(-1L);
    }

    /// Values per step: the product of all sizes but time.
    long width() {
      return -shape.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /// @param size input steps of a window
  /// @param hop input steps between two windows
  /// @param batch windows of one pass
  public record Windows(int size, int hop, int batch) {}

  /// Which frames of a tensor become the layer.
  public enum Keep {
    /// All that the network gives.
    ALL,
    /// Those whose center lies in [0, duration).
    INSIDE
  }

  /// @param layer name of the layer
  /// @param tensor name of a tensor of the graph, an output or an inner one
  /// @param timeAxis its time axis; all other axes are flattened, in their order, into the frame
  /// @param width values per frame
  /// @param stride input steps between two frames
  /// @param receptiveField input steps that one frame sees
  /// @param intervalMs milliseconds between two frames
  /// @param offsetMs center of the first frame that the network gives
  /// @param keep absent: ALL
  /// @param floorBelowMax raise values to the utterance's maximum less this; absent: leave them
  /// @param seen what a frame sees of the audio; absent: unknown. The receptive field in input
  ///   steps does not tell: attention and recurrence see more
  public record Tensor(
      String layer,
      String tensor,
      int timeAxis,
      int width,
      int stride,
      int receptiveField,
      double intervalMs,
      double offsetMs,
      Keep keep,
      Double floorBelowMax,
      @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("receptive_field_ms")
          ReceptiveField seen) {
    public Tensor {
      keep = keep == null ? Keep.ALL : keep;
    }

    private Tensor withoutSeen() {
      return new Tensor(
          layer,
          tensor,
          timeAxis,
          width,
          stride,
          receptiveField,
          intervalMs,
          offsetMs,
          keep,
          floorBelowMax,
          null);
    }

    /// Frames that the network gives for an input of so many steps.
    int frames(int steps) {
      return steps < receptiveField ? 0 : (steps - receptiveField) / stride + 1;
    }

    // Times are whole picoseconds, so that nothing is rounded on the way.

    /// The first frame that the layer keeps.
    int firstKept() {
      long offset = picoseconds(offsetMs);
      return keep == Keep.ALL || offset >= 0
          ? 0
          : ArraySize.of(
              "offset_ms " + offsetMs + " in frames",
              -Math.floorDiv(offset, picoseconds(intervalMs)));
    }

    /// One past the last frame that the layer keeps of `frames` frames; at least [#firstKept()].
    int endKept(int frames, int samples) {
      int end = frames;
      if (keep == Keep.INSIDE) {
        long room = samples * PICOSECONDS_PER_SAMPLE - picoseconds(offsetMs);
        // Centers strictly before the end: the smallest k with k * interval >= room.
        end = (int) Math.min(frames, -Math.floorDiv(-room, picoseconds(intervalMs)));
      }
      return Math.max(end, firstKept());
    }

    /// Center of the first frame that the layer keeps, in milliseconds.
    double firstKeptMs() {
      long interval = picoseconds(intervalMs);
      return (picoseconds(offsetMs) + firstKept() * interval) / PICOSECONDS_PER_MS;
    }

    private static long picoseconds(double ms) {
      return Math.round(ms * PICOSECONDS_PER_MS);
    }
  }

  public OnnxModelConfig {
    reshapes = reshapes == null ? Map.of() : Map.copyOf(reshapes);
    tensors = tensors == null ? List.of() : List.copyOf(tensors);
  }

  /// Returns the same without what describes the frames and does not change them.
  OnnxModelConfig computation() {
    List<Tensor> bare = tensors.stream().map(Tensor::withoutSeen).toList();
    return new OnnxModelConfig(file, input, windows, segment, reshapes, bare);
  }

  /// @param widths layers that there are so far with their widths; this model's are added
  void check(String where, Map<String, Integer> widths) {
    require(file != null && !file.isBlank(), where, "file is missing");
    Path path = Path.of(file).normalize();
    require(
        !path.isAbsolute() && !path.startsWith(".."), where, "file " + file + " leaves the folder");
    require(input != null && input.name() != null, where, "input with a name is missing");
    checkInput(where, widths);
    require(!tensors.isEmpty(), where, "tensors is empty: nothing is read from this model");
    Set<String> names = new LinkedHashSet<>(widths.keySet());
    for (Tensor tensor : tensors) {
      checkTensor(where, tensor);
      require(names.add(tensor.layer()), where, "layer \"" + tensor.layer() + "\" occurs twice");
    }
    tensors.forEach(tensor -> widths.put(tensor.layer(), tensor.width()));
    checkCutting(where);
  }

  private void checkInput(String where, Map<String, Integer> widths) {
    require(
        widths.containsKey(input.from()),
        where,
        "from \"" + input.from() + "\" is no earlier layer; there are " + widths.keySet());
    long times = input.shape().stream().filter(size -> size == -1).count();
    boolean positive = input.shape().stream().allMatch(size -> size == -1 || size > 0);
    require(times == 1 && positive, where, "input shape needs exactly one -1, the time axis");
    require(
        input.width() == widths.get(input.from()),
        where,
        "input shape %s holds %d values per step, %s has %d"
            .formatted(input.shape(), input.width(), input.from(), widths.get(input.from())));
    require(
        input.padBefore() >= 0
            && input.padAfter() >= 0
            && Double.isFinite(input.scale())
            && Double.isFinite(input.shift()),
        where,
        "padding must not be negative, scale and shift must be finite");
  }

  private void checkTensor(String where, Tensor t) {
    require(t.layer() != null && t.tensor() != null, where, "a tensor needs layer and tensor");
    String at = where + ": layer " + t.layer();
    require(!t.layer().isBlank() && t.layer().indexOf('/') < 0, at, "a name without '/' is needed");
    require(t.timeAxis() >= 0 && t.width() > 0, at, "time_axis and width must be 0, 1, ...");
    require(t.stride() > 0 && t.receptiveField() > 0, at, "stride, receptive_field: 1 or more");
    require(
        t.intervalMs() > 0 && Double.isFinite(t.intervalMs()) && Double.isFinite(t.offsetMs()),
        at,
        "interval_ms must be positive, offset_ms a number");
    if (windows != null) {
      require(
          t.timeAxis() == 0 && t.stride() == windows.hop() && t.receptiveField() == windows.size(),
          at,
          "with windows, a tensor gives one frame per window: time_axis 0, stride = hop,"
              + " receptive_field = size");
    }
  }

  private void checkCutting(String where) {
    if (windows != null) {
      require(
          windows.size() > 0 && windows.hop() > 0 && windows.batch() > 0,
          where,
          "windows: size, hop and batch must be 1 or more");
      require(
          input.shape().getFirst() == 1 && segment == null,
          where,
          "with windows, the first axis of the input is the batch (1) and segment is not used");
    }
    if (segment != null) {
      int least = receptiveField() + commonStride();
      require(segment >= least, where, "segment must be at least " + least + " input steps");
    }
  }

  /// The largest receptive field of all tensors.
  int receptiveField() {
    return tensors.stream().mapToInt(Tensor::receptiveField).max().orElseThrow();
  }

  /// The smallest number of input steps that is a whole number of frames for every tensor.
  int commonStride() {
    return tensors.stream()
        .mapToInt(Tensor::stride)
        .reduce(1, OnnxModelConfig::leastCommonMultiple);
  }

  private static int leastCommonMultiple(int a, int b) {
    int x = a;
    int y = b;
    while (y != 0) {
      int rest = x % y;
      x = y;
      y = rest;
    }
    return Math.multiplyExact(a / x, b);
  }
}
