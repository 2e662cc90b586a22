package org.duovox.cli.exchange;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitSet;

/// The result of `duovox import`: the unit set or the feature folder that it wrote.
sealed interface ImportSummary extends Summary {

  /// A unit set.
  ///
  /// @param used codes that occur
  /// @param codebookSha256 "" without a codebook
  /// @param withoutLength utterances whose number of samples is unknown
  record Units(
      String out,
      String format,
      int utterances,
      long frames,
      double seconds,
      int vocabulary,
      int used,
      double intervalMs,
      double offsetMs,
      String codebookSha256,
      String unitsSha256,
      int withoutLength)
      implements ImportSummary {

    static Units of(Path out, ExchangeFormat format, UnitSet set) {
      UnitManifest manifest = set.manifest();
      long unknown =
          set.utterances().stream().filter(u -> u.frames() > 0 && u.samples() == 0).count();
      return new Units(
          out.toString(),
          Wording.optionName(format),
          manifest.utterances(),
          manifest.frames(),
          manifest.seconds(),
          manifest.vocabulary(),
          set.countUnits().use().used(),
          manifest.intervalMs(),
          manifest.offsetMs(),
          manifest.codebookSha256(),
          manifest.unitsSha256(),
          (int) unknown);
    }

    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "wrote %s: %s, %,d units every %s ms from %s ms, %s of audio",
              out,
              Wording.count(utterances, "utterance"),
              frames,
              Wording.number(intervalMs),
              Wording.number(offsetMs),
              Wording.duration(seconds)));
      writer.println(
          Wording.format(
              "vocabulary %d, %d used; %s",
              vocabulary,
              used,
              codebookSha256.isEmpty()
                  ? "no codebook (no MCR, no codebook embedding)"
                  : "codebook " + codebookSha256.substring(0, 12)));
      if (withoutLength > 0) {
        writer.println(
            Wording.count(withoutLength, "utterance")
                + " of unknown length: give --tsv to have lengths checked");
      }
    }
  }

  /// A feature folder of one layer.
  record Features(
      String out,
      String format,
      int utterances,
      String layer,
      int width,
      long frames,
      double intervalMs,
      double offsetMs,
      double seconds)
      implements ImportSummary {

    static Features of(Path out, ExchangeFormat format, FeatureManifest manifest) {
      Layer layer = manifest.layers().getFirst();
      return new Features(
          out.toString(),
          Wording.optionName(format),
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
          Wording.format(
              "wrote %s: %s, layer %s, %,d frames of %d values every %s ms from %s ms",
              out,
              Wording.count(utterances, "utterance"),
              layer,
              frames,
              width,
              Wording.number(intervalMs),
              Wording.number(offsetMs)));
    }
  }
}
