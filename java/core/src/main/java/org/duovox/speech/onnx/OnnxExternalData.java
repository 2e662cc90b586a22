package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;

/// Weights that an ONNX model keeps in other files: read into the model by this program, which
/// looks at no file outside of the model's folder. The runtime itself never opens one.
final class OnnxExternalData {
  private static final long MAX_BYTES = 2_000_000_000; // A protobuf message holds 2 GiB at most.

  private final Path model;
  private final Set<Path> files = new TreeSet<>();
  private long total;

  OnnxExternalData(Path model) {
    this.model = model;
  }

  /// The files that were read.
  Set<Path> files() {
    return files;
  }

  /// Puts the weights of a graph's initializers into the graph.
  void inline(GraphProto.Builder graph) {
    graph.getNodeList().forEach(this::requireNone);
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      if (isExternal(tensor)) {
        graph.setInitializer(
            i, tensor.toBuilder().clearExternalData().clearDataLocation().setRawData(read(tensor)));
      }
    }
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0;
  }

  /// Refuses such tensors within nodes and their inner graphs, where no exporter puts them.
  private void requireNone(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      boolean external =
          (attribute.hasT() && isExternal(attribute.getT()))
              || attribute.getTensorsList().stream().anyMatch(OnnxExternalData::isExternal);
      if (attribute.hasG()) {
        requireNone(attribute.getG());
      }
      attribute.getGraphsList().forEach(this::requireNone);
      if (external) {
        throw DuovoxException.badData(
            "%s: node %s keeps a constant in another file; only weights may lie there"
                .formatted(model, node.getName()));
      }
    }
  }

  private void requireNone(GraphProto inner) {
    inner.getNodeList().forEach(this::requireNone);
    if (inner.getInitializerList().stream().anyMatch(OnnxExternalData::isExternal)) {
      throw DuovoxException.badData(
          model + ": an inner graph keeps weights in another file; export it without");
    }
  }

  private ByteString read(TensorProto tensor) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    Path file = resolve(tensor.getName(), entries.getOrDefault("location", ""));
    try (FileChannel channel = FileChannel.open(file)) {
      long offset = number(tensor, entries, "offset", 0);
      long length = number(tensor, entries, "length", channel.size() - offset);
      total += length;
      if (offset < 0 || length < 0 || offset > channel.size() - length || total > MAX_BYTES) {
        throw DuovoxException.badData(
            "%s: weight %s lies at bytes %d to %d of %s, which has %d (and all weights may have %d)"
                .formatted(
                    model,
                    tensor.getName(),
                    offset,
                    offset + length,
                    file,
                    channel.size(),
                    MAX_BYTES));
      }
      files.add(file);
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        // Until it is full; a file that shrinks meanwhile leaves a tensor that the runtime refuses.
      }
      return ByteString.copyFrom(bytes.flip());
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private Path resolve(String tensor, String location) {
    try {
      Path folder = model.toAbsolutePath().normalize().getParent();
      Path file = folder.resolve(location).normalize();
      if (location.isEmpty() || Path.of(location).isAbsolute() || !file.startsWith(folder)) {
        throw leaves(tensor, location);
      }
      if (!Files.isRegularFile(file)) {
        throw DuovoxException.missing(
            "%s: its weights lie in %s, which is missing".formatted(model, file));
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw leaves(tensor, location);
      }
      return file;
    } catch (InvalidPathException e) {
      throw leaves(tensor, location.replaceAll("\\p{Cntrl}", "?"));
    } catch (IOException e) {
      throw DuovoxException.io("cannot follow " + location, e);
    }
  }

  private DuovoxException leaves(String tensor, String location) {
    return DuovoxException.badData(
        "%s: weight %s lies in \"%s\", which is not below the model's folder"
            .formatted(model, tensor, location));
  }

  private long number(TensorProto tensor, Map<String, String> entries, String key, long absent) {
    String text = entries.get(key);
    try {
      return text == null ? absent : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw DuovoxException.badData(
          "%s: weight %s has the %s \"%s\"".formatted(model, tensor.getName(), key, text), e);
    }
  }
}
