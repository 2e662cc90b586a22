package org.duovox.convert.layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.MemoryTensor;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelConfig;
import org.duovox.model.PrototypeTensors;
import org.duovox.model.UnitIds;

/// The dual-channel model of the first author's prototype (jaeyeonkim99/WPBERT) as a model folder
/// of Duovox.
///
/// The state dictionary may be the whole file or stand under a key (`state_dict`, `model`, ...),
/// and its names may have a prefix (`module.`, `model.`, ...). The pooler, which nothing reads, is
/// left out.
public final class PrototypeLayout implements Layout {
  private static final String MARK = "bert.encoder.word_linear1.weight";
  private static final List<String> UNUSED =
      List.of("bert.pooler.dense.weight", "bert.pooler.dense.bias", "bert.embeddings.position_ids");

  private final OptionalInt heads;

  /// @param heads of the attention, where the user said
  public PrototypeLayout(OptionalInt heads) {
    this.heads = heads;
  }

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    if (!(checkpoint.root() instanceof Dict root)) {
      return Optional.empty();
    }
    List<String> dropped = new ArrayList<>();
    return state(root, dropped).map(state -> convert(state, checkpoint.file(), dropped));
  }

  private Converted convert(StateDict state, Path file, List<String> dropped) {
    List<String> notes = new ArrayList<>();
    PrototypeShape.requireOneFusion(state);
    ModelConfig config = new PrototypeShape(state, file, heads, notes).config();
    StateDict tensors = tensors(config, state, dropped);
    ModelCard.Origin origin =
        new ModelCard.Origin(
            PrototypeTensors.LAYOUT, String.valueOf(file.getFileName()), Hashes.sha256(file));
    return new Converted(
        PrototypeTensors.LAYOUT,
        tensors,
        Optional.empty(),
        Map.of(Converted.CONFIG, Json.pretty(ModelCard.converted(config, origin))),
        dropped,
        notes);
  }

  /// The state dictionary, by the prototype's own names; empty when there is none in the file.
  private static Optional<StateDict> state(Dict root, List<String> dropped) {
    Optional<StateDict> whole = StateDict.of(root).flatMap(state -> plain(state, dropped));
    if (whole.isPresent()) {
      return whole;
    }
    for (Map.Entry<Object, Object> entry : root.entries().entrySet()) {
      Optional<StateDict> found =
          StateDict.of(entry.getValue()).flatMap(state -> plain(state, dropped));
      if (found.isPresent()) {
        root.entries().keySet().stream()
            .filter(key -> !key.equals(entry.getKey()))
            .forEach(key -> dropped.add(String.valueOf(key)));
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<StateDict> plain(StateDict state, List<String> dropped) {
    return state.tensors().keySet().stream()
        .filter(name -> name.equals(MARK) || name.endsWith("." + MARK))
        .findFirst()
        .map(name -> name.substring(0, name.length() - MARK.length()))
        .map(prefix ->
            state
                .keep(name -> name.startsWith(prefix), dropped)
                .rename(name -> name.substring(prefix.length())));
  }

  /// Our tensors, each made of the prototype's; every tensor of the prototype must be used.
  private static StateDict tensors(ModelConfig config, StateDict state, List<String> dropped) {
    Map<String, List<PrototypeTensors.Rows>> byTensor = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>(state.tensors().keySet());
    for (PrototypeTensors.Rows rows : PrototypeTensors.all(config)) {
      byTensor.computeIfAbsent(rows.tensor(), name -> new ArrayList<>()).add(rows);
      unknown.remove(PrototypeShape.stored(rows.name(), state));
    }
    unknown.removeIf(name -> name.startsWith(PrototypeTensors.FUSION));
    UNUSED.stream().filter(unknown::remove).forEach(dropped::add);
    if (!unknown.isEmpty()) {
      throw new Malformed(
          "tensors that the prototype does not have: "
              + String.join(", ", unknown.subList(0, Math.min(8, unknown.size()))));
    }
    StateDict ours = new StateDict();
    byTensor.forEach((name, rows) -> ours.put(name, tensor(name, rows, config, state)));
    return ours;
  }

  private static Tensor tensor(
      String name, List<PrototypeTensors.Rows> parts, ModelConfig config, StateDict state) {
    List<Tensor> pieces =
        parts.stream()
            .map(part -> state.require(PrototypeShape.stored(part.name(), state)))
            .toList();
    // The phonetic table of the prototype has no MASK, ours has: it begins as zeros.
    boolean table = name.equals("phonetic.embedding.unit.weight");
    return pieces.size() == 1 && !table
        ? pieces.getFirst()
        : MemoryTensor.stacked(
            name, pieces, table ? config.phoneticCodes() + (long) UnitIds.PHONETIC_SPECIALS : 0);
  }
}
