package org.duovox.speech.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.io.ArraySize;
import org.duovox.speech.Frames;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;

/// One model of a chain: runs over a whole sequence, in windows or in overlapping segments, and
/// returns the frames of tensors.
///
/// A session is made for each set of tensors that is asked for, from a graph that computes nothing
/// else. Safe for use by several threads, as the runtime's sessions are.
final class OnnxModel implements AutoCloseable {
  private final Path file;
  private final OnnxModelConfig config;
  private final int threads;
  private final Set<Path> external;
  private final DirectBuffers buffers = new DirectBuffers();
  private final Map<List<String>, OrtSession> sessions = new ConcurrentHashMap<>();

  /// @param threads that the runtime uses within one pass
  OnnxModel(Path folder, OnnxModelConfig config, int threads) {
    this.file = folder.resolve(config.file());
    this.config = config;
    this.threads = threads;
    // Names that do not fit are told now, not at the first utterance.
    this.external = edited(config.tensors()).externalFiles();
  }

  /// Files beside the model that hold weights of it.
  Set<Path> externalFiles() {
    return external;
  }

  Path file() {
    return file;
  }

  OnnxModelConfig config() {
    return config;
  }

  private OnnxGraph edited(List<Tensor> tensors) {
    OnnxGraph graph = OnnxGraph.read(file);
    graph.freeInput(config.input(), config.windows() != null);
    graph.reshape(config.reshapes());
    graph.keepOnly(tensors.stream().map(Tensor::tensor).distinct().toList());
    if (!graph.inputs().equals(List.of(config.input().name()))) {
      throw DuovoxException.config(
          "%s: the tensors asked for need the inputs %s; this program feeds only %s"
              .formatted(file, graph.inputs(), config.input().name()));
    }
    return graph;
  }

  /// Frames of each tensor, in that order, for an input of (steps, width).
  List<Frames> run(Frames input, List<Tensor> tensors) {
    List<TensorFrames> outputs =
        tensors.stream().map(t -> new TensorFrames(file, t, input.frames())).toList();
    OrtSession session =
        sessions.computeIfAbsent(
            tensors.stream().map(Tensor::tensor).distinct().toList(),
            names -> OnnxRuntime.session(edited(tensors), threads));
    try {
      if (config.windows() != null) {
        runWindows(session, input, outputs);
      } else {
        runSegments(session, input, outputs);
      }
    } catch (OrtException e) {
      throw OnnxRuntime.failure(file, e);
    }
    return outputs.stream().map(TensorFrames::finish).toList();
  }

  private void runSegments(OrtSession session, Frames input, List<TensorFrames> outputs)
      throws OrtException {
    int total = input.frames();
    int segment = config.segment() == null ? total : config.segment();
    int stride = config.commonStride();
    // The last pass is a full one, moved back: the deepest tensor may need more steps than are
    // left.
    int tail = Math.max(0, (total - segment) / stride * stride);
    for (int start = 0; ; ) {
      start = Math.min(start, tail);
      int length = start == tail ? total - start : segment;
      pass(session, input, start, length, outputs);
      if (start == tail || outputs.stream().allMatch(TensorFrames::isComplete)) {
        return;
      }
      start =
          outputs.stream().mapToInt(TensorFrames::nextStep).min().orElseThrow() / stride * stride;
    }
  }

  private void pass(
      OrtSession session, Frames input, int start, int length, List<TensorFrames> outputs)
      throws OrtException {
    long[] shape = config.input().shape().stream().mapToLong(Long::longValue).toArray();
    int axis = config.input().timeAxis();
    shape[axis] = length;
    try (DirectBuffers.Loan loan = buffers.borrow((long) length * input.width())) {
      FloatBuffer values = loan.floats();
      fill(TimeAxis.of(shape, axis), input, start, length, values);
      Reader reader =
          (result, output) -> {
            int expected = output.tensor().frames(length);
            output.add(result, start / output.tensor().stride(), expected);
          };
      run(session, values.flip(), shape, outputs, reader);
    }
  }

  private void runWindows(OrtSession session, Frames input, List<TensorFrames> outputs)
      throws OrtException {
    OnnxModelConfig.Windows windows = config.windows();
    int total = outputs.getFirst().frames();
    long[] shape = config.input().shape().stream().mapToLong(Long::longValue).toArray();
    int axis = config.input().timeAxis();
    shape[axis] = windows.size();
    TimeAxis layout = TimeAxis.of(shape, axis);
    for (int first = 0; first < total; first += windows.batch()) {
      int count = Math.min(windows.batch(), total - first);
      windows(session, input, first, count, layout, shape, outputs);
    }
  }

  private void windows(
      OrtSession session,
      Frames input,
      int first,
      int count,
      TimeAxis layout,
      long[] shape,
      List<TensorFrames> outputs)
      throws OrtException {
    int size = config.windows().size();
    try (DirectBuffers.Loan loan = buffers.borrow((long) count * size * input.width())) {
      FloatBuffer values = loan.floats();
      for (int w = first; w < first + count; w++) {
        fill(layout, input, w * config.windows().hop(), size, values);
      }
      shape[0] = count;
      Reader reader = (result, output) -> output.add(result, first, count);
      run(session, values.flip(), shape, outputs, reader);
    }
  }

  private void run(
      OrtSession session,
      FloatBuffer values,
      long[] shape,
      List<TensorFrames> outputs,
      Reader reader)
      throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(OnnxRuntime.environment(), values, shape);
        OrtSession.Result result = session.run(Map.of(config.input().name(), tensor))) {
      for (TensorFrames output : outputs) {
        reader.read(result, output);
      }
    }
  }

  private void fill(TimeAxis layout, Frames input, int start, int length, FloatBuffer values) {
    OnnxModelConfig.Input in = config.input();
    // Steps of padding are zeros for the network, whatever scale and shift say.
    int zeros = Math.clamp((long) in.padBefore() - start, 0, length);
    int end = Math.clamp((long) input.frames() - in.padAfter() - start, zeros, length);
    if (zeros == 0 && end == length) {
      layout.write(input.values(), start, length, in.scale(), in.shift(), values);
      return;
    }
    float[] part = new float[length * input.width()];
    for (int i = zeros * input.width(); i < end * input.width(); i++) {
      part[i] = (float) (input.values()[start * input.width() + i] * in.scale() + in.shift());
    }
    layout.write(part, 0, length, 1, 0, values);
  }

  @Override
  public void close() {
    List<OrtSession> open = new ArrayList<>(sessions.values());
    sessions.clear();
    open.forEach(session -> OnnxRuntime.close(session, file));
  }

  @Override
  public String toString() {
    return config.tensors().stream().map(Tensor::layer).collect(Collectors.joining(", "));
  }

  /// Reads one tensor from the result of a pass.
  private interface Reader {
    void read(OrtSession.Result result, TensorFrames output) throws OrtException;
  }

  /// A pool of native buffers. Only the collector frees them, so one per pass would pile up outside
  /// of the heap.
  ///
  /// Holds as many as threads use at once. Safe for use by several threads.
  private static final class DirectBuffers {
    private final Deque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

    /// A buffer on loan until it is closed.
    record Loan(DirectBuffers owner, ByteBuffer bytes) implements AutoCloseable {
      /// All of it as floats, position 0, limit at what was asked for.
      FloatBuffer floats() {
        return bytes.asFloatBuffer();
      }

      @Override
      public void close() {
        owner.free.push(bytes);
      }
    }

    /// Room for exactly `floats` values; the content is left over from before.
    Loan borrow(long floats) {
      int wanted = ArraySize.of("the bytes of a network's input", floats, Float.BYTES);
      ByteBuffer buffer = free.poll();
      if (buffer == null || buffer.capacity() < wanted) {
        // Rounded up, so that slowly rising lengths do not replace it every time.
        int capacity =
            wanted > 1 << 29 ? wanted : Integer.highestOneBit(Math.max(wanted, 512) - 1) * 2;
        buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
      }
      return new Loan(this, buffer.clear().limit(wanted));
    }
  }
}
