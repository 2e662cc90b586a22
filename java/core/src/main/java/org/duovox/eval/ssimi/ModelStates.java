package org.duovox.eval.ssimi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Token;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.model.embed.EmbeddingFiles;
import org.duovox.units.corpus.Corpus;

/// The hidden states of a model as the systems of a choice: every layer and every channel of it,
/// and the mean of the layers.
///
/// The words are utterances of a corpus, named `[semantic/]SUBSET/TYPE/NAME` as they lie in the
/// data set; in a corpus of a single subset also `TYPE/NAME`.
public final class ModelStates implements Systems {
  private static final int NAMED = 10;

  private final UnitModel model;
  private final Map<Subset, Corpus> corpora;
  private final boolean apart;
  private final int batchSize;
  private final List<List<Integer>> layers;

  /// @param corpora of the subsets; may be the same one for both
  /// @param layers each a single layer or several that are averaged; -1 is the last
  public ModelStates(
      UnitModel model, Map<Subset, Corpus> corpora, List<List<Integer>> layers, int batchSize) {
    this.model = model;
    this.corpora = Map.copyOf(corpora);
    this.apart = corpora.get(Subset.DEV) != corpora.get(Subset.TEST);
    this.layers = layers.stream().map(List::copyOf).toList();
    this.batchSize = batchSize;
    this.layers.forEach(each -> new Embedder(model, config(each, Channel.CONTEXTUAL)));
  }

  /// Returns every layer by itself, and their mean.
  public static List<List<Integer>> allLayers(UnitModel model) {
    List<List<Integer>> layers = new ArrayList<>();
    List<Integer> all = IntStream.rangeClosed(0, model.config().layers()).boxed().toList();
    all.forEach(layer -> layers.add(List.of(layer)));
    layers.add(all);
    return layers;
  }

  @Override
  public void require(Subset subset, SsimiData data) {
    tokens(subset, data);
  }

  @Override
  public void each(
      Subset subset,
      SsimiData data,
      List<Pooling> poolings,
      BiConsumer<String, PooledTokens> sink) {
    Map<String, Token> tokens = tokens(subset, data);
    Corpus words = words(subset, tokens);
    for (List<Integer> layer : layers) {
      List<Map<Token, double[]>> pooled = new ArrayList<>();
      poolings.forEach(pooling -> pooled.add(new HashMap<>()));
      new Embedder(model, config(layer, channels().getLast()))
          .embed(
              words,
              states -> {
                double[][] rows = rows(states);
                for (int k = 0; k < pooled.size(); k++) {
                  pooled.get(k).put(tokens.get(states.id()), poolings.get(k).apply(rows));
                }
              });
      for (Channel channel : channels()) {
        for (int k = 0; k < pooled.size(); k++) {
          sink.accept(
              name(layer, channel),
              new PooledTokens(poolings.get(k), part(pooled.get(k), channel)));
        }
      }
    }
  }

  @Override
  public PooledTokens of(String system, Subset subset, SsimiData data, Pooling pooling) {
    Map<String, Token> tokens = tokens(subset, data);
    Map<Token, double[]> vectors = new HashMap<>();
    Path folder = Path.of(subset.label());
    new Embedder(model, config(system))
        .embed(
            words(subset, tokens),
            states ->
                vectors.put(
                    tokens.get(states.id()), pooling.apply(EmbeddingFiles.asRead(states, folder))));
    return new PooledTokens(pooling, vectors);
  }

  /// Writes the texts of all words of a subset below `folder/semantic/SUBSET`, as a submission to
  /// the official evaluators.
  ///
  /// @param system whose states
  public void write(String system, Subset subset, SsimiData data, Path folder) {
    Map<String, Token> tokens = tokens(subset, data);
    Path target = folder.resolve("semantic").resolve(subset.label());
    new Embedder(model, config(system))
        .embed(
            words(subset, tokens),
            states ->
                EmbeddingFiles.writeText(
                    new Embedding(
                        tokens.get(states.id()).label(),
                        states.rows(),
                        states.width(),
                        states.values()),
                    target));
  }

  /// Returns the words by their ids in the corpus.
  private Map<String, Token> tokens(Subset subset, SsimiData data) {
    Map<String, Token> byId = new HashMap<>();
    for (Token token : data.tokens()) {
      names(subset, token).forEach(name -> byId.put(name, token));
    }
    Map<String, Token> found = new HashMap<>();
    corpora
        .get(subset)
        .utterances()
        .forEach(utterance -> {
          Token token = byId.get(utterance.id());
          if (token != null) {
            found.put(utterance.id(), token);
          }
        });
    requireAll(subset, data, found.keySet());
    return found;
  }

  private void requireAll(Subset subset, SsimiData data, Set<String> found) {
    List<String> missing =
        data.tokens().stream()
            .filter(token -> names(subset, token).noneMatch(found::contains))
            .map(token -> subset.label() + "/" + token.label())
            .toList();
    if (!missing.isEmpty()) {
      throw DuovoxException.missing(
          "the corpus has no utterance of %d of the %d files of the gold list: %s%s"
              .formatted(
                  missing.size(),
                  data.tokens().size(),
                  missing.stream().limit(NAMED).collect(Collectors.joining(", ")),
                  missing.size() > NAMED ? ", ..." : ""));
    }
  }

  private Stream<String> names(Subset subset, Token token) {
    String inSet = subset.label() + "/" + token.label();
    Stream<String> names = Stream.of(inSet, "semantic/" + inSet);
    return apart ? Stream.concat(names, Stream.of(token.label())) : names;
  }

  private Corpus words(Subset subset, Map<String, Token> tokens) {
    return corpora.get(subset).filter(utterance -> tokens.containsKey(utterance.id()));
  }

  /// Returns the channels that the model has; the last one holds the others side by side.
  private List<Channel> channels() {
    return model.config().bothStreams() ? List.of(Channel.values()) : List.of(Channel.CONTEXTUAL);
  }

  private static double[][] rows(Embedding states) {
    double[][] rows = new double[states.rows()][states.width()];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < states.width(); i++) {
        rows[row][i] = states.values()[row * states.width() + i];
      }
    }
    return rows;
  }

  /// Returns the part of vectors of all channels that is of one; every pooling treats each column
  /// by itself.
  private Map<Token, double[]> part(Map<Token, double[]> vectors, Channel channel) {
    int hidden = model.config().hidden();
    int from = channel == Channel.PHONETIC ? hidden : 0;
    int to = from + (channel == Channel.BOTH ? 2 * hidden : hidden);
    Map<Token, double[]> part = new HashMap<>();
    vectors.forEach((token, vector) -> part.put(token, Arrays.copyOfRange(vector, from, to)));
    return part;
  }

  private static String name(List<Integer> layer, Channel channel) {
    String numbers = layer.stream().map(String::valueOf).collect(Collectors.joining("+"));
    return channel.name().toLowerCase(Locale.ROOT) + "/" + numbers;
  }

  private EmbedConfig config(String system) {
    for (List<Integer> layer : layers) {
      for (Channel channel : channels()) {
        if (name(layer, channel).equals(system)) {
          return config(layer, channel);
        }
      }
    }
    throw new IllegalArgumentException(system);
  }

  private EmbedConfig config(List<Integer> layer, Channel channel) {
    List<Integer> average = layer.size() > 1 ? layer : List.of();
    return new EmbedConfig(layer.getFirst(), channel, true, batchSize, average);
  }
}
