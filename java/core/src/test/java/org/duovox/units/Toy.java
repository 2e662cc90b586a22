package org.duovox.units;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.UnitUtterance;

/// Small streams, codebooks and corpora for tests.
public final class Toy {
  private Toy() {}

  public static StreamInfo stream(String layer, double intervalMs, double offsetMs) {
    return new StreamInfo("toy", layer, "", "none", "whole", intervalMs, offsetMs);
  }

  public static Codebook codebook(String layer, int clusters, int width, double intervalMs) {
    SplitMix draws = SplitMix.of(layer.hashCode(), clusters, width);
    float[] centroids = new float[clusters * width];
    for (int i = 0; i < centroids.length; i++) {
      centroids[i] = (float) draws.nextGaussian();
    }
    return new Codebook(centroids, clusters, stream(layer, intervalMs, 0), Map.of("seed", "0"));
  }

  public static CorpusStream corpusStream(
      String layer, int clusters, int width, double intervalMs) {
    Codebook codebook = codebook(layer, clusters, width, intervalMs);
    return new CorpusStream(codebook.stream(), codebook);
  }

  /// An utterance whose tokens have one or two phonetic units each.
  public static UnitUtterance utterance(
      String id, int[] contextual, int phoneticCodes, Map<String, String> fields) {
    IntList units = new IntList();
    int[] start = new int[contextual.length];
    int[] end = new int[contextual.length];
    int[] durations = new int[contextual.length];
    for (int t = 0; t < contextual.length; t++) {
      durations[t] = 1 + t % 3;
      start[t] = units.size();
      units.add((3 * contextual[t]) % phoneticCodes);
      if (t % 2 == 1) {
        units.add((3 * contextual[t] + 1) % phoneticCodes);
      }
      end[t] = units.size() - 1;
    }
    return new UnitUtterance(
        id, contextual, durations, units.toArray(), start, end, 16_000, fields);
  }

  /// Utterances of two intents: those of "up" count upwards through the codes, those of "down"
  /// downwards.
  public static Corpus corpus(int utterances, int contextualCodes, int phoneticCodes) {
    List<UnitUtterance> all = new ArrayList<>();
    SplitMix draws = SplitMix.of(7);
    for (int i = 0; i < utterances; i++) {
      boolean up = i % 2 == 0;
      int[] tokens = new int[5 + draws.nextInt(6)];
      tokens[0] = draws.nextInt(contextualCodes);
      for (int t = 1; t < tokens.length; t++) {
        tokens[t] = Math.floorMod(tokens[t - 1] + (up ? 1 : -1), contextualCodes);
      }
      Map<String, String> fields = Map.of("intent", up ? "up" : "down", "speaker", "s" + i % 3);
      all.add(utterance("u" + i, tokens, phoneticCodes, fields));
    }
    return Corpus.of(
        corpusStream("coarse", contextualCodes, 6, 80),
        corpusStream("fine", phoneticCodes, 4, 20),
        all);
  }

  /// The same corpus, whose frames are known to see so much; null for what is unknown.
  public static Corpus seeing(Corpus corpus, ReceptiveField contextual, ReceptiveField phonetic) {
    return Corpus.of(
        seeing(corpus.contextual(), contextual),
        seeing(corpus.phonetic().orElseThrow(), phonetic),
        corpus.utterances());
  }

  private static CorpusStream seeing(CorpusStream stream, ReceptiveField field) {
    StreamInfo info = stream.features();
    StreamInfo seeing =
        new StreamInfo(
            info.encoder(),
            info.layer(),
            info.weightsSha256(),
            info.normalization(),
            info.chunking(),
            info.intervalMs(),
            info.offsetMs(),
            field);
    return new CorpusStream(seeing, stream.vocabulary(), stream.codebook());
  }

  /// Features in memory: `centers` clouds of points, utterance by utterance.
  public static FeatureLayer features(int utterances, int frames, int width, int centers) {
    List<UtteranceInfo> infos = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    SplitMix draws = SplitMix.of(11, width);
    for (int i = 0; i < utterances; i++) {
      float[] values = new float[frames * width];
      for (int f = 0; f < frames; f++) {
        int center = draws.nextInt(centers);
        for (int d = 0; d < width; d++) {
          values[f * width + d] = (float) (10 * ((center >> d) & 1) + 0.1 * draws.nextGaussian());
        }
      }
      infos.add(new UtteranceInfo("u" + i, frames, frames * 320L, Map.of("speaker", "s" + i % 2)));
      rows.add(values);
    }
    return layer(infos, rows, width);
  }

  public static FeatureLayer layer(List<UtteranceInfo> infos, List<float[]> rows, int width) {
    return new FeatureLayer() {
      @Override
      public StreamInfo stream() {
        return Toy.stream("fine", 20, 0);
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
        return rows.get(utterance).clone();
      }
    };
  }
}
