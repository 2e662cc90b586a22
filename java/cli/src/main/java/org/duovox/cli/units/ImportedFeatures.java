package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.duovox.cli.console.Summary;
import org.duovox.report.Text;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureManifest;

/// What `duovox import` made of features.
record ImportedFeatures(
    String out,
    String format,
    int utterances,
    String layer,
    int width,
    long frames,
    double intervalMs,
    double offsetMs,
    double seconds)
    implements Summary {

  static ImportedFeatures of(Path out, ExchangeFormat format, FeatureManifest manifest) {
    Layer layer = manifest.layers().getFirst();
    return new ImportedFeatures(
        out.toString(),
        Text.label(format),
        manifest.utterances(),
        layer.name(),
        layer.width(),
        manifest.frames().get(layer.name()),
        layer.intervalMs(),
        layer.offsetMs(),
        manifest.seconds());
  }

  @Override
  public void print(PrintWriter writer) {
    writer.println(
        Text.of(
            "wrote %s: %s, layer %s, %,d frames of %d values every %s ms from %s ms",
            out,
            Text.count(utterances, "utterance"),
            layer,
            frames,
            width,
            Text.number(intervalMs),
            Text.number(offsetMs)));
  }
}
