package org.duovox.speech.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.DuovoxException;

/// A listing of an ONNX model for writing a config: its inputs, every tensor that it computes, and
/// its Reshape nodes.
///
/// @param file the model
/// @param inputs what must be fed
/// @param tensors everything that is computed, in the order of computation
/// @param reshapes names of the Reshape nodes that `reshapes` of a config can change
public record OnnxListing(
    String file, List<Value> inputs, List<Value> tensors, List<String> reshapes) {

  /// A tensor; a size that depends on the input is -1, an unknown shape is absent.
  public record Value(String name, String type, List<Long> shape) {
    @Override
    public String toString() {
      return name + " " + type + " " + (shape == null ? "(shape unknown)" : shape);
    }
  }

  /// The models of a folder, or the one file.
  public static List<OnnxListing> of(Path folderOrFile) {
    if (Files.isRegularFile(folderOrFile)) {
      return List.of(read(folderOrFile));
    }
    try (Stream<Path> files = Files.list(folderOrFile)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".onnx"))
          .sorted()
          .map(OnnxListing::read)
          .toList();
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + folderOrFile, e);
    }
  }

  /// The runtime infers the shapes; nothing is computed.
  private static OnnxListing read(Path file) {
    OnnxGraph graph = OnnxGraph.read(file);
    List<String> reshapes = graph.reshapes();
    List<String> order = graph.exposeAll();
    try (OrtSession session = OnnxRuntime.session(graph, 1)) {
      Map<String, NodeInfo> outputs = session.getOutputInfo();
      List<Value> tensors = new ArrayList<>();
      for (String name : order) {
        if (outputs.containsKey(name)) {
          tensors.add(value(outputs.get(name)));
        }
      }
      return new OnnxListing(
          file.toString(),
          session.getInputInfo().values().stream().map(OnnxListing::value).toList(),
          tensors,
          reshapes);
    } catch (OrtException e) {
      throw OnnxRuntime.failure(file, e);
    }
  }

  private static Value value(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo info
        ? new Value(
            node.getName(),
            info.type.toString().toLowerCase(java.util.Locale.ROOT),
            java.util.Arrays.stream(info.getShape()).boxed().toList())
        : new Value(node.getName(), node.getInfo().getClass().getSimpleName(), null);
  }
}
