package org.duovox.cli.units;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.report.Wording;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.extract.AudioReuse;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.units.Codebook;
import org.duovox.units.CodebookUse;
import org.duovox.units.sets.UnitExtraction;
import org.duovox.units.sets.UnitSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox quantize --encoder`: turns audio into units in one pass, without features on disk.
final class DirectQuantization {
  @Option(
      names = "--encoder",
      paramLabel = "NAME|DIR",
      description =
          "From audio to units in one pass: the encoder, as for 'duovox features'. Then --codebook"
              + " is LAYER=FILE, and --out gets one unit set per layer.")
  private String encoder;

  @Option(
      names = "--chunking",
      paramLabel = "POLICY",
      description = "How CPC cuts audio, as for 'duovox features'. Default: ${DEFAULT-VALUE}.")
  private String chunking = Chunking.WHOLE.toString();

  @Mixin private AudioOptions audio;

  /// Units of one layer.
  private record LayerUnits(
      String layer,
      String out,
      long frames,
      @JsonIgnoreProperties("commonest") CodebookUse codebook) {}

  private record Result(
      String out,
      String encoder,
      int utterances,
      double seconds,
      double xRealTime,
      boolean reused,
      List<LayerUnits> layers,
      List<SkippedUtterance> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "%s %s: %s of %s, %s of audio, %.0f x real time",
              Wording.wroteOrReused(reused),
              out,
              Wording.count(utterances, "utterance"),
              encoder,
              Wording.duration(seconds),
              xRealTime));
      for (LayerUnits units : layers) {
        writer.println(
            Wording.format(
                "%s: %,d units; %s", units.layer(), units.frames(), units.codebook().describe()));
      }
      AudioOptions.printSkipped(writer, skipped.size(), utterances, out);
    }
  }

  /// Returns whether the command line asks for it.
  boolean isRequested() {
    return encoder != null || audio.isGiven();
  }

  /// Writes a unit set per layer.
  ///
  /// @param codebooks texts `LAYER=FILE` or `FILE`
  /// @param deviceOption of the encoder; the assignment to codebooks runs on the CPU
  Summary run(Verb verb, List<String> codebooks, Path out, DeviceOption deviceOption) {
    if (encoder == null) {
      throw DuovoxException.usage("audio needs --encoder NAME|DIR; without audio, name --features");
    }
    audio.requireValid();
    Device device = deviceOption.readyFor(encoder);
    Map<String, Codebook> byName = codebooks(codebooks);
    Manifest files = audio.read();
    EncoderFiles.fetchMissing(verb, List.of(encoder));
    Stopwatch stopwatch = new Stopwatch();
    NativeRuntime.setThreads(1);
    try (Encoder open = Encoders.open(encoder, Chunking.parse(chunking), audio.threads(), device);
        Progress progress = verb.progress("quantize", files.size(), "files")) {
      List<Layer> layers = new ArrayList<>();
      Map<String, Codebook> byLayer = new LinkedHashMap<>();
      byName.forEach((name, codebook) -> {
        layers.add(open.layer(name)); // A short name stands for a longer one.
        byLayer.put(layers.getLast().name(), codebook);
      });
      if (verb.isKept(out)) {
        return reused(verb, files, open, audio.options(layers), byLayer, out, progress, stopwatch);
      }
      AudioOptions.SkipCollector collector = new AudioOptions.SkipCollector(verb, progress);
      Map<String, UnitSet> sets =
          UnitExtraction.run(
              files,
              UtteranceLoader.files(audio.loader()),
              open,
              audio.options(layers),
              byLayer,
              out,
              collector);
      double seconds = sets.values().iterator().next().manifest().seconds();
      double speed = stopwatch.xRealTime(seconds);
      return result(verb, out, open.name(), sets, speed, false, collector.skipped());
    }
  }

  /// Returns the unit sets that exist already, or refuses them when they would come out
  /// differently.
  private Result reused(
      Verb verb,
      Manifest files,
      Encoder open,
      ExtractionOptions options,
      Map<String, Codebook> codebooks,
      Path out,
      Progress progress,
      Stopwatch stopwatch) {
    UtteranceLoader loader = UtteranceLoader.files(audio.loader());
    String difference =
        UnitExtraction.difference(
            out,
            new AudioReuse(files, loader, open, options),
            open,
            options,
            codebooks,
            done -> progress.update(done, files.size(), "comparing"));
    if (!difference.isEmpty()) {
      throw OutputGuard.refused(out, difference);
    }
    Map<String, UnitSet> sets = new LinkedHashMap<>();
    codebooks.keySet().forEach(name -> sets.put(name, UnitSet.open(out.resolve(name))));
    double seconds = sets.values().iterator().next().manifest().seconds();
    return result(
        verb,
        out,
        open.name(),
        sets,
        stopwatch.xRealTime(seconds),
        true,
        UnitExtraction.skipped(out));
  }

  private static Result result(
      Verb verb,
      Path out,
      String encoder,
      Map<String, UnitSet> sets,
      double speed,
      boolean reused,
      List<SkippedUtterance> skipped) {
    List<LayerUnits> layers = new ArrayList<>();
    sets.forEach((layer, set) -> {
      CodebookUse use = set.countUnits().use();
      if (use.isNarrow()) {
        verb.remark(
            "duovox: warning: the units of %s hardly distinguish anything: %s",
            layer, use.describe());
      }
      layers.add(
          new LayerUnits(layer, out.resolve(layer).toString(), set.manifest().frames(), use));
    });
    UnitSet first = sets.values().iterator().next();
    return new Result(
        out.toString(),
        encoder,
        first.manifest().utterances(),
        first.manifest().seconds(),
        speed,
        reused,
        layers,
        skipped);
  }

  /// Reads codebooks by layer. A plain FILE names the layer that it was fitted on itself.
  private static Map<String, Codebook> codebooks(List<String> texts) {
    if (texts.isEmpty()) {
      throw DuovoxException.usage("name a codebook for each layer: --codebook LAYER=FILE");
    }
    Map<String, Codebook> codebooks = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      Codebook codebook = Codebook.read(Path.of(text.substring(equals + 1)));
      String layer = equals < 0 ? codebook.stream().layer() : text.substring(0, equals);
      if (layer.isEmpty()) {
        throw DuovoxException.usage(
            "the codebook %s does not say which layer it is for; write --codebook LAYER=%s"
                .formatted(text, text));
      }
      if (codebooks.put(layer, codebook) != null) {
        throw DuovoxException.usage("two codebooks for the layer " + layer);
      }
    }
    return codebooks;
  }
}
