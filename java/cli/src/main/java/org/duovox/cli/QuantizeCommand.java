package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.Quantizer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UnitManifest;
import org.duovox.units.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox quantize`: every frame becomes the code of its nearest centroid.
@Command(
    name = "quantize",
    description = {
      "Turns features into units: every frame becomes the code of its nearest centroid.",
      "",
      "With --encoder, audio goes in and no features are written; the units are the same."
    },
    footer = {
      "  duovox quantize --features features/ --layer block2 --codebook phonetic.safetensors"
          + " --out units/phonetic",
      "  duovox quantize --encoder speech-embedding --manifest recordings/ --codebook"
          + " block2=phonetic.safetensors --codebook embedding=contextual.safetensors --out units/"
    })
final class QuantizeCommand extends Verb {
  @Option(names = "--features", paramLabel = "DIR", description = "Folder of 'duovox features'.")
  private Path features;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "Layer. Default: the one the codebook was fitted on, or the only one.")
  private String layer;

  @Option(
      names = "--codebook",
      required = true,
      paramLabel = "[LAYER=]FILE",
      description = "Codebook of 'duovox kmeans'; with --encoder one for each layer.")
  private List<String> codebooks = List.of();

  @Mixin private DirectQuantization direct;

  @Option(names = "--out", required = true, paramLabel = "UNITS", description = "Folder to write.")
  private Path out;

  private record Result(
      String out,
      int utterances,
      long frames,
      double seconds,
      double intervalMs,
      double xRealTime,
      CodebookUse codebook)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of(
              "wrote %s: %s, %,d units every %s ms, %s of audio, %.0f x real time",
              out,
              Text.count(utterances, "utterance"),
              frames,
              intervalMs,
              Text.duration(seconds),
              xRealTime));
      writer.println("codebook: " + codebook.describe());
    }
  }

  @Override
  Object execute() {
    if (direct.isWanted() == (features != null)) {
      throw DuovoxException.usage(
          "name either --features DIR, or --encoder and audio, and not both");
    }
    return direct.isWanted() ? direct.run(this, codebooks, out) : quantizeStored();
  }

  private Result quantizeStored() {
    if (codebooks.size() != 1) {
      throw DuovoxException.usage("--features needs one --codebook, not " + codebooks.size());
    }
    Codebook codes = Codebook.read(Path.of(codebooks.getFirst()));
    String chosen = layer == null && codes.stream().hasOrigin() ? codes.stream().layer() : layer;
    Clock clock = new Clock();
    try (FeatureLayer frames = StoredFeatures.open(features, chosen);
        Progress progress = progress("quantize", frames.utterances().size(), "utterances")) {
      int total = frames.utterances().size();
      UnitSet units =
          Quantizer.quantize(frames, codes, out, done -> progress.update(done, total, ""));
      UnitManifest manifest = units.manifest();
      double speed = clock.xRealTime(manifest.seconds());
      CodebookUse use = CodebookUse.of(units.usage());
      if (use.collapsed()) {
        remark("duovox: warning: the units hardly distinguish anything: %s", use.describe());
      }
      return new Result(
          out.toString(),
          manifest.utterances(),
          manifest.frames(),
          manifest.seconds(),
          manifest.intervalMs(),
          speed,
          use);
    }
  }
}
