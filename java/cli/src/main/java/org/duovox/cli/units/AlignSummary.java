package org.duovox.cli.units;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.CorpusManifest;

/// The result of `duovox align`: the size of the corpus and what happened at the edges. Its JSON is
/// flat: the members of its three parts are keys like the others.
///
/// @param seconds duration of the audio
/// @param reused whether the corpus existed already
/// @param plot the picture, or null
record AlignSummary(
    String out,
    int utterances,
    double seconds,
    @JsonUnwrapped Contextual contextual,
    @JsonUnwrapped Phonetic phonetic,
    @JsonUnwrapped EdgeFrames edge,
    List<CorpusManifest.Skipped> skipped,
    boolean reused,
    String plot)
    implements Summary {
  /// Sizes of the contextual stream.
  ///
  /// @param frames before merging
  /// @param tokens after merging
  /// @param framesPerToken mean run length
  record Contextual(long frames, long tokens, double framesPerToken) {
    private static Contextual of(CorpusManifest manifest) {
      long frames = manifest.contextual().frames();
      return new Contextual(frames, manifest.tokens(), frames / (double) manifest.tokens());
    }
  }

  /// Sizes of the phonetic stream.
  ///
  /// @param phoneticFrames before merging
  /// @param phoneticUnits after merging
  /// @param phoneticPerToken mean number of phonetic units under a token
  record Phonetic(long phoneticFrames, long phoneticUnits, double phoneticPerToken) {
    private static Phonetic of(CorpusManifest manifest) {
      long frames = manifest.phonetic().frames();
      long units = manifest.phoneticUnits();
      return new Phonetic(frames, units, units / (double) manifest.tokens());
    }
  }

  /// Phonetic frames that had no contextual frame, and tokens that had no phonetic one.
  ///
  /// @param framesBefore phonetic frames before the first contextual frame; repeated ones with
  ///   edges `prototype`
  /// @param framesAfter the same after the last contextual frame
  /// @param framesCut phonetic frames that edges `prototype` cut at the end
  /// @param tokensWithoutPhonetic tokens that took the unit of the nearest phonetic frame
  record EdgeFrames(
      AlignConfig.Edges edges,
      long framesBefore,
      long framesAfter,
      long framesCut,
      long tokensWithoutPhonetic) {
    private static EdgeFrames of(CorpusManifest manifest) {
      return new EdgeFrames(
          manifest.align().edges(),
          manifest.framesBefore(),
          manifest.framesAfter(),
          manifest.framesCut(),
          manifest.tokensWithoutPhonetic());
    }

    private void print(PrintWriter writer) {
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

  static AlignSummary of(
      Path out, int utterances, CorpusManifest manifest, boolean reused, Path plot) {
    return new AlignSummary(
        out.toString(),
        utterances,
        manifest.seconds(),
        Contextual.of(manifest),
        Phonetic.of(manifest),
        EdgeFrames.of(manifest),
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
            contextual.frames(), contextual.tokens(), contextual.framesPerToken()));
    writer.println(
        Wording.format(
            "phonetic:   %,d frames -> %,d units, %.2f units per token",
            phonetic.phoneticFrames(), phonetic.phoneticUnits(), phonetic.phoneticPerToken()));
    edge.print(writer);
    Summary.printSkipped(
        writer, skipped, CorpusManifest.Skipped::id, CorpusManifest.Skipped::reason);
    if (plot != null) {
      writer.println("picture: " + plot);
    }
  }
}
