package org.duovox.model.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbedderTest {
  private static final float TOLERANCE = 1e-5f;

  @TempDir Path folder;

  @Test
  void batchedEqualsOneByOneInCorpusOrder() {
    Corpus corpus = Toy.corpus(7, 9, 7);
    try (UnitModel model = ToyModel.model(corpus)) {
      List<Embedding> together = embed(model, corpus, Channel.BOTH, true, 4);
      List<Embedding> alone = embed(model, corpus, Channel.BOTH, true, 1);
      for (int i = 0; i < corpus.size(); i++) {
        assertEquals(corpus.utterance(i).id(), together.get(i).id());
        assertEquals(corpus.utterance(i).tokens() + 2, together.get(i).rows());
        assertEquals(64, together.get(i).width());
        assertArrayEquals(alone.get(i).values(), together.get(i).values(), TOLERANCE);
      }
    }
  }

  @Test
  void bothChannelsAreTheTwoSideBySideAndSpecialsCanGo() {
    Corpus corpus = Toy.corpus(1, 9, 7);
    try (UnitModel model = ToyModel.model(corpus)) {
      float[] contextual = embed(model, corpus, Channel.CONTEXTUAL, true, 1).getFirst().values();
      float[] phonetic = embed(model, corpus, Channel.PHONETIC, true, 1).getFirst().values();
      Embedding both = embed(model, corpus, Channel.BOTH, false, 1).getFirst();
      int tokens = corpus.utterance(0).tokens();
      assertEquals(tokens, both.rows());
      for (int row = 0; row < tokens; row++) {
        float[] left = Arrays.copyOfRange(both.values(), row * 64, row * 64 + 32);
        float[] right = Arrays.copyOfRange(both.values(), row * 64 + 32, row * 64 + 64);
        int at = (row + 1) * 32;
        assertArrayEquals(Arrays.copyOfRange(contextual, at, at + 32), left, TOLERANCE);
        assertArrayEquals(Arrays.copyOfRange(phonetic, at, at + 32), right, TOLERANCE);
      }
    }
  }

  @Test
  void layersCanBeAveraged() {
    Corpus corpus = Toy.corpus(3, 9, 7);
    try (UnitModel model = ToyModel.model(corpus)) {
      int layers = model.config().layers();
      EmbedConfig config = new EmbedConfig(-1, Channel.BOTH, true, 2, List.of(0, layers));
      List<Embedding> mean = new Embedder(model, config).embed(corpus);
      List<Embedding> first = layer(model, corpus, 0);
      List<Embedding> last = layer(model, corpus, layers);
      for (int i = 0; i < corpus.size(); i++) {
        for (int k = 0; k < mean.get(i).values().length; k++) {
          float expected = (first.get(i).values()[k] + last.get(i).values()[k]) / 2;
          assertEquals(expected, mean.get(i).values()[k], TOLERANCE);
        }
      }
      EmbedConfig beyond = new EmbedConfig(-1, Channel.BOTH, true, 2, List.of(0, layers + 1));
      assertThrows(DuovoxException.class, () -> new Embedder(model, beyond));
    }
    assertThrows(
        DuovoxException.class, () -> new EmbedConfig(0, Channel.BOTH, true, 2, List.of(1, 1)));
  }

  private static List<Embedding> layer(UnitModel model, Corpus corpus, int layer) {
    return new Embedder(model, new EmbedConfig(layer, Channel.BOTH, true, 2)).embed(corpus);
  }

  @Test
  void longUtteranceComesOutWhole() {
    int[] tokens = new int[40];
    for (int t = 0; t < 40; t++) {
      tokens[t] = t % 9;
    }
    List<UnitUtterance> utterances = new ArrayList<>();
    utterances.add(Toy.utterance("long", tokens, 7, Map.of()));
    utterances.add(Toy.utterance("short", new int[] {1}, 7, Map.of()));
    Corpus corpus =
        Corpus.of(
            Toy.corpusStream("coarse", 9, 6, 80), Toy.corpusStream("fine", 7, 4, 20), utterances);
    try (UnitModel model = ToyModel.model(corpus)) {
      assertEquals(42, embed(model, corpus, Channel.CONTEXTUAL, true, 8).getFirst().rows());
      assertEquals(40, embed(model, corpus, Channel.CONTEXTUAL, false, 8).getFirst().rows());
    }
  }

  @Test
  void filesHoldWhatIsInMemory() throws IOException {
    Corpus corpus = Toy.corpus(3, 9, 7);
    try (UnitModel model = ToyModel.model(corpus)) {
      EmbedConfig config = new EmbedConfig(1, Channel.CONTEXTUAL, true, 8);
      Embedder embedder = new Embedder(model, config);
      EmbeddingFiles.writeZeroSpeech(embedder, corpus, folder.resolve("zs"), done -> {});
      EmbeddingFiles.writeSafetensors(embedder, config, corpus, folder.resolve("st"), done -> {});
      EmbeddingFiles.writeNpy(embedder, corpus, folder.resolve("npy"), done -> {});
      Embedding expected = embedder.embed(corpus).get(1);
      try (NpyFile file = NpyFile.open(folder.resolve("npy/u1.npy"))) {
        assertEquals(DType.F64, file.dtype());
        assertArrayEquals(new long[] {expected.rows(), 32}, file.shape());
        assertArrayEquals(expected.values(), file.floats());
      }
      List<String> lines = Files.readAllLines(folder.resolve("zs/u1.txt"));
      assertEquals(expected.rows(), lines.size());
      String[] last = lines.getLast().split(" ");
      assertEquals(expected.values()[expected.values().length - 1], Float.parseFloat(last[31]));
      try (SafetensorsFile file = Safetensors.open(folder.resolve("st/embeddings.safetensors"))) {
        assertArrayEquals(expected.values(), file.floats("u1"));
      }
    }
  }

  @Test
  void singleRowIsWrittenTwiceAndIdsStayInside() throws IOException {
    UnitUtterance one = Toy.utterance("sub/one", new int[] {1}, 7, Map.of());
    Corpus corpus = corpus(one);
    try (UnitModel model = ToyModel.model(corpus)) {
      Embedder embedder = new Embedder(model, new EmbedConfig(-1, Channel.CONTEXTUAL, false, 1));
      EmbeddingFiles.writeZeroSpeech(embedder, corpus, folder.resolve("zs"), done -> {});
      List<String> lines = Files.readAllLines(folder.resolve("zs/sub/one.txt"));
      assertEquals(2, lines.size());
      assertEquals(lines.get(0), lines.get(1));
      Corpus outside = corpus(Toy.utterance("../../one", new int[] {1}, 7, Map.of()));
      assertThrows(
          DuovoxException.class,
          () ->
              EmbeddingFiles.writeZeroSpeech(embedder, outside, folder.resolve("no"), done -> {}));
    }
  }

  @Test
  void layersAndChannelsThatAreNotThereAreRefused() {
    Corpus corpus = Toy.corpus(2, 9, 7);
    try (UnitModel model = ToyModel.model(corpus)) {
      assertThrows(
          DuovoxException.class,
          () -> new Embedder(model, new EmbedConfig(2, Channel.CONTEXTUAL, true, 1)));
    }
  }

  private static Corpus corpus(UnitUtterance utterance) {
    return Corpus.of(
        Toy.corpusStream("coarse", 9, 6, 80),
        Toy.corpusStream("fine", 7, 4, 20),
        List.of(utterance));
  }

  private static List<Embedding> embed(
      UnitModel model, Corpus corpus, Channel channel, boolean special, int batch) {
    return new Embedder(model, new EmbedConfig(-1, channel, special, batch)).embed(corpus);
  }
}
