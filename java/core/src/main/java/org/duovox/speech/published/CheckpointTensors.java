package org.duovox.speech.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import tools.jackson.databind.JsonNode;

/// The tensors of a checkpoint folder: `model.safetensors`, or the files that
/// `model.safetensors.index.json` names; found by the one spelling that [TensorNames] settles on.
final class CheckpointTensors implements AutoCloseable {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Map<String, SafetensorsFile> files = new TreeMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  private record Place(SafetensorsFile file, TensorInfo tensor) {}

  private CheckpointTensors(Path folder) {
    this.folder = folder;
  }

  static CheckpointTensors open(Path folder) {
    CheckpointTensors tensors = new CheckpointTensors(folder);
    boolean opened = false;
    try {
      tensors.openFiles();
      opened = true;
      return tensors;
    } finally {
      if (!opened) {
        tensors.close();
      }
    }
  }

  private void openFiles() {
    Path index = folder.resolve(INDEX);
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      SafetensorsFile file = file(SINGLE);
      file.tensors().forEach(tensor -> place(tensor, file));
    } else if (Files.isRegularFile(index)) {
      openSharded(index);
    } else {
      throw DuovoxException.missing(
          "%s has neither %s nor %s; duovox convert makes the first from .pt, .pth and .bin files"
              .formatted(folder, SINGLE, INDEX));
    }
  }

  private void openSharded(Path index) {
    JsonNode map = Json.tree(index).path("weight_map");
    if (!map.isObject()) {
      throw DuovoxException.badData(index + ": has no weight_map");
    }
    Set<String> named = new TreeSet<>();
    map.forEachEntry((tensor, name) -> {
      SafetensorsFile file = file(requireInside(name, index));
      named.add(tensor);
      place(
          file.find(tensor)
              .orElseThrow(() ->
                  DuovoxException.badData(
                      "%s: says that %s lies in %s, which lacks it"
                          .formatted(index, tensor, name.asString()))),
          file);
    });
    for (SafetensorsFile file : files.values()) {
      for (TensorInfo tensor : file.tensors()) {
        if (!named.contains(tensor.name())) {
          throw DuovoxException.badData(
              "%s: does not name %s of %s".formatted(index, tensor.name(), file.path()));
        }
      }
    }
  }

  private static String requireInside(JsonNode name, Path index) {
    String text = name.asString("");
    if (text.isEmpty() || text.indexOf('/') >= 0 || text.indexOf('\\') >= 0 || text.equals("..")) {
      throw DuovoxException.badData(index + ": " + name + " is no file beside it");
    }
    return text;
  }

  private SafetensorsFile file(String name) {
    return files.computeIfAbsent(name, n -> Safetensors.open(folder.resolve(n)));
  }

  private void place(TensorInfo tensor, SafetensorsFile file) {
    Place before = places.put(TensorNames.settled(tensor.name()), new Place(file, tensor));
    if (before != null) {
      throw DuovoxException.badData(
          "%s: %s and %s are the same tensor in two spellings"
              .formatted(folder, before.tensor().name(), tensor.name()));
    }
  }

  Set<String> names() {
    return places.keySet();
  }

  boolean has(String name) {
    return places.containsKey(name);
  }

  /// The shape of a tensor.
  Optional<List<Long>> shape(String name) {
    Place place = places.get(name);
    if (place == null) {
      return Optional.empty();
    }
    List<Long> shape = new ArrayList<>();
    for (long size : place.tensor().shape()) {
      shape.add(size);
    }
    return Optional.of(shape);
  }

  /// The shape of a tensor that must be there with so many dimensions.
  List<Long> requireShape(String name, int rank) {
    List<Long> shape =
        shape(name)
            .orElseThrow(() ->
                DuovoxException.badData(folder + ": the checkpoint lacks the tensor " + name));
    if (shape.size() != rank) {
      throw DuovoxException.badData(
          "%s: tensor %s has the shape %s, not one of %d sizes"
              .formatted(folder, name, shape, rank));
    }
    return shape;
  }

  /// All values of a tensor, row-major.
  float[] floats(String name) {
    Place place = places.get(name);
    return place.file().floats(place.tensor().name());
  }

  /// SHA-256 over all files, in the order of their names.
  String sha256() {
    Hashes.Builder hash = Hashes.builder();
    files.keySet().forEach(name -> hash.add(Hashes.sha256(folder.resolve(name))));
    return hash.finish();
  }

  @Override
  public void close() {
    files.values().forEach(SafetensorsFile::close);
  }
}
