package org.duovox.convert.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Malformed;

/// Checkpoints of CPC_audio: `weights` and `config` (GSLM, textless), or what its training writes,
/// with `checkpoint_args.json` beside.
///
/// The state under `gEncoder` of the training form holds `gEncoder.*` and `gAR.*`; older ones keep
/// the two apart without these prefixes.
public final class CpcLayout implements Layout {
  private static final String FIRST = "gEncoder.conv0.weight";
  private static final long[] KERNELS = {10, 8, 4, 4, 4};
  private static final Map<Long, String> MODES = Map.of(4L, "LSTM", 3L, "GRU", 1L, "RNN");

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    if (!(checkpoint.root() instanceof Dict root)) {
      return Optional.empty();
    }
    List<String> dropped = new ArrayList<>();
    StateDict found = state(root, dropped);
    if (!found.has(FIRST)) {
      return Optional.empty();
    }
    StateDict state =
        found.keep(name -> name.startsWith("gEncoder.") || name.startsWith("gAR."), dropped);
    Map<String, Object> config = config(state, settings(root, checkpoint.file()));
    return Optional.of(Converted.encoder("CPC", state, config, dropped));
  }

  private static StateDict state(Dict root, List<String> dropped) {
    StateDict all = new StateDict();
    root.entries()
        .forEach((key, value) -> {
          String name = String.valueOf(key);
          Optional<StateDict> part = StateDict.of(value);
          if (part.isPresent() && List.of("weights", "gEncoder", "gAR").contains(name)) {
            part.get().rename(tensor -> full(name, tensor)).tensors().forEach(all::put);
          } else if (!name.equals("config")) {
            dropped.add(name);
          }
        });
    return all;
  }

  /// `gEncoder.conv0.weight`, wherever `module.` stands and whether the first part is there or not.
  private static String full(String part, String tensor) {
    String name = tensor.replaceAll("(^|\\.)module\\.", "$1");
    boolean bare =
        (part.equals("gEncoder") && (name.startsWith("conv") || name.startsWith("batchNorm")))
            || (part.equals("gAR") && name.startsWith("baseNet"));
    return bare ? part + "." + name : name;
  }

  private static CheckpointSettings settings(Dict root, Path file) {
    if (root.has("config")) {
      return new CheckpointSettings(root.get("config"));
    }
    Path beside = file.resolveSibling("checkpoint_args.json");
    return Files.exists(beside) ? CheckpointSettings.json(beside) : CheckpointSettings.NONE;
  }

  private static Map<String, Object> config(StateDict state, CheckpointSettings settings) {
    long hidden = state.require(FIRST).size(0);
    for (int i = 0; i < KERNELS.length; i++) {
      String layer = "gEncoder.conv" + i;
      state.require(layer + ".weight", hidden, i == 0 ? 1 : hidden, KERNELS[i]);
      state.require(layer + ".bias", hidden);
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "cpc");
    config.put("hiddenEncoder", hidden);
    context(state, hidden, config);
    config.put("normMode", norm(state, hidden));
    config.forEach((key, value) -> {
      if (value instanceof Long size) {
        settings.requireEqual(key, size);
      } else if (!key.equals("model_type")) {
        settings.requireEqual(key, (String) value);
      }
    });
    return config;
  }

  private static void context(StateDict state, long input, Map<String, Object> config) {
    if (!state.has("gAR.baseNet.weight_hh_l0")) {
      throw new Malformed(
          "the context network of this CPC has no gAR.baseNet.weight_hh_l0; of its kinds, only LSTM,"
              + " GRU and RNN are known here");
    }
    Tensor recurrent = state.require("gAR.baseNet.weight_hh_l0");
    long hidden = recurrent.size(recurrent.rank() - 1);
    long gates = hidden == 0 ? 0 : recurrent.size(0) / hidden;
    String mode = MODES.get(gates);
    if (mode == null) {
      throw new Malformed("a context network of %d gates".formatted(gates));
    }
    int levels = state.count("gAR.baseNet.weight_hh_l", "");
    for (int k = 0; k < levels; k++) {
      String level = "_l" + k;
      state.require("gAR.baseNet.weight_ih" + level, gates * hidden, k == 0 ? input : hidden);
      state.require("gAR.baseNet.weight_hh" + level, gates * hidden, hidden);
      state.require("gAR.baseNet.bias_ih" + level, gates * hidden);
      state.require("gAR.baseNet.bias_hh" + level, gates * hidden);
    }
    config.put("hiddenGar", hidden);
    config.put("nLevelsGRU", (long) levels);
    config.put("arMode", mode);
  }

  private static String norm(StateDict state, long hidden) {
    Optional<Tensor> weight = state.find("gEncoder.batchNorm0.weight");
    if (weight.isEmpty()) {
      return "ID";
    }
    if (state.has("gEncoder.batchNorm0.running_mean")) {
      return "batchNorm";
    }
    return weight.get().hasShape(1, hidden, 1) ? "layerNorm" : "instanceNorm";
  }
}
