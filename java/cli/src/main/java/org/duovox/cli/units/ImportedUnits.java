package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.duovox.cli.console.Summary;
import org.duovox.report.Text;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitSet;

/// What `duovox import` made of units.
record ImportedUnits(
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
    implements Summary {

  static ImportedUnits of(Path out, ExchangeFormat format, UnitSet set) {
    UnitManifest manifest = set.manifest();
    long unknown =
        set.utterances().stream().filter(u -> u.frames() > 0 && u.samples() == 0).count();
    return new ImportedUnits(
        out.toString(),
        Text.label(format),
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
        Text.of(
            "wrote %s: %s, %,d units every %s ms from %s ms, %s of audio",
            out,
            Text.count(utterances, "utterance"),
            frames,
            Text.number(intervalMs),
            Text.number(offsetMs),
            Text.duration(seconds)));
    writer.println(
        Text.of(
            "vocabulary %d, %d used; %s",
            vocabulary,
            used,
            codebookSha256.isEmpty()
                ? "no codebook (no MCR, no codebook embedding)"
                : "codebook " + codebookSha256.substring(0, 12)));
    if (withoutLength > 0) {
      writer.println(
          Text.count(withoutLength, "utterance")
              + " of unknown length: give --tsv to have lengths checked");
    }
  }
}
