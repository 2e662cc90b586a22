package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.ToyModel;
import org.duovox.train.log.EventFile;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.duovox.train.memory.StepParts;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.UnitPredictors;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run leaves beside its metrics, and what it says.
final class RunGuardsTest {
  @TempDir Path folder;

  private final List<String> remarks = new ArrayList<>();

  @Test
  void resumableRunHasEventsForecastAndPredictors() throws java.io.IOException {
    Path run = folder.resolve("run");
    train(run, false, 4);
    assertEquals(1, events(run));
    assertTrue(remarks.getFirst().startsWith("memory: about "), remarks.toString());
    assertTrue(remarks.get(1).contains("bigram acc:"), remarks.toString());
    UnitPredictors.Accuracies found =
        Json.read(run.resolve(UnitPredictors.Accuracies.FILE), UnitPredictors.Accuracies.class);
    assertTrue(found.targets() >= 4, "one at least for each held-out utterance");
    assertTrue(found.bothSides() >= 0 && found.bothSides() <= 1);
    StepParts.Limit.Content limit =
        Json.read(run.resolve(StepParts.Limit.FILE), StepParts.Limit.Content.class);
    assertTrue(limit.partBytes() >= 64 << 20, "a power of two by the machine's memory: " + limit);
    assertEquals(1, Long.bitCount(limit.partBytes()));
    assertTrue(Files.readString(run.resolve(RunFolder.CONSOLE)).contains("remark: memory: about"));
  }

  /// Of 6,000 and more utterances in one batch some twenty fit into a MiB.
  @Test
  void stepAndValidationInHundredsOfPartsAreTheSameButForRounding() {
    Corpus corpus = Toy.corpus(8192, 9, 7);
    Training.Result whole = step(corpus, "whole", "guards.part_mib=4096");
    Training.Result cut = step(corpus, "cut", "guards.part_mib=1");
    assertTrue(
        remarks.stream().anyMatch(text -> text.contains("taken in parts of at most 1 MiB")),
        remarks + "");
    StepParts.Limit.Content limit =
        Json.read(
            folder.resolve("cut").resolve(StepParts.Limit.FILE), StepParts.Limit.Content.class);
    assertEquals(1 << 20, limit.partBytes());
    ActivationCost cost = ActivationCost.of(ToyModel.dual(), 0.15);
    long bytes = 0;
    for (UnitUtterance utterance : corpus.utterances()) {
      bytes += cost.bytes(utterance.tokens(), utterance.phonetic().length);
    }
    assertTrue(bytes / 4 * 3 > 256 * limit.partBytes(), "more than 256 parts: " + bytes);
    assertEquals(whole.training().loss(), cut.training().loss(), 1e-5);
    assertEquals(
        whole.validation().orElseThrow().loss(), cut.validation().orElseThrow().loss(), 1e-5);
    assertEquals(
        whole.validation().orElseThrow().targets(), cut.validation().orElseThrow().targets());
  }

  /// Each of them fits into a MiB, no two of them do: a step and a validation take one by one.
  @Test
  void severalLongUtterancesOfABatchAreTakenOneByOne() {
    ModelConfig model = ToyModel.dual().with(draft -> draft.maxPositions = 128);
    Corpus corpus = longUtterances(8, 100);
    ActivationCost cost = ActivationCost.of(model, 0.15);
    for (UnitUtterance utterance : corpus.utterances()) {
      long bytes = cost.bytes(utterance.tokens() + 2, utterance.phonetic().length);
      assertTrue(bytes <= 1 << 20 && 2 * bytes > 1 << 20, bytes + "");
    }
    Training.Result whole = step(model, corpus, "whole", "guards.part_mib=4096");
    Training.Result cut = step(model, corpus, "cut", "guards.part_mib=1");
    assertTrue(
        remarks.stream().anyMatch(text -> text.contains("taken in parts of at most 1 MiB")),
        remarks + "");
    assertEquals(whole.training().loss(), cut.training().loss(), 1e-5);
    assertEquals(
        whole.validation().orElseThrow().loss(), cut.validation().orElseThrow().loss(), 1e-5);
  }

  @Test
  void corpusOfOneCodeIsToldBeforeTheStart() {
    Corpus healthy = Toy.corpus(16, 9, 7);
    assertEquals(List.of(), Pretrainer.unitWarnings(healthy));
    List<String> told =
        Pretrainer.unitWarnings(
            Corpus.of(
                Toy.corpusStream("coarse", 40, 6, 80),
                Toy.corpusStream("fine", 7, 4, 20),
                List.of(Toy.utterance("u", new int[] {0, 1, 0, 2, 0}, 7, Map.of()))));
    assertEquals(1, told.size(), told.toString());
    assertTrue(told.getFirst().contains("the contextual units hardly"), told.getFirst());
  }

  private static Corpus longUtterances(int count, int tokens) {
    List<UnitUtterance> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = i;
      int[] codes = IntStream.range(0, tokens).map(t -> (first + t) % 9).toArray();
      all.add(Toy.utterance("u" + i, codes, 7, Map.of()));
    }
    return Corpus.of(Toy.corpusStream("coarse", 9, 6, 80), Toy.corpusStream("fine", 7, 4, 20), all);
  }

  private Training.Result step(Corpus corpus, String name, String setting) {
    return step(ToyModel.dual(), corpus, name, setting);
  }

  private Training.Result step(ModelConfig model, Corpus corpus, String name, String setting) {
    TrainListener listener =
        new TrainListener() {
          @Override
          public void remark(String text) {
            remarks.add(text);
          }
        };
    return ToyTraining.train(
        ToyTraining.config("steps=1", "batch_size=8192", "validation_fraction=0.25", setting),
        model,
        corpus,
        folder.resolve(name),
        listener);
  }

  private void train(Path run, boolean resume, long steps) {
    TrainListener listener =
        new TrainListener() {
          @Override
          public void remark(String text) {
            remarks.add(text);
          }
        };
    PretrainConfig config = ToyTraining.config("steps=" + steps, "validation_fraction=0.25");
    try (RunFolder open = RunFolder.open(run, resume)) {
      new Pretrainer(config, TrainHost.cpu(listener))
          .run(ToyModel.dual(), Toy.corpus(16, 9, 7), open);
    }
  }

  private static long events(Path run) throws java.io.IOException {
    try (var files = Files.list(run)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(EventFile.PREFIX))
          .count();
    }
  }
}
