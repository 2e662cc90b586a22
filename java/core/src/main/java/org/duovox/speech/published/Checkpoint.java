package org.duovox.speech.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.EncoderShape;
import org.duovox.internal.EncoderShape.Cell;
import org.duovox.internal.EncoderShape.Cpc;
import org.duovox.internal.EncoderShape.Resdavenet;
import org.duovox.io.ArraySize;

/// A published checkpoint: the kind and shape of its network, and its tensors.
///
/// @param type `model_type` of its `config.json`
/// @param shape sizes of the network
/// @param tensors closed with the checkpoint
public record Checkpoint(String type, EncoderShape shape, CheckpointTensors tensors)
    implements AutoCloseable {
  public static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String PROCESSOR = "processor_config.json";
  static final String CPC = "cpc";
  static final String RESDAVENET = "resdavenet_vq";

  private static final List<String> TRANSFORMERS =
      List.of(
          TransformerConfig.HUBERT,
          TransformerConfig.WAV2VEC2,
          TransformerConfig.DATA2VEC,
          TransformerConfig.WAVLM);
  private static final int STAGES = 5;
  private static final String DO_NORMALIZE = "do_normalize";
  private static final Predicate<CheckpointKeys> NORMALIZES = keys -> keys.has(DO_NORMALIZE);

  /// Whether a folder may hold a checkpoint.
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  static Checkpoint open(Path folder) {
    CheckpointKeys keys = CheckpointKeys.read(folder.resolve(CONFIG));
    String type = keys.text("model_type", "");
    requireKnown(type, keys.file());
    CheckpointTensors tensors = CheckpointTensors.open(folder);
    boolean read = false;
    try {
      Checkpoint checkpoint = new Checkpoint(type, shape(folder, type, keys, tensors), tensors);
      read = true;
      return checkpoint;
    } finally {
      if (!read) {
        tensors.close();
      }
    }
  }

  private static void requireKnown(String type, Path file) {
    if (!TRANSFORMERS.contains(type) && !type.equals(CPC) && !type.equals(RESDAVENET)) {
      throw DuovoxException.config(
          "%s: model_type is \"%s\"; encoders are %s, %s and %s. Any other network can come as ONNX (docs/representations.md)"
              .formatted(file, type, String.join(", ", TRANSFORMERS), CPC, RESDAVENET));
    }
  }

  private static EncoderShape shape(
      Path folder, String type, CheckpointKeys keys, CheckpointTensors tensors) {
    return switch (type) {
      case CPC -> cpc(keys);
      case RESDAVENET -> resdavenet(keys, tensors);
      default ->
          TransformerConfig.read(
              keys, preprocessor(folder), tensors.has("quantizer.weight_proj.weight"));
    };
  }

  /// What is done to the samples: `preprocessor_config.json`, or the part of
  /// `processor_config.json` that newer versions of transformers write instead. Where both say it,
  /// they must agree.
  private static CheckpointKeys preprocessor(Path folder) {
    Path file = folder.resolve(PREPROCESSOR);
    Optional<CheckpointKeys> own = CheckpointKeys.find(file).filter(NORMALIZES);
    Optional<CheckpointKeys> nested =
        CheckpointKeys.find(folder.resolve(PROCESSOR))
            .map(keys -> keys.under("feature_extractor").orElse(keys))
            .filter(NORMALIZES);
    if (own.isPresent() && nested.isPresent()) {
      boolean said = own.get().flag(DO_NORMALIZE);
      if (said != nested.get().flag(DO_NORMALIZE)) {
        throw DuovoxException.badData(
            "%s says %s %s, %s says %s: they are of different checkpoints; take both from where the weights came from"
                .formatted(file, DO_NORMALIZE, said, PROCESSOR, !said));
      }
    }
    return own.or(() -> nested)
        .or(() -> CheckpointKeys.find(file)) // Its reader names the key that it lacks.
        .orElseThrow(() ->
            DuovoxException.missing(
                "%s is missing, and %s does not have it either: it says by do_normalize whether the network wants its audio normalized, which changes every unit; take it from where the checkpoint came from"
                    .formatted(file, PROCESSOR)));
  }

  private static Cpc cpc(CheckpointKeys keys) {
    keys.requireAll(List.of("hiddenEncoder", "hiddenGar", "nLevelsGRU"));
    keys.requireIf("normMode", keys.text("normMode", "layerNorm").equals("layerNorm"), "layerNorm");
    keys.requireIf("encoder_type", keys.text("encoder_type", CPC).equals(CPC), CPC);
    String mode = keys.text("arMode", "LSTM");
    Cell cell =
        switch (mode) {
          case "LSTM" -> Cell.LSTM;
          case "GRU" -> Cell.GRU;
          case "RNN" -> Cell.RNN;
          default ->
              throw DuovoxException.config(
                  "%s: arMode is \"%s\"; this program computes LSTM, GRU and RNN"
                      .formatted(keys.file(), mode));
        };
    return new Cpc(
        keys.integer("hiddenEncoder"), keys.integer("hiddenGar"), keys.integer("nLevelsGRU"), cell);
  }

  /// Widths and codes are those of the tensors: published models differ from the defaults of the
  /// code. What the config says as well must agree.
  private static Resdavenet resdavenet(CheckpointKeys keys, CheckpointTensors tensors) {
    Set<Integer> enabled = enabled(keys, tensors);
    List<Integer> widths = new ArrayList<>();
    List<Integer> codes = new ArrayList<>();
    for (int stage = 0; stage < STAGES; stage++) {
      String conv = stage == 0 ? "conv1.weight" : "layer" + stage + ".0.conv1.weight";
      widths.add(ArraySize.of(conv, tensors.requireShape(conv, 4).getFirst()));
      codes.add(
          enabled.contains(stage)
              ? ArraySize.of(codebook(stage), tensors.requireShape(codebook(stage), 2).getFirst())
              : 0);
    }
    keys.optionalIntegers("layer_widths")
        .ifPresent(said -> requireAgreement(keys, "layer_widths", said, widths));
    return new Resdavenet(widths, codes, zeroPadding(keys));
  }

  static String codebook(int stage) {
    return "quant" + (stage + 1) + "._embedding.weight";
  }

  private static Set<Integer> enabled(CheckpointKeys keys, CheckpointTensors tensors) {
    List<Integer> flags =
        keys.optionalIntegers("vqs_enabled")
            .orElseGet(() ->
                java.util.stream.IntStream.range(0, STAGES)
                    .mapToObj(stage -> tensors.has(codebook(stage)) ? 1 : 0)
                    .toList());
    if (flags.size() != STAGES) {
      throw DuovoxException.badData(
          keys.file() + ": vqs_enabled needs " + STAGES + " members, but has " + flags.size());
    }
    Set<Integer> stages = new java.util.TreeSet<>();
    for (int stage = 0; stage < STAGES; stage++) {
      if (flags.get(stage) != 0) {
        stages.add(stage);
      }
    }
    return stages;
  }

  /// librosa mirrored the signal at its ends until version 0.9 and pads zeros since 0.10; only the
  /// first and last frame differ.
  private static boolean zeroPadding(CheckpointKeys keys) {
    String mode = keys.text("pad_mode", "reflect");
    keys.requireIf(
        "pad_mode", mode.equals("reflect") || mode.equals("constant"), "reflect or constant");
    return mode.equals("constant");
  }

  private static void requireAgreement(
      CheckpointKeys keys, String key, List<Integer> said, List<Integer> found) {
    if (!said.equals(found)) {
      throw DuovoxException.badData(
          "%s: %s is %s, but the tensors have %s".formatted(keys.file(), key, said, found));
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
