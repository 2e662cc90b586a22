package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.units.AlignConfig;
import org.duovox.units.Corpus;
import org.duovox.units.CorpusBuilder;
import org.duovox.units.CorpusManifest;
import org.duovox.units.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox align`: two unit sets of the same audio become a corpus.
@Command(
    name = "align",
    description =
        "Aligns two unit sets of the same audio by time, merges runs of equal units, and writes a"
            + " corpus.",
    footer = "  duovox align --contextual units/contextual --phonetic units/phonetic --out corpus/")
final class AlignCommand extends Verb {
  @Option(
      names = "--contextual",
      required = true,
      paramLabel = "UNITS",
      description = "Unit set of the coarse, word-like representation.")
  private Path contextual;

  @Option(
      names = "--phonetic",
      required = true,
      paramLabel = "UNITS",
      description = "Unit set of the fine, sub-word representation.")
  private Path phonetic;

  @Option(names = "--out", required = true, paramLabel = "CORPUS", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--no-merge-contextual",
      description = "Keep equal neighbours of the contextual stream apart.")
  private boolean keepContextual;

  @Option(
      names = "--no-merge-phonetic",
      description = "Keep equal neighbours of the phonetic stream apart.")
  private boolean keepPhonetic;

  @Option(
      names = "--skip-unmatched",
      description = "Skip utterances that only one set has, instead of refusing.")
  private boolean skipUnmatched;

  /// What was written.
  ///
  /// @param frames contextual frames before merging
  /// @param phoneticFrames phonetic frames before merging
  /// @param framesPerToken mean run length of the contextual stream
  /// @param phoneticPerToken mean number of phonetic units under a token
  private record Result(
      String out,
      int utterances,
      double seconds,
      long frames,
      long tokens,
      double framesPerToken,
      long phoneticFrames,
      long phoneticUnits,
      double phoneticPerToken,
      long framesBefore,
      long framesAfter,
      long tokensWithoutPhonetic,
      List<CorpusManifest.Skipped> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          "wrote "
              + out
              + ": "
              + Text.count(utterances, "utterance")
              + ", "
              + Text.duration(seconds));
      writer.println(
          Text.of(
              "contextual: %,d frames -> %,d tokens, %.2f frames per token",
              frames, tokens, framesPerToken));
      writer.println(
          Text.of(
              "phonetic:   %,d frames -> %,d units, %.2f units per token",
              phoneticFrames, phoneticUnits, phoneticPerToken));
      printEdges(writer);
      Skips.print(writer, skipped, CorpusManifest.Skipped::id, CorpusManifest.Skipped::reason);
    }

    private void printEdges(PrintWriter writer) {
      if (framesBefore + framesAfter > 0) {
        writer.println(
            Text.of(
                "%,d phonetic frames lay before the first and %,d after the last contextual frame;"
                    + " they went to it",
                framesBefore, framesAfter));
      }
      if (tokensWithoutPhonetic > 0) {
        writer.println(
            Text.count(tokensWithoutPhonetic, "token")
                + " had no phonetic frame and took the unit of the nearest one");
      }
    }
  }

  @Override
  Object execute() {
    UnitSet coarse = UnitSet.open(contextual);
    UnitSet fine = UnitSet.open(phonetic);
    if (coarse.manifest().intervalMs() < fine.manifest().intervalMs()) {
      remark(
          "duovox: warning: the contextual units are the finer ones (%s against %s ms); are the two"
              + " sets swapped?",
          coarse.manifest().intervalMs(), fine.manifest().intervalMs());
    }
    AlignConfig config = new AlignConfig(!keepContextual, !keepPhonetic, skipUnmatched);
    int total = coarse.utterances().size();
    try (Progress progress = progress("align", total, "utterances")) {
      Corpus corpus =
          CorpusBuilder.build(coarse, fine, config, out, done -> progress.update(done, total, ""));
      return result(corpus);
    }
  }

  private Result result(Corpus corpus) {
    CorpusManifest manifest = Corpus.manifest(out);
    double tokens = manifest.tokens();
    return new Result(
        out.toString(),
        corpus.size(),
        manifest.seconds(),
        manifest.contextual().frames(),
        manifest.tokens(),
        manifest.contextual().frames() / tokens,
        manifest.phonetic().frames(),
        manifest.phoneticUnits(),
        manifest.phoneticUnits() / tokens,
        manifest.framesBefore(),
        manifest.framesAfter(),
        manifest.tokensWithoutPhonetic(),
        manifest.skipped());
  }
}
