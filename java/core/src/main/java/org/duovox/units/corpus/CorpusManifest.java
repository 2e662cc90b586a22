package org.duovox.units.corpus;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.units.StreamInfo;
import org.duovox.units.sets.UnitManifest;

/// `manifest.json` of a corpus: the origin of both streams, the settings of the alignment, and
/// counts.
///
/// @param format "duovox-corpus"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param framesBefore phonetic frames before the first contextual span; with the prototype's edges
///   those repeated in front
/// @param framesAfter phonetic frames after the last contextual span; with the prototype's edges
///   those repeated at the end
/// @param framesCut phonetic frames that the prototype's edges left out at the end
/// @param tokensWithoutPhonetic tokens that took the unit of the nearest phonetic frame
/// @param skipped utterances left out, with the reason
/// @param contextualFeatures continuous features of the contextual tokens; null when the corpus
///   keeps none
public record CorpusManifest(
    String format,
    int version,
    String duovox,
    Stream contextual,
    Stream phonetic,
    AlignConfig align,
    int utterances,
    long tokens,
    long phoneticUnits,
    double seconds,
    long framesBefore,
    long framesAfter,
    Long framesCut,
    long tokensWithoutPhonetic,
    List<Skipped> skipped,
    int shards,
    Features contextualFeatures) {
  public static final String FORMAT = "duovox-corpus";

  public CorpusManifest {
    if (contextual == null || phonetic == null) {
      throw DuovoxException.badData("contextual and phonetic must both be there");
    }
    framesCut = framesCut == null ? 0 : framesCut; // Corpora of earlier versions lack it.
  }

  /// One stream of the corpus.
  ///
  /// @param features origin and times of its frames
  /// @param codebookSha256 identity of its codebook; "" without one
  /// @param frames before merging
  /// @param unitsSha256 identity of the unit set it was made from ([UnitManifest]); "" when unknown
  public record Stream(
      StreamInfo features, int vocabulary, String codebookSha256, long frames, String unitsSha256) {
    public Stream {
      UnitManifest.requireCodes(vocabulary);
      codebookSha256 = codebookSha256 == null ? "" : codebookSha256;
      unitsSha256 = unitsSha256 == null ? "" : unitsSha256;
    }
  }

  /// Continuous features of the tokens, beside the shards: means over the frames of each.
  ///
  /// @param features origin of the frames
  /// @param width values of a token
  /// @param dtype how they are stored
  /// @param sha256 identity of the files
  public record Features(StreamInfo features, int width, FeatureType dtype, String sha256) {
    public Features {
      if (features == null || dtype == null || width < 1) {
        throw DuovoxException.badData(
            "contextual_features: features, dtype and a positive width must be there");
      }
    }
  }

  /// An utterance that is in the unit sets but not in the corpus.
  public record Skipped(String id, String reason) {}

  /// A manifest of this version while its corpus is written, so that every number is set by its
  /// name. What is not set is 0, empty or absent; both streams must be set.
  public static final class Draft {
    public String duovox = Versions.DUOVOX;
    public Stream contextual;
    public Stream phonetic;
    public AlignConfig align;
    public int utterances;
    public long tokens;
    public long phoneticUnits;
    public double seconds;
    public long framesBefore;
    public long framesAfter;
    public long framesCut;
    public long tokensWithoutPhonetic;
    public List<Skipped> skipped = List.of();
    public int shards;
    public Features contextualFeatures;

    /// Returns the manifest.
    ///
    /// @throws DuovoxException (BAD_DATA) when a stream is not set
    public CorpusManifest finish() {
      return new CorpusManifest(
          FORMAT,
          1,
          duovox,
          contextual,
          phonetic,
          align,
          utterances,
          tokens,
          phoneticUnits,
          seconds,
          framesBefore,
          framesAfter,
          framesCut,
          tokensWithoutPhonetic,
          List.copyOf(skipped),
          shards,
          contextualFeatures);
    }
  }
}
