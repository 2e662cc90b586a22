package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.units.Codebook;
import org.duovox.units.CodebookUse;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.IndexFile;
import org.duovox.units.sets.UnitSet;
import org.duovox.units.sets.UnitSetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusTest {
  private static final int[] COARSE = {1, 1, 2};
  private static final int[] FINE = {0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 0, 0};

  @TempDir Path folder;

  @Test
  void unitSetsBecomeACorpusThatReadsBack() {
    Corpus corpus = build(sets(3840, 3840), AlignConfig.defaults());
    UnitUtterance utterance = corpus.utterance(0);
    assertEquals("a", utterance.id());
    assertArrayEquals(new int[] {1, 2}, utterance.contextual());
    assertArrayEquals(new int[] {2, 1}, utterance.durations());
    assertArrayEquals(new int[] {0, 1, 2, 3, 0}, utterance.phonetic());
    assertArrayEquals(new int[] {0, 3}, utterance.start());
    assertArrayEquals(new int[] {2, 4}, utterance.end());
    assertEquals(Map.of("speaker", "x"), utterance.fields());
    CorpusManifest manifest = Corpus.manifest(folder.resolve("corpus"));
    assertEquals(2, manifest.tokens());
    assertEquals(5, manifest.phoneticUnits());
    assertEquals(0.24, manifest.seconds(), 1e-12);
    assertEquals(List.of("short"), manifest.skipped().stream().map(s -> s.id()).toList());
  }

  @Test
  void singleViewsAreMergedOverTheWholeUtterance() {
    Corpus corpus = Toy.corpus(4, 9, 7);
    Corpus coarse = corpus.single(UnitStream.CONTEXTUAL);
    assertArrayEquals(corpus.utterance(1).contextual(), coarse.utterance(1).contextual());
    assertEquals(0, coarse.phoneticVocabulary());
    Corpus fine = corpus.single(UnitStream.PHONETIC);
    assertEquals(7, fine.contextual().vocabulary());
    assertArrayEquals(
        Merge.collapse(corpus.utterance(1).phonetic()), fine.utterance(1).contextual());
    assertEquals(0, fine.utterance(1).phonetic().length);
  }

  @Test
  void usageCountsEveryToken() {
    Corpus corpus = Toy.corpus(6, 9, 7);
    CodebookUse.Counter units = corpus.countUnits(UnitStream.CONTEXTUAL);
    assertEquals(
        corpus.utterances().stream().mapToLong(UnitUtterance::tokens).sum(), units.total());
    double perplexity = units.use().perplexity();
    assertTrue(perplexity <= 9 + 1e-9 && perplexity > 1);
  }

  @Test
  void perplexityOfEvenUseIsTheNumberOfCodes() {
    CodebookUse.Counter counter = new CodebookUse.Counter(4);
    counter.add(new int[] {0, 1, 2, 3, 0, 1, 2, 3});
    CodebookUse usage = counter.use();
    assertEquals(4, usage.perplexity(), 1e-12);
    assertEquals(0.25, usage.mostFrequentShare(), 1e-12);
    assertEquals(4, usage.used());
  }

  @Test
  void unitsOfDifferentAudioAreRefused() {
    DuovoxException samples =
        assertThrows(DuovoxException.class, () -> build(sets(3840, 3841), AlignConfig.defaults()));
    assertTrue(samples.getMessage().contains("3841"), samples.getMessage());
    assertFalse(Files.exists(folder.resolve("corpus")));
  }

  @Test
  void audioWithAnotherSumIsRefusedAndAnUnknownOneIsNot() {
    UnitSet coarse = summed("c", 80, 40, COARSE, "aa");
    DuovoxException other =
        assertThrows(
            DuovoxException.class,
            () ->
                build(
                    new UnitSet[] {coarse, summed("f", 20, 10, FINE, "bb")},
                    AlignConfig.defaults()));
    assertTrue(other.getMessage().contains("aa") && other.getMessage().contains("bb"));
    UnitSet unknown = summed("g", 20, 10, FINE, "");
    Corpus corpus = build(new UnitSet[] {coarse, unknown}, AlignConfig.defaults());
    assertEquals("aa", corpus.utterance(0).audioSha256());
  }

  private UnitSet summed(String name, double interval, double offset, int[] units, String sum) {
    Path target = folder.resolve(name);
    try (UnitSetWriter writer =
        new UnitSetWriter(
            target, Toy.stream(name, interval, offset), 4, Optional.empty(), Map.of())) {
      writer.add(new UtteranceInfo("a", units.length, 3840, Map.of(), sum), units);
      writer.commit();
    }
    return UnitSet.open(target);
  }

  @Test
  void unitsWithoutACodebookMakeACorpusThatSaysWhatItLacks() throws IOException {
    UnitSet coarse = summed("c", 80, 40, COARSE, "");
    UnitSet fine = summed("f", 20, 10, FINE, "");
    Corpus corpus = build(new UnitSet[] {coarse, fine}, AlignConfig.defaults());
    assertTrue(corpus.contextual().codebook().isEmpty());
    assertEquals(4, corpus.contextual().vocabulary());
    DuovoxException needed =
        assertThrows(DuovoxException.class, () -> corpus.contextual().requireCodebook("MCR"));
    assertTrue(needed.getMessage().contains("--codebook FILE"), needed.getMessage());
    CorpusManifest manifest = Corpus.manifest(folder.resolve("corpus"));
    assertEquals(coarse.manifest().unitsSha256(), manifest.contextual().unitsSha256());
    assertEquals("", manifest.contextual().codebookSha256());
    Toy.codebook("c", 4, 2, 80).write(folder.resolve("c").resolve(UnitSet.CODEBOOK));
    assertThrows(DuovoxException.class, () -> UnitSet.open(folder.resolve("c")));
  }

  @Test
  void utterancesAreCutFromTheMappingAsTheyWereAdded() {
    Corpus memory = Toy.corpus(50, 9, 7);
    Path target = folder.resolve("mapped");
    try (CorpusWriter writer = new CorpusWriter(target)) {
      memory.utterances().forEach(writer::add);
      writer.finish();
      CorpusManifest.Stream stream =
          new CorpusManifest.Stream(Toy.stream("coarse", 80, 0), 9, "", 1_000, "");
      CorpusManifest.Stream fine =
          new CorpusManifest.Stream(Toy.stream("fine", 20, 0), 7, "", 1, "");
      CorpusManifest.Draft draft = new CorpusManifest.Draft();
      draft.duovox = "test";
      draft.contextual = stream;
      draft.phonetic = fine;
      draft.align = AlignConfig.defaults();
      draft.utterances = 50;
      draft.tokens = writer.tokens();
      draft.phoneticUnits = writer.phoneticUnits();
      draft.seconds = 1;
      draft.shards = 1;
      writer.commit(draft.finish(), Optional.empty(), Optional.empty());
    }
    Corpus mapped = Corpus.open(target);
    for (int i = 0; i < 50; i++) {
      assertEquals(memory.utterance(i).id(), mapped.utterance(i).id());
      assertArrayEquals(memory.utterance(i).contextual(), mapped.utterance(i).contextual());
      assertArrayEquals(memory.utterance(i).phonetic(), mapped.utterance(i).phonetic());
      assertArrayEquals(memory.utterance(i).end(), mapped.utterance(i).end());
    }
    Corpus part = mapped.filter(u -> u.fields().get("speaker").equals("s1"));
    assertEquals("u4", part.utterance(1).id());
    assertEquals("u7", part.single(UnitStream.PHONETIC).utterance(2).id());
    assertThrows(IndexOutOfBoundsException.class, () -> part.utterance(part.size()));
  }

  @Test
  void unmatchedIdsAreRefusedOrSkipped() {
    UnitSet[] sets = sets(3840, 3840);
    UnitSet other =
        write("more", Toy.codebook("fine", 4, 2, 20), 20, 10, List.of("a", "b"), FINE, 3840);
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () -> build(new UnitSet[] {sets[0], other}, AlignConfig.defaults()));
    assertTrue(refused.getMessage().contains("2 utterance(s)"), refused.getMessage());
    Corpus corpus = build(new UnitSet[] {sets[0], other}, new AlignConfig(true, true, true));
    assertEquals(1, corpus.size());
    assertEquals(2, Corpus.manifest(folder.resolve("corpus")).skipped().size());
  }

  @Test
  void damagedFoldersAreRefused() throws IOException {
    build(sets(3840, 3840), AlignConfig.defaults());
    Path corpus = folder.resolve("corpus");
    DuovoxException kind = assertThrows(DuovoxException.class, () -> UnitSet.open(corpus));
    assertTrue(kind.getMessage().contains("duovox-corpus"), kind.getMessage());
    Toy.codebook("other", 4, 2, 20).write(corpus.resolve(Corpus.PHONETIC_CODEBOOK));
    assertThrows(DuovoxException.class, () -> Corpus.open(corpus));
    Files.delete(corpus.resolve(IndexFile.NAME));
    assertThrows(DuovoxException.class, () -> Corpus.open(corpus));
    assertThrows(DuovoxException.class, () -> Corpus.open(folder.resolve("nothing")));
  }

  @Test
  void utterancesOutsideOfTheVocabularyAreRefused() {
    CorpusStream coarse = Toy.corpusStream("coarse", 3, 2, 80);
    CorpusStream fine = Toy.corpusStream("fine", 4, 2, 20);
    UnitUtterance bad = Toy.utterance("bad", new int[] {1, 3}, 4, Map.of());
    assertThrows(DuovoxException.class, () -> Corpus.of(coarse, fine, List.of(bad)));
  }

  private Corpus build(UnitSet[] sets, AlignConfig config) {
    return CorpusBuilder.build(sets[0], sets[1], config, folder.resolve("corpus"), done -> {});
  }

  private UnitSet[] sets(long coarseSamples, long fineSamples) {
    List<String> ids = List.of("a", "short");
    return new UnitSet[] {
      write("coarse", Toy.codebook("coarse", 3, 2, 80), 80, 40, ids, COARSE, coarseSamples),
      write("fine", Toy.codebook("fine", 4, 2, 20), 20, 10, ids, FINE, fineSamples)
    };
  }

  /// A set whose first utterance has the units given; one called "short" is without a frame.
  private UnitSet write(
      String name,
      Codebook codebook,
      double interval,
      double offset,
      List<String> ids,
      int[] units,
      long samples) {
    Path target = folder.resolve(name);
    try (UnitSetWriter writer =
        new UnitSetWriter(target, Toy.stream(name, interval, offset), codebook)) {
      for (String id : ids) {
        boolean empty = id.equals("short");
        writer.add(id, empty ? new int[0] : units, empty ? 100 : samples, Map.of("speaker", "x"));
      }
      writer.commit();
    }
    return UnitSet.open(target);
  }

  @Test
  void aManifestThatDisagreesIsRefused() throws IOException {
    build(sets(3840, 3840), AlignConfig.defaults());
    Path target = folder.resolve("corpus");
    Path manifest = target.resolve(UnitSet.MANIFEST);
    String text = Files.readString(manifest);
    for (String shards : List.of("0", "2")) {
      Files.writeString(manifest, text.replace("\"shards\" : 1", "\"shards\" : " + shards));
      DuovoxException e = assertThrows(DuovoxException.class, () -> Corpus.open(target));
      assertTrue(
          e.getMessage().contains("says " + shards + " shards, the index 1"), e.getMessage());
    }
  }

  @Test
  void aTokenLongerThanTheStreamIsRefused() throws IOException {
    build(sets(3840, 3840), AlignConfig.defaults());
    Path shard = folder.resolve("corpus").resolve(Corpus.shard(0));
    long at;
    try (SafetensorsFile tensors = Safetensors.open(shard)) {
      at = tensors.dataStart() + tensors.require("durations").begin();
    }
    byte[] bytes = Files.readAllBytes(shard);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt((int) at, Integer.MAX_VALUE);
    Files.write(shard, bytes);
    Corpus corpus = Corpus.open(folder.resolve("corpus"));
    DuovoxException e = assertThrows(DuovoxException.class, () -> corpus.utterance(0));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("'a', token 0 lasts 2147483647 frames"), e.getMessage());
  }
}
