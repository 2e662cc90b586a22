package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.json.Json;
import org.duovox.model.ToyModel;
import org.duovox.train.Pretrainer;
import org.duovox.train.ToyTraining;
import org.duovox.train.data.TrainPlan.HeldOut;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.train.run.RunSettings.CorpusIdentity;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is held out to validate: whole recordings, and what it always was where there are no
/// copies.
final class HeldOutTest {
  private static final int COPIES = 3;

  @TempDir Path folder;

  /// Every utterance followed by its copies.
  private static Corpus copied(int recordings) {
    Corpus originals = Toy.corpus(recordings, 9, 7);
    List<UnitUtterance> all = new ArrayList<>();
    for (UnitUtterance original : originals.utterances()) {
      all.add(original);
      for (int copy = 1; copy <= COPIES; copy++) {
        Map<String, String> fields = Map.of(Utterance.COPY_OF, original.id());
        all.add(Toy.utterance(original.id() + "+" + copy, original.contextual(), 7, fields));
      }
    }
    return Corpus.of(originals.contextual(), originals.phonetic().orElseThrow(), all);
  }

  private static Set<String> recordings(Corpus part) {
    return part.utterances().stream().map(UnitUtterance::original).collect(Collectors.toSet());
  }

  private static List<String> ids(Corpus part) {
    return part.utterances().stream().map(UnitUtterance::id).toList();
  }

  @Test
  void copiesStayOnOneSide() {
    for (long seed = 0; seed < 20; seed++) {
      HeldOut parts = HeldOut.split(copied(10), 0.2, seed);
      Set<String> both = new HashSet<>(recordings(parts.training()));
      both.retainAll(recordings(parts.validation()));
      assertEquals(Set.of(), both, "seed " + seed);
      assertEquals(2 * (1 + COPIES), parts.validation().size());
      assertEquals(8 * (1 + COPIES), parts.training().size());
    }
  }

  @Test
  void copiesStayTogetherWithoutTheirOriginalAndInOneStream() {
    Corpus copies = copied(6).filter(UnitUtterance::isCopy).single(UnitStream.PHONETIC);
    HeldOut parts = HeldOut.split(copies, 0.5, 1);
    assertEquals(3, recordings(parts.training()).size());
    assertEquals(3, recordings(parts.validation()).size());
    assertEquals(3 * COPIES, parts.validation().size());
  }

  @Test
  void theOnlyRecordingIsTrainedOn() {
    HeldOut parts = HeldOut.split(copied(1), 0.5, 1);
    assertEquals(1 + COPIES, parts.training().size());
    assertEquals(0, parts.validation().size());
    assertEquals(0, HeldOut.split(copied(0), 0.5, 1).training().size());
  }

  /// The draw of all earlier versions: runs on a corpus without copies keep their results.
  @Test
  void withoutCopiesTheDrawIsWhatItWas() {
    Corpus corpus = Toy.corpus(23, 9, 7);
    for (double share : new double[] {0, 0.01, 0.05, 0.3, 0.5}) {
      for (long seed = 0; seed < 10; seed++) {
        int[] order = IntStream.range(0, 23).toArray();
        SplitMix.of(seed, 0x5EED0001).shuffle(order, 23);
        int count = share == 0 ? 0 : Math.max(1, (int) Math.rint(share * 23));
        IntStream held = IntStream.of(order).limit(count).sorted();
        IntStream rest = IntStream.of(order).skip(count).sorted();
        HeldOut parts = HeldOut.split(corpus, share, seed);
        assertEquals(ids(corpus.select(held)), ids(parts.validation()));
        assertEquals(ids(corpus.select(rest)), ids(parts.training()));
      }
    }
  }

  @Test
  void aTrainingOnACorpusWithCopiesValidatesOnWholeRecordings() {
    ToyTraining.train(
        ToyTraining.config("steps=2", "validation_fraction=0.25"),
        ToyModel.dual(),
        copied(8),
        folder.resolve("run"),
        TrainListener.NONE);
    Pretrainer.Settings settings =
        Json.read(folder.resolve("run").resolve(RunFolder.SETTINGS), Pretrainer.Settings.class);
    assertEquals(2 * (1 + COPIES), settings.validationUtterances());
    assertEquals(6 * (1 + COPIES), settings.trainingUtterances());
  }

  /// A run of a version that knew nothing of copies must not go on with another split.
  @Test
  void whatIsACopyIsPartOfACorpussIdentity() {
    Corpus copies = copied(4);
    List<UnitUtterance> unrelated =
        copies.utterances().stream()
            .map(u -> Toy.utterance(u.id(), u.contextual(), 7, Map.of()))
            .toList();
    Corpus same = Corpus.of(copies.contextual(), copies.phonetic().orElseThrow(), unrelated);
    assertNotEquals(CorpusIdentity.of(same).sha256(), CorpusIdentity.of(copies).sha256());
    assertTrue(CorpusIdentity.of(copies).sha256().equals(CorpusIdentity.of(copied(4)).sha256()));
  }
}
