package org.duovox.cli.units;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.units.CodebookUse;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.StreamInfo;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.kmeans.UnitQuantizer;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitReuse;
import org.duovox.units.sets.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox quantize`: turns every frame into the code of its nearest centroid.
@Command(
    name = "quantize",
    description = {
      "Turns features into units: every frame becomes the code of its nearest centroid.",
      "",
      "A layer whose frames are codes (a VQ layer, a product quantizer) needs no codebook: its"
          + " codes are the units, or the combinations of them that occur.",
      "With --encoder, audio goes in and no features are written; the units are the same."
    },
    footer = {
      "  duovox quantize --features features/ --layer block2 --codebook phonetic.safetensors"
          + " --out units/phonetic",
      "  duovox quantize --features features/ --layer codes --out units/phonetic",
      "  duovox quantize --encoder speech-embedding --manifest recordings/ --codebook"
          + " block2=phonetic.safetensors --codebook embedding=contextual.safetensors --out units/"
    })
public final class QuantizeCommand extends Verb {
  @Option(names = "--features", paramLabel = "DIR", description = "Folder of 'duovox features'.")
  private Path features;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "Layer. Default: the one the codebook was fitted on, or the only one.")
  private String layer;

  @Option(
      names = "--codebook",
      paramLabel = "[LAYER=]FILE",
      description =
          "Codebook of 'duovox kmeans' or of a unit set, or any safetensors with cluster_centers_"
              + " or .npy of (clusters, width). Not needed for a layer of codes. With --encoder one"
              + " for each layer.")
  private List<String> codebooks = List.of();

  @Mixin private DirectQuantization direct;

  @Mixin private DeviceOption deviceOption;

  @Option(names = "--out", required = true, paramLabel = "UNITS", description = "Folder to write.")
  private Path out;

  private record Result(
      String out,
      int utterances,
      long frames,
      double seconds,
      double intervalMs,
      double xRealTime,
      boolean reused,
      @JsonIgnoreProperties("commonest") CodebookUse codebook,
      UnitDiagnostics diagnostics)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "%s %s: %s, %,d units every %s ms, %s of audio, %.0f x real time",
              Wording.wroteOrReused(reused),
              out,
              Wording.count(utterances, "utterance"),
              frames,
              intervalMs,
              Wording.duration(seconds),
              xRealTime));
      printDiagnostics(diagnostics, writer);
    }
  }

  /// Prints how many codes are used, how evenly, and how long their runs are.
  static void printDiagnostics(UnitDiagnostics units, PrintWriter writer) {
    writer.println("units: " + units.use().describe());
    writer.println(
        Wording.format(
            "runs: mean %.2f frames, median %s, 90 %% at most %d, longest %d",
            units.runs().mean(),
            Wording.format("%.1f", units.runs().median()),
            units.runs().percentile90(),
            units.runs().longest()));
    writer.println(
        "run lengths: "
            + units.runs().histogram().entrySet().stream()
                .map(bucket ->
                    Wording.format(
                        "%s: %s",
                        bucket.getKey(),
                        Wording.percent((double) bucket.getValue() / units.runs().count())))
                .collect(Collectors.joining(", ")));
  }

  @Override
  public List<Output> outputs() {
    return Output.comparing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    if (direct.isRequested() == (features != null)) {
      throw DuovoxException.usage(
          "name either --features DIR, or --encoder and audio, and not both");
    }
    return direct.isRequested() ? direct.run(this, codebooks, out, deviceOption) : quantizeStored();
  }

  private Result quantizeStored() {
    deviceOption.requireCpu("the assignment of frames to a codebook");
    if (codebooks.size() > 1) {
      throw DuovoxException.usage("--features takes one --codebook, not " + codebooks.size());
    }
    Path codebook = codebooks.isEmpty() ? null : Path.of(codebooks.getFirst());
    Stopwatch stopwatch = new Stopwatch();
    try (FeatureLayer frames = StoredFeatures.open(features, layerFor(codebook));
        Progress progress = progress("quantize", frames.utterances().size(), "utterances")) {
      int total = frames.utterances().size();
      UnitQuantizer quantizer = UnitQuantizer.of(codebook, frames);
      boolean reuse = isKept(out);
      UnitSet units =
          reuse
              ? reused(frames, quantizer)
              : Quantizer.quantize(
                  frames, quantizer, out, done -> progress.update(done, total, ""));
      UnitManifest manifest = units.manifest();
      double speed = stopwatch.xRealTime(manifest.seconds());
      UnitDiagnostics diagnostics = units.diagnostics();
      return new Result(
          out.toString(),
          manifest.utterances(),
          manifest.frames(),
          manifest.seconds(),
          manifest.intervalMs(),
          speed,
          reuse,
          diagnostics.use(),
          diagnostics);
    }
  }

  /// Returns the unit set that exists already, or refuses it when it would come out differently.
  private UnitSet reused(FeatureLayer frames, UnitQuantizer quantizer) {
    String difference = UnitReuse.difference(out, frames, quantizer);
    if (!difference.isEmpty()) {
      throw OutputGuard.refused(out, difference);
    }
    return UnitSet.open(out);
  }

  /// Returns --layer, or the layer that the codebook was fitted on; null for the only one.
  private String layerFor(Path codebook) {
    boolean byCodebook = layer == null && codebook != null;
    StreamInfo origin = byCodebook ? UnitQuantizer.origin(codebook) : null;
    return origin != null && origin.hasOrigin() ? origin.layer() : layer;
  }
}
