package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.CorpusManifest;

/// The result of `duovox align`: the size of the corpus and what happened at the edges.
///
/// @param seconds duration of the audio
/// @param frames contextual frames before merging
/// @param tokens contextual units after merging
/// @param framesPerToken mean run length of the contextual stream
/// @param phoneticFrames phonetic frames before merging
/// @param phoneticUnits phonetic units after merging
/// @param phoneticPerToken mean number of phonetic units under a token
/// @param framesBefore phonetic frames before the first contextual frame; repeated ones with edges
///   `prototype`
/// @param framesAfter the same after the last contextual frame
/// @param framesCut phonetic frames that edges `prototype` cut at the end
/// @param tokensWithoutPhonetic tokens that took the unit of the nearest phonetic frame
/// @param reused whether the corpus existed already
/// @param plot the picture, or null
record AlignSummary(
    String out,
    int utterances,
    double seconds,
    long frames,
    long tokens,
    double framesPerToken,
    long phoneticFrames,
    long phoneticUnits,
    double phoneticPerToken,
    AlignConfig.Edges edges,
    long framesBefore,
    long framesAfter,
    long framesCut,
    long tokensWithoutPhonetic,
    List<CorpusManifest.Skipped> skipped,
    boolean reused,
    String plot)
    implements Summary {
  static AlignSummary of(
      Path out, int utterances, CorpusManifest manifest, boolean reused, Path plot) {
    double tokens = manifest.tokens();
    return new AlignSummary(
        out.toString(),
        utterances,
        manifest.seconds(),
        manifest.contextual().frames(),
        manifest.tokens(),
        manifest.contextual().frames() / tokens,
        manifest.phonetic().frames(),
        manifest.phoneticUnits(),
        manifest.phoneticUnits() / tokens,
        manifest.align().edges(),
        manifest.framesBefore(),
        manifest.framesAfter(),
        manifest.framesCut(),
        manifest.tokensWithoutPhonetic(),
        manifest.skipped(),
        reused,
        plot == null ? null : plot.toString());
  }

  @Override
  public void print(PrintWriter writer) {
    writer.println(
        Wording.wroteOrReused(reused)
            + " "
            + out
            + ": "
            + Wording.count(utterances, "utterance")
            + ", "
            + Wording.duration(seconds));
    writer.println(
        Wording.format(
            "contextual: %,d frames -> %,d tokens, %.2f frames per token",
            frames, tokens, framesPerToken));
    writer.println(
        Wording.format(
            "phonetic:   %,d frames -> %,d units, %.2f units per token",
            phoneticFrames, phoneticUnits, phoneticPerToken));
    printEdges(writer);
    Summary.printSkipped(
        writer, skipped, CorpusManifest.Skipped::id, CorpusManifest.Skipped::reason);
    if (plot != null) {
      writer.println("picture: " + plot);
    }
  }

  private void printEdges(PrintWriter writer) {
    if (edges == AlignConfig.Edges.PROTOTYPE) {
      writer.println(
          Wording.format(
              "edges: %,d phonetic frames repeated in front, %,d at the end, %,d cut",
              framesBefore, framesAfter, framesCut));
    } else if (framesBefore + framesAfter > 0) {
      writer.println(
          Wording.format(
              "%,d phonetic frames lay before the first and %,d after the last contextual frame;"
                  + " they went to it",
              framesBefore, framesAfter));
    }
    if (tokensWithoutPhonetic > 0) {
      writer.println(
          Wording.count(tokensWithoutPhonetic, "token")
              + " had no phonetic frame and took the unit of the nearest one");
    }
  }
}
