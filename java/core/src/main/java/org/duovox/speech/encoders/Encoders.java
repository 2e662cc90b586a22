package org.duovox.speech.encoders;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.Suggestions;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.onnx.OnnxEncoder;
import org.duovox.speech.onnx.OnnxEncoderConfig;
import org.duovox.speech.onnx.SpeechEmbedding;
import org.duovox.speech.published.Checkpoint;
import org.duovox.speech.published.PretrainedEncoder;

/// Opens encoders by name or by folder.
public final class Encoders {
  /// Encoders that need no folder.
  public static final List<String> NAMES =
      List.of(LogMelEncoder.NAME, MfccEncoder.NAME, SpeechEmbedding.NAME);

  private Encoders() {}

  /// Opens an encoder that reads utterances whole.
  public static Encoder open(String nameOrFolder, int parallelism) {
    return open(nameOrFolder, Chunking.WHOLE, parallelism);
  }

  /// Opens an encoder.
  ///
  /// @param nameOrFolder one of [#NAMES]; a folder with an `encoder.json` beside its ONNX models;
  ///   or a folder with the `config.json` and `model.safetensors` of a published checkpoint
  /// @param chunking how audio is cut; only CPC offers more than the whole
  /// @param parallelism threads that will encode at once, at least 1; an encoder may offer fewer
  public static Encoder open(String nameOrFolder, Chunking chunking, int parallelism) {
    return open(nameOrFolder, chunking, parallelism, Device.CPU);
  }

  /// The same on a device, which the caller has made ready.
  ///
  /// @throws DuovoxException (UNAVAILABLE) unless it [#runsOn(String, Device)] it
  public static Encoder open(
      String nameOrFolder, Chunking chunking, int parallelism, Device device) {
    if (!runsOn(nameOrFolder, device)) {
      throw DuovoxException.unavailable(
          "encoder %s computes on the CPU only".formatted(nameOrFolder));
    }
    try {
      if (!NAMES.contains(nameOrFolder)) {
        return folder(nameOrFolder, chunking, parallelism, device);
      }
      requireWhole(nameOrFolder, chunking);
      return switch (nameOrFolder) {
        case LogMelEncoder.NAME -> new LogMelEncoder(parallelism);
        case MfccEncoder.NAME -> new MfccEncoder(parallelism);
        default -> SpeechEmbedding.open(SpeechEmbedding.locate(), parallelism);
      };
    } catch (NoClassDefFoundError e) {
      throw DuovoxException.unavailable(
          "encoder %s needs the optional libraries com.microsoft.onnxruntime:onnxruntime and org.tribuo:tribuo-util-onnx: %s is missing"
              .formatted(nameOrFolder, e.getMessage()),
          e);
    }
  }

  /// Whether an encoder can compute on a device: all can on the CPU, published checkpoints also on
  /// CUDA.
  public static boolean runsOn(String nameOrFolder, Device device) {
    return device == Device.CPU
        || (!NAMES.contains(nameOrFolder)
            && !Files.isRegularFile(Path.of(nameOrFolder).resolve(OnnxEncoderConfig.FILE)));
  }

  private static Encoder folder(String text, Chunking chunking, int parallelism, Device device) {
    Path folder = Path.of(text);
    if (!Files.isDirectory(folder)) {
      String near =
          Suggestions.nearest(String.valueOf(folder.getFileName()), NAMES)
              .map(n -> "; did you mean " + n + "?")
              .orElse("");
      throw DuovoxException.missing(
          "no encoder \"%s\"%s Encoders are %s, or a folder with %s or %s"
              .formatted(
                  text,
                  near.isEmpty() ? "." : near,
                  String.join(", ", NAMES),
                  OnnxEncoderConfig.FILE,
                  Checkpoint.CONFIG));
    }
    Path config = folder.resolve(OnnxEncoderConfig.FILE);
    if (Files.isRegularFile(config)) {
      requireWhole(text, chunking);
      return new OnnxEncoder(folder, OnnxEncoderConfig.read(config), parallelism, 1);
    }
    if (Checkpoint.isIn(folder)) {
      return PretrainedEncoder.open(folder, chunking, parallelism, device);
    }
    throw DuovoxException.missing(
        "the folder %s is no encoder: it has neither %s (an ONNX model) nor %s (a checkpoint); docs/representations.md shows both"
            .formatted(folder, OnnxEncoderConfig.FILE, Checkpoint.CONFIG));
  }

  private static void requireWhole(String encoder, Chunking chunking) {
    if (chunking.policy() != Chunking.Policy.WHOLE) {
      throw DuovoxException.config(
          "chunking %s is for CPC; encoder %s reads utterances whole".formatted(chunking, encoder));
    }
  }
}
