package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Questions about the nodes of an ONNX graph.
final class OnnxNodes {
  private OnnxNodes() {}

  /// Names of the Reshape nodes.
  static List<String> reshapes(List<NodeProto> nodes) {
    return nodes.stream()
        .filter(node -> node.getOpType().equals("Reshape") && node.getInputCount() > 1)
        .map(NodeProto::getName)
        .toList();
  }

  /// All names that a node reads, those in the branches of an If or the body of a Loop included.
  static void collectInputs(NodeProto node, Set<String> names) {
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
}
