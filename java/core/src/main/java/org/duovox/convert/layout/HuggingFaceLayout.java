package org.duovox.convert.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.TextInput;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// `pytorch_model.bin` of Hugging Face transformers, whole or in shards, with `config.json` beside:
/// names and both spellings of weight normalization stay as they are.
public final class HuggingFaceLayout implements Layout {
  public static final String INDEX = "pytorch_model.bin.index.json";
  public static final String WHOLE = "pytorch_model.bin";

  private static final String KNOWN =
      "(hubert\\.|wav2vec2\\.|wavlm\\.|data2vec_audio\\.)?"
          + "feature_extractor\\.conv_layers\\.0\\.conv\\.weight";

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    return StateDict.of(checkpoint.root())
        .filter(HuggingFaceLayout::isOne)
        .map(state -> convert(List.of(state), folder(checkpoint.file())));
  }

  private static boolean isOne(StateDict state) {
    return state.tensors().keySet().stream().anyMatch(name -> name.matches(KNOWN));
  }

  static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /// The shards that an index names, each once, in its order; they must lie beside it.
  public static List<Path> shards(Path index) {
    JsonNode map = Json.tree(index).path("weight_map");
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String name = entry.getValue().isString() ? entry.getValue().stringValue() : "";
      if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
        throw DuovoxException.badData(
            "%s: '%s' is no file beside it".formatted(index, entry.getValue()));
      }
      Path file = index.resolveSibling(name);
      if (!files.contains(file)) {
        files.add(file);
      }
    }
    if (files.isEmpty() || files.size() > 10_000) {
      throw DuovoxException.badData("%s: names %d shards".formatted(index, files.size()));
    }
    return files;
  }

  /// All shards as one; each tensor must stand in the shard that the index says.
  public static Converted join(List<CheckpointFile> files, Path index) {
    List<StateDict> states = new ArrayList<>();
    Map<String, Path> places = new HashMap<>();
    for (CheckpointFile file : files) {
      StateDict state =
          StateDict.of(file.root())
              .orElseThrow(() -> new Malformed(file.file() + " holds no state dictionary"));
      state.tensors().keySet().forEach(name -> places.put(name, file.file()));
      states.add(state);
    }
    for (Map.Entry<String, JsonNode> entry : Json.tree(index).path("weight_map").properties()) {
      Path said = index.resolveSibling(entry.getValue().stringValue());
      if (!said.equals(places.get(entry.getKey()))) {
        throw new Malformed("tensor \"%s\" is not in %s".formatted(entry.getKey(), said));
      }
    }
    return convert(states, folder(index));
  }

  private static Converted convert(List<StateDict> states, Path folder) {
    StateDict all = new StateDict();
    List<String> dropped = new ArrayList<>();
    for (StateDict state : states) {
      state.tensors().forEach(all::put);
      dropped.addAll(state.others());
    }
    Map<String, String> texts = new HashMap<>();
    Path config = folder.resolve(Converted.CONFIG);
    if (!Files.isRegularFile(config)) {
      throw new Malformed(
          "a model of Hugging Face, but %s is not there; fetch it from the same place"
              .formatted(config));
    }
    texts.put(Converted.CONFIG, copy(config));
    List<String> notes = new ArrayList<>();
    for (String name : List.of(Converted.PREPROCESSOR, Converted.PROCESSOR)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        texts.put(name, copy(folder.resolve(name)));
      }
    }
    if (texts.size() == 1) {
      notes.add(
          "there is no preprocessor_config.json beside it, which says whether the waveform is"
              + " normalized");
    }
    return new Converted("Hugging Face", all, Optional.empty(), texts, dropped, notes);
  }

  /// The text of a file that must be JSON.
  private static String copy(Path file) {
    Json.tree(file);
    return TextInput.read(file);
  }
}
