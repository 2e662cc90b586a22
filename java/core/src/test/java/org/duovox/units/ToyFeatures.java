package org.duovox.units;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusManifest;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.CorpusWriter;
import org.duovox.units.corpus.FeatureType;
import org.duovox.units.corpus.UnitUtterance;

/// Small corpora on disk that keep continuous features.
public final class ToyFeatures {
  private ToyFeatures() {}

  /// The same utterances with a feature for every token: its codebook vector, moved by `shift`.
  public static Corpus write(Path target, Corpus corpus, FeatureType type, float shift) {
    return write(target, corpus, type, shift, utterance -> false);
  }

  /// The same with features of some utterances so large that no loss on them is finite.
  public static Corpus write(
      Path target, Corpus corpus, FeatureType type, float shift, Predicate<UnitUtterance> spoiled) {
    Codebook codebook = corpus.contextual().requireCodebook("test");
    int width = codebook.width();
    try (CorpusWriter writer = new CorpusWriter(target, width, type)) {
      for (UnitUtterance utterance : corpus.utterances()) {
        float[] means = new float[utterance.tokens() * width];
        for (int i = 0; i < means.length; i++) {
          int code = utterance.contextual()[i / width];
          means[i] =
              spoiled.test(utterance)
                  ? Float.MAX_VALUE
                  : codebook.centroids()[code * width + i % width] + shift;
        }
        writer.add(utterance, FloatBuffer.wrap(means));
      }
      writer.finish();
      StreamInfo stream = corpus.contextual().features();
      writer.commit(
          manifest(
              corpus,
              writer,
              new CorpusManifest.Features(stream, width, type, writer.featuresSha256())),
          corpus.contextual().codebook(),
          corpus.phonetic().orElseThrow().codebook());
    }
    return Corpus.open(target);
  }

  private static CorpusManifest manifest(
      Corpus corpus, CorpusWriter writer, CorpusManifest.Features features) {
    CorpusManifest.Draft draft = new CorpusManifest.Draft();
    draft.duovox = "test";
    draft.contextual = stream(corpus.contextual());
    draft.phonetic = stream(corpus.phonetic().orElseThrow());
    draft.align = AlignConfig.defaults();
    draft.utterances = writer.utterances();
    draft.tokens = writer.tokens();
    draft.phoneticUnits = writer.phoneticUnits();
    draft.seconds = 1;
    draft.shards = writer.shards();
    draft.contextualFeatures = features;
    return draft.finish();
  }

  private static CorpusManifest.Stream stream(CorpusStream stream) {
    return new CorpusManifest.Stream(
        stream.features(), stream.vocabulary(), stream.codebookSha256(), 1_000, "");
  }

  /// Features in memory, of the contextual stream.
  public static FeatureLayer layer(
      StreamInfo stream, int width, List<UtteranceInfo> infos, float[] rows) {
    return new FeatureLayer() {
      @Override
      public StreamInfo stream() {
        return stream;
      }

      @Override
      public int width() {
        return width;
      }

      @Override
      public List<UtteranceInfo> utterances() {
        return infos;
      }

      @Override
      public float[] read(int utterance) {
        return rows.clone();
      }

      @Override
      public Optional<org.duovox.speech.FeatureCodebook> codebook() {
        return Optional.empty();
      }
    };
  }
}
