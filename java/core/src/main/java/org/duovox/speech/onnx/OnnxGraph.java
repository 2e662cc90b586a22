package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;
import org.duovox.io.Suggestions;

/// An ONNX graph and its edits: frees the time axis, replaces constants of Reshape nodes, makes
/// inner tensors outputs and drops what they do not need.
///
/// For one thread. Unknown names are refused with a list of the known ones.
final class OnnxGraph {
  private static final int NAMES_SHOWN = 40;

  private final Path file;
  private final ModelProto model;
  private final GraphProto.Builder graph;
  private final OnnxExternalData external;
  private boolean edited;

  private OnnxGraph(Path file, ModelProto model) {
    this.file = file;
    this.model = model;
    this.graph = model.getGraph().toBuilder();
    this.external = new OnnxExternalData(file);
    external.inline(graph);
  }

  Path file() {
    return file;
  }

  /// The model as it was read.
  ModelProto model() {
    return model;
  }

  /// Whether a config changed what the graph computes or is fed.
  boolean isEdited() {
    return edited;
  }

  /// Files beside the model that hold weights of it.
  Set<Path> externalFiles() {
    return external.files();
  }

  static OnnxGraph read(Path file) {
    FileKind.require(file, "an ONNX model");
    try {
      ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
      if (model.getGraph().getNodeCount() == 0) {
        throw DuovoxException.badData(file + ": is no ONNX model: it has no graph");
      }
      return new OnnxGraph(file, model);
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing("no such model file: " + file);
    } catch (InvalidProtocolBufferException e) {
      throw DuovoxException.badData(
          file + ": is no ONNX model, or truncated: " + e.getMessage(), e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// Checks the input and frees its time axis, and its batch axis when windows are batched.
  void freeInput(OnnxModelConfig.Input input, boolean batched) {
    Set<String> weights = initializers();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < graph.getInputCount(); i++) {
      ValueInfoProto found = graph.getInput(i);
      if (found.getName().equals(input.name())) {
        OnnxInput axes = new OnnxInput(file, found, input, batched);
        graph.setInput(i, axes.freed());
        edited |= axes.isFixed();
        return;
      }
      if (!weights.contains(found.getName())) {
        names.add(found.getName());
      }
    }
    throw unknown("input", input.name(), names);
  }

  /// Gives Reshape nodes a constant shape of their own: the old one may be shared with other nodes.
  void reshape(Map<String, List<Long>> shapes) {
    edited |= !shapes.isEmpty();
    shapes.forEach((name, shape) -> {
      int node = indexOfReshape(name);
      String constant = "duovox_shape_of/" + name;
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(constant)
              .setDataType(TensorProto.DataType.INT64.getNumber())
              .addDims(shape.size())
              .addAllInt64Data(shape));
      graph.setNode(node, graph.getNode(node).toBuilder().setInput(1, constant));
    });
  }

  private int indexOfReshape(String name) {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      if (isReshape(node) && node.getName().equals(name)) {
        return i;
      }
    }
    throw unknown("Reshape node", name, reshapes());
  }

  private static boolean isReshape(NodeProto node) {
    return node.getOpType().equals("Reshape") && node.getInputCount() > 1;
  }

  /// Makes these tensors the only outputs and drops every node and constant that none of them
  /// needs.
  void keepOnly(Collection<String> tensors) {
    requireTensors(tensors);
    List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    edited |= !outputs.containsAll(tensors);
    graph.clearOutput();
    // The old shapes are those of the fixed time axis; the runtime infers names, types and new
    // shapes itself.
    graph.clearValueInfo();
    tensors.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
    Set<String> needed = new HashSet<>(tensors);
    List<NodeProto> kept = new ArrayList<>();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) { // The format demands topological order.
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        kept.addFirst(node);
        collectInputs(node, needed);
      }
    }
    graph.clearNode().addAllNode(kept);
    dropUnused(needed);
  }

  /// All names that a node reads, those in the branches of an If or the body of a Loop included.
  private static void collectInputs(NodeProto node, Set<String> names) {
    names.addAll(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      List<GraphProto> bodies = new ArrayList<>(attribute.getGraphsList());
      if (attribute.hasG()) {
        bodies.add(attribute.getG());
      }
      for (GraphProto body : bodies) {
        body.getNodeList().forEach(inner -> collectInputs(inner, names));
        body.getOutputList().forEach(output -> names.add(output.getName()));
      }
    }
  }

  private void dropUnused(Set<String> needed) {
    List<TensorProto> constants =
        graph.getInitializerList().stream().filter(t -> needed.contains(t.getName())).toList();
    graph.clearInitializer().addAllInitializer(constants);
    Set<String> weights = initializers();
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(input -> needed.contains(input.getName()) && !weights.contains(input.getName()))
            .toList();
    graph.clearInput().addAllInput(inputs);
  }

  /// Refuses names of tensors that no node computes.
  void requireTensors(Collection<String> tensors) {
    Set<String> computed = new LinkedHashSet<>();
    graph.getNodeList().forEach(node -> computed.addAll(node.getOutputList()));
    for (String tensor : tensors) {
      if (!computed.contains(tensor)) {
        throw unknown("tensor", tensor, computed);
      }
    }
  }

  /// Makes every tensor that a node computes an output and returns their names, in the order of
  /// computation.
  List<String> exposeAll() {
    Set<String> names = new LinkedHashSet<>();
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    names.remove("");
    graph.clearOutput();
    names.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return List.copyOf(names);
  }

  /// Names of the Reshape nodes.
  List<String> reshapes() {
    return graph.getNodeList().stream()
        .filter(OnnxGraph::isReshape)
        .map(NodeProto::getName)
        .toList();
  }

  /// The names that the edited graph must be fed.
  List<String> inputs() {
    return graph.getInputList().stream().map(ValueInfoProto::getName).toList();
  }

  byte[] toBytes() {
    return model.toBuilder().setGraph(graph).build().toByteArray();
  }

  private Set<String> initializers() {
    Set<String> names = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    return names;
  }

  private DuovoxException unknown(String what, String name, Collection<String> known) {
    Set<String> sorted = new TreeSet<>(known);
    String list = String.join(", ", sorted.stream().limit(NAMES_SHOWN).toList());
    int more = sorted.size() - NAMES_SHOWN;
    return DuovoxException.config(
        "%s: there is no %s \"%s\"%s; there are: %s%s"
            .formatted(
                file,
                what,
                name,
                Suggestions.nearest(name, sorted)
                    .map(n -> ", did you mean \"" + n + "\"?")
                    .orElse(""),
                list,
                more > 0 ? " and " + more + " more" : ""));
  }
}
