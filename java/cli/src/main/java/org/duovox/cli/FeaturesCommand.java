package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.Manifest;
import org.duovox.speech.Encoder;
import org.duovox.speech.Encoders;
import org.duovox.speech.Extraction;
import org.duovox.speech.FeatureManifest;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox features`: from audio to the frames of an encoder.
@Command(
    name = "features",
    description = {
      "Extracts frames of an encoder from audio files: WAV, FLAC and whatever FFmpeg reads.",
      "",
      "Files that cannot be used are skipped, named and listed in errors.jsonl. The others are"
          + " written, in the",
      "order of the manifest, as float32 tensors (frames, width) named by the utterance's id, or"
          + " ID/LAYER when",
      "there are several layers."
    },
    footer = {
      "  duovox features --encoder speech-embedding --layer block2,embedding --manifest recordings/"
          + " --out features/",
      "  duovox features --encoder speech-embedding --layer all --manifest train.tsv --out"
          + " features/",
      "  duovox features --encoder logmel --out features/ hello.wav world.flac"
    })
final class FeaturesCommand extends Verb {
  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "NAME|DIR",
      description = "logmel, speech-embedding, or a folder with encoder.json and its ONNX models.")
  private String encoder;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "Layers, separated by commas, or all. Default: the only layer of an encoder that has"
              + " one.")
  private String layer;

  @Mixin private AudioInput audio;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  private record Result(
      String out,
      String encoder,
      List<String> layers,
      int utterances,
      Map<String, Long> frames,
      double seconds,
      double xRealTime,
      List<SkippedUtterance> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of(
              "wrote %s: %s of %s, %s of audio, %.0f x real time",
              out,
              Text.count(utterances, "utterance"),
              encoder,
              Text.duration(seconds),
              xRealTime));
      layers.forEach(name -> writer.println(Text.of("%s: %,d frames", name, frames.get(name))));
      if (!skipped.isEmpty()) {
        writer.println(
            Text.of(
                "skipped %d of %d, listed in %s/errors.jsonl",
                skipped.size(), skipped.size() + utterances, out));
      }
    }
  }

  @Override
  Object execute() {
    audio.check();
    Manifest files = audio.read();
    Clock clock = new Clock();
    List<SkippedUtterance> skipped = new ArrayList<>();
    EncoderFiles.ensure(this, List.of(encoder));
    try (Encoder open = Encoders.open(encoder, audio.threads());
        Progress progress = progress("features", files.size(), "files")) {
      FeatureManifest written =
          Extraction.run(
              files,
              audio.loader(),
              open,
              audio.options(layers(open)),
              out,
              new ExtractionProgress(this, progress, skipped));
      return result(written, clock, skipped);
    }
  }

  private Result result(FeatureManifest written, Clock clock, List<SkippedUtterance> skipped) {
    return new Result(
        out.toString(),
        written.encoder(),
        written.layers().stream().map(Layer::name).toList(),
        written.utterances(),
        written.frames(),
        written.seconds(),
        clock.xRealTime(written.seconds()),
        List.copyOf(skipped));
  }

  private List<Layer> layers(Encoder open) {
    if (layer != null) {
      return open.select(layer);
    }
    if (open.layers().size() > 1) {
      throw DuovoxException.usage(
          "encoder %s has several layers; name some with --layer, or all: %s"
              .formatted(
                  open.name(),
                  String.join(", ", open.layers().stream().map(Layer::name).toList())));
    }
    return open.layers();
  }
}
