package org.duovox.convert.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.pickle.Malformed;

/// `best_audio_model.pth` of ResDAVEnet-VQ: a state dictionary, with `args.pkl` (a pickled
/// Namespace) in the folder above where there is one.
public final class ResDavenetLayout implements Layout {
  private static final int LAYERS = 5;
  private static final int MELS = 40;
  private static final int WIDTH = 9;

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    Optional<StateDict> found =
        StateDict.of(checkpoint.root())
            .map(StateDict::withoutModule)
            .filter(state -> state.has("conv1.weight") && state.has("layer1.0.conv1.weight"))
            .filter(state -> state.require("conv1.weight").rank() == 4)
            .filter(state -> state.require("conv1.weight").size(2) == MELS);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<String> dropped = new ArrayList<>();
    StateDict state =
        found
            .get()
            .keep(
                name -> name.matches("(conv1|bn1|batchnorm1|layer[1-4]|quant[1-5])\\..*"), dropped);
    Map<String, Object> config = config(state, arguments(checkpoint.file()));
    return Optional.of(Converted.encoder("ResDAVEnet-VQ", state, config, dropped));
  }

  private static CheckpointSettings arguments(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return Stream.of(parent, parent.getParent())
        .filter(Objects::nonNull)
        .map(folder -> folder.resolve("args.pkl"))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(args -> new CheckpointSettings(CheckpointFile.readPlain(args)))
        .orElse(CheckpointSettings.NONE);
  }

  private static Map<String, Object> config(StateDict state, CheckpointSettings arguments) {
    List<Long> widths = widths(state);
    arguments
        .text("layer_widths")
        .map(CheckpointSettings::wholes)
        .filter(said -> !said.equals(widths))
        .ifPresent(said -> {
          throw CheckpointSettings.contradiction("layer_widths", said, widths);
        });
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "resdavenet_vq");
    config.put("layer_widths", widths);
    config.put("codebook_Ks", codebooks(state, widths, arguments));
    config.put("vqs_enabled", enabled(state));
    return config;
  }

  private static List<Long> widths(StateDict state) {
    List<Long> widths = new ArrayList<>(List.of(state.require("conv1.weight").size(0)));
    state.require("conv1.weight", widths.getFirst(), 1, MELS, 1);
    for (int layer = 1; layer < LAYERS; layer++) {
      long in = widths.getLast();
      long out = state.require("layer" + layer + ".0.conv1.weight").size(0);
      for (int block = 0; block < 2; block++) {
        String name = "layer%d.%d".formatted(layer, block);
        state.require(name + ".conv1.weight", out, block == 0 ? in : out, 1, WIDTH);
        state.require(name + ".conv2.weight", out, out, 1, WIDTH);
      }
      state.require("layer" + layer + ".0.downsample.0.weight", out, in, 1, 1);
      if (state.hasPrefix("layer" + layer + ".2.")) {
        throw new Malformed("layer%d has more than two blocks".formatted(layer));
      }
      widths.add(out);
    }
    return widths;
  }

  private static List<Integer> enabled(StateDict state) {
    return LongStream.rangeClosed(1, LAYERS)
        .mapToObj(k -> state.has("quant" + k + "._embedding.weight") ? 1 : 0)
        .toList();
  }

  /// Codes of each layer's codebook. A layer without one has the size that the arguments say, or
  /// that of the largest: it means nothing there.
  private static List<Long> codebooks(
      StateDict state, List<Long> widths, CheckpointSettings arguments) {
    long largest = 0;
    List<Long> sizes = new ArrayList<>();
    for (int k = 0; k < LAYERS; k++) {
      String name = "quant%d._embedding.weight".formatted(k + 1);
      long codes = state.find(name).map(tensor -> tensor.size(0)).orElse(0L);
      if (codes > 0) {
        state.require(name, codes, widths.get(k));
      }
      largest = Math.max(largest, codes);
      sizes.add(codes);
    }
    List<Long> said = arguments.text("VQ_sizes").map(CheckpointSettings::wholes).orElse(List.of());
    for (int k = 0; k < LAYERS; k++) {
      boolean told = said.size() == LAYERS;
      if (sizes.get(k) == 0) {
        sizes.set(k, told ? said.get(k) : Math.max(largest, 1));
      } else if (told && !said.get(k).equals(sizes.get(k))) {
        throw CheckpointSettings.contradiction("VQ_sizes", said, sizes);
      }
    }
    return sizes;
  }
}
