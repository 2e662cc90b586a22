package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.onnx.OnnxEncoderConfig;
import org.duovox.speech.onnx.OnnxListing;
import org.duovox.speech.onnx.SpeechEmbedding;

/// The result of `duovox features --list`: the layers of an encoder and the contents of its ONNX
/// models.
///
/// @param encoder as the user named it
/// @param layers empty for models without a usable config
/// @param models empty for encoders that are no ONNX models
record EncoderListing(String encoder, List<Layer> layers, List<OnnxListing> models)
    implements Summary {

  static EncoderListing of(Verb verb, String encoder) {
    EncoderFiles.fetchMissing(verb, List.of(encoder));
    Path path = encoder.equals(SpeechEmbedding.NAME) ? SpeechEmbedding.locate() : Path.of(encoder);
    boolean exists = Files.exists(path) && !encoder.equals("logmel");
    List<OnnxListing> models = exists ? OnnxListing.of(path) : List.of();
    boolean hasNoConfig =
        Files.isRegularFile(path)
            || (!models.isEmpty()
                && !encoder.equals(SpeechEmbedding.NAME)
                && !Files.exists(path.resolve(OnnxEncoderConfig.FILE)));
    if (hasNoConfig) {
      return new EncoderListing(encoder, List.of(), models);
    }
    try (Encoder open = Encoders.open(encoder, 1)) {
      return new EncoderListing(encoder, open.layers(), models);
    } catch (DuovoxException e) {
      if (models.isEmpty()) {
        throw e;
      }
      // The user needs the contents of the models to mend the config.
      verb.remark("%s", "duovox: warning: " + e.getMessage());
      return new EncoderListing(encoder, List.of(), models);
    }
  }

  private static String sees(Layer layer) {
    return layer.receptiveField() == null ? "" : ", sees " + layer.receptiveField().text();
  }

  @Override
  public void print(PrintWriter out) {
    if (layers.isEmpty()) {
      out.println(
          Wording.format(
              "no layers: no usable %s says how to read these models", OnnxEncoderConfig.FILE));
    }
    for (Layer layer : layers) {
      out.println(
          Wording.format(
              "layer %s: width %d, every %s ms from %s ms%s",
              layer.name(), layer.width(), layer.intervalMs(), layer.offsetMs(), sees(layer)));
    }
    for (OnnxListing model : models) {
      out.println(model.file());
      model.inputs().forEach(value -> out.println("  input " + value));
      model.tensors().forEach(value -> out.println("  tensor " + value));
      model.reshapes().forEach(name -> out.println("  Reshape node " + name));
    }
  }
}
