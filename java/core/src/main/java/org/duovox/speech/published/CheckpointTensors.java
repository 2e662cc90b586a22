package org.duovox.speech.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeEncoder;
import org.duovox.internal.NativeTensor;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import tools.jackson.databind.JsonNode;

/// The tensors of a checkpoint folder: `model.safetensors`, or the files that
/// `model.safetensors.index.json` names; found by one spelling.
///
/// Published checkpoints spell names with prefixes of the class that saved them and in two forms of
/// weight norm, and hold tensors that belong to training or to a task and not to the encoder.
final class CheckpointTensors implements AutoCloseable {
  private static final int NAMES_SHOWN = 12;
  private static final List<String> PREFIXES =
      List.of("module.", "hubert.", "wav2vec2.", "data2vec_audio.", "wavlm.");

  // masked_spec_embed: replaces masked frames in training. project_*, final_proj: the pretraining
  // losses. The heads: fine-tuned models. batchnorm1: unused by ResDAVEnet-VQ itself. _ema_*: its
  // codebook training. cpcCriterion, wPrediction: CPC's loss.
  private static final Pattern NOT_OF_THE_ENCODER =
      Pattern.compile(
          "masked_spec_embed|(project_hid|project_q|final_proj|lm_head|classifier|projector|quantizer"
              + "|batchnorm1|cpcCriterion|wPrediction)\\..*|layer_weights|label_embs_concat"
              + "|.*\\.num_batches_tracked|num_batches_tracked|quant\\d+\\._ema_\\w+");

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
    Place before = places.put(settled(tensor.name()), new Place(file, tensor));
    if (before != null) {
      throw DuovoxException.badData(
          "%s: %s and %s are the same tensor in two spellings"
              .formatted(folder, before.tensor().name(), tensor.name()));
    }
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

  /// Fills a native encoder with the tensors and seals it, after a check that both fit: what is
  /// missing, unknown or of another shape is listed, never skipped.
  void fill(NativeEncoder encoder) {
    requireFit(encoder.parameters());
    for (NativeTensor parameter : encoder.parameters()) {
      float[] values = floats(parameter.name());
      within(() -> encoder.write(parameter, values));
    }
    within(encoder::seal);
  }

  private void within(Runnable action) {
    DuovoxException.runWithin(folder, action);
  }

  private void requireFit(List<NativeTensor> wanted) {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (NativeTensor parameter : wanted) {
      known.add(parameter.name());
      Optional<List<Long>> shape = shape(parameter.name());
      if (shape.isEmpty()) {
        missing.add(parameter.name());
      } else if (!shape.get().equals(parameter.sizes())) {
        misshapen.add(
            "%s is %s, not %s".formatted(parameter.name(), shape.get(), parameter.sizes()));
      }
    }
    List<String> unknown =
        places.keySet().stream()
            .filter(name -> !known.contains(name) && !isDispensable(name))
            .sorted()
            .toList();
    if (!missing.isEmpty() || !misshapen.isEmpty() || !unknown.isEmpty()) {
      throw DuovoxException.badData(
          "%s: the tensors are not those of its config.json:%s%s%s"
              .formatted(
                  folder,
                  list("missing", missing),
                  list("of another shape", misshapen),
                  list("unknown", unknown)));
    }
  }

  private static String list(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String more =
        names.size() > NAMES_SHOWN ? ", and " + (names.size() - NAMES_SHOWN) + " more" : "";
    return "\n  %s: %s%s"
        .formatted(
            what, String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size()))), more);
  }

  /// The spelling that this program works with.
  private static String settled(String name) {
    String text = name;
    for (String prefix : PREFIXES) {
      text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }
    return text.replace(".parametrizations.weight.original0", ".weight_g")
        .replace(".parametrizations.weight.original1", ".weight_v");
  }

  /// Whether an encoder can do without this tensor.
  private static boolean isDispensable(String settled) {
    return NOT_OF_THE_ENCODER.matcher(settled).matches();
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
