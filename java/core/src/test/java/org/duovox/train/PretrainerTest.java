package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelFiles;
import org.duovox.model.ToyModel;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Codebook;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PretrainerTest {
  @TempDir Path folder;

  @Test
  void dualModelOverfitsATinyCorpus() {
    Training.Result result = run("run", ToyModel.dual(), config(300, 0), TrainListener.NONE);
    List<TrainLine> lines = RunFolder.metrics(result.folder());
    assertTrue(lines.getLast().mcp() < 0.3, lines.getLast().text());
    assertTrue(lines.getLast().accuracy() > 0.9, lines.getLast().text());
    assertTrue(lines.getLast().mcr() < 0.5 * lines.getFirst().mcr(), lines.getLast().text());
    assertEquals(300, result.steps());
    assertEquals(9, ModelFiles.card(result.folder()).model().contextualCodes());
  }

  @ParameterizedTest
  @EnumSource(UnitStream.class)
  void singleStreamBaselinesLearnToo(UnitStream stream) {
    ModelConfig shape = ToyModel.config(Kind.SINGLE, stream);
    Training.Result result = run("run", shape, config(400, 0), TrainListener.NONE);
    List<TrainLine> lines = RunFolder.metrics(result.folder());
    assertTrue(lines.getLast().loss() < 0.7 * lines.getFirst().loss(), lines.getLast().text());
  }

  @Test
  void sameSeedGivesTheSameBytes() throws IOException {
    run("a", ToyModel.dual(), config(12, 0.25), TrainListener.NONE);
    run("b", ToyModel.dual(), config(12, 0.25), TrainListener.NONE);
    for (String file : List.of("config.json", "model.safetensors", "train.json")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("a").resolve(file)),
          Files.readAllBytes(folder.resolve("b").resolve(file)),
          file);
    }
  }

  @Test
  void validationComesAfterEveryEpochAndLinesAreKept() {
    List<TrainLine> heard = new ArrayList<>();
    long[] last = new long[2];
    TrainListener listener =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            last[0] = done;
            last[1] = all;
          }

          @Override
          public void line(TrainLine line) {
            heard.add(line);
          }
        };
    // 12 of 16 utterances to train on, 4 per batch: 3 steps an epoch.
    Training.Result result = run("run", ToyModel.dual(), config(7, 0.25), listener);
    assertEquals(List.of(3L, 6L, 7L), steps(heard, TrainLine.Kind.VALIDATION));
    assertEquals(List.of(5L, 7L), steps(heard, TrainLine.Kind.TRAIN));
    assertEquals(heard, RunFolder.metrics(result.folder()));
    assertEquals(7, last[0]);
    assertEquals(7, last[1]);
    assertTrue(result.validation().isPresent());
  }

  @Test
  void interruptionSavesAndTheRunGoesOnToTheSameBits() throws IOException {
    TrainListener interrupter =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == 3) {
              Thread.currentThread().interrupt();
            }
          }
        };
    DuovoxException error =
        assertThrows(
            DuovoxException.class,
            () -> run("run", ToyModel.dual(), config(20, 0.25), interrupter));
    assertTrue(Thread.interrupted(), "the flag stays set");
    assertEquals(DuovoxException.Kind.RETRY, error.kind());
    assertTrue(error.getMessage().contains("step 3 of 20"), error.getMessage());
    Path saved = folder.resolve("run/checkpoints/step-00000003/state.json");
    assertTrue(Files.exists(saved), "saved where it stood");
    try (RunFolder again = RunFolder.open(folder.resolve("run"), true)) {
      new Pretrainer(config(20, 0.25), TrainHost.cpu(TrainListener.NONE))
          .run(ToyModel.dual(), Toy.corpus(16, 9, 7), again);
    }
    run("whole", ToyModel.dual(), config(20, 0.25), TrainListener.NONE);
    for (String file : List.of("metrics.jsonl", "model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("run").resolve(file)),
          file);
    }
  }

  @Test
  void budgetOfTokensFitsTheRing() {
    PretrainConfig config = config(20, 0, "batch_size=64", "batch_tokens=30");
    Training.Result result = run("run", ToyModel.dual(), config, TrainListener.NONE);
    assertEquals(20, result.training().step());
  }

  @Test
  void badSettingsAreRefusedBeforeTraining() {
    Corpus empty = Toy.corpus(4, 9, 7).filter(utterance -> false);
    assertThrows(
        DuovoxException.class,
        () ->
            ToyTraining.train(
                config(5, 0), ToyModel.dual(), empty, folder.resolve("run"), TrainListener.NONE));
    DuovoxException warmup =
        assertThrows(DuovoxException.class, () -> config(5, 0, "warmup=9").toNative(5));
    assertTrue(warmup.getMessage().contains("warmup is 9"), warmup.getMessage());
    assertFalse(Files.exists(folder.resolve("run")));
  }

  @Test
  void unitsWithoutACodebookAreTrainedOnPredictionOnly() {
    Corpus toy = Toy.corpus(16, 9, 7);
    Corpus bare =
        Corpus.of(
            new CorpusStream(toy.contextual().features(), 9, Optional.empty()),
            new CorpusStream(toy.phonetic().orElseThrow().features(), 7, Optional.empty()),
            toy.utterances());
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () ->
                ToyTraining.train(
                    config(5, 0),
                    ToyModel.dual(),
                    bare,
                    folder.resolve("run"),
                    TrainListener.NONE));
    assertTrue(refused.getMessage().contains("set pretrain.mcr_weight to 0"), refused.getMessage());
    assertEquals(DuovoxException.Kind.BAD_CONFIG, refused.kind());
    Training.Result result =
        ToyTraining.train(
            config(5, 0, "mcr_weight=0"),
            ToyModel.dual(),
            bare,
            folder.resolve("run"),
            TrainListener.NONE);
    assertEquals(0, ModelFiles.card(result.folder()).model().representationWidth());
    assertEquals("", ModelFiles.card(result.folder()).contextual().codebookSha256());
  }

  @Test
  void lineIsInTheDocumentedForm() {
    TrainLine line =
        new TrainLine(
            TrainLine.Kind.TRAIN,
            120,
            1,
            3.2,
            2.9,
            0.3,
            0.12,
            1e-4,
            0.8,
            10,
            10_642,
            TrainLine.Health.NONE);
    assertEquals(
        "s:120 loss:3.2000 mcp:2.9000 mcr:0.3000 acc:0.1200 lr:1.00e-04 norm:0.800 units/s:5321",
        line.text(Timing.of(line, 2)));
  }

  private Training.Result run(
      String name, ModelConfig shape, PretrainConfig config, TrainListener listener) {
    return ToyTraining.train(config, shape, Toy.corpus(16, 9, 7), folder.resolve(name), listener);
  }

  private static List<Long> steps(List<TrainLine> lines, TrainLine.Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind).map(TrainLine::step).toList();
  }

  private static PretrainConfig config(long steps, double validation, String... more) {
    String[] all = java.util.Arrays.copyOf(more, more.length + 3);
    all[more.length] = "steps=" + steps;
    all[more.length + 1] = "validation_fraction=" + validation;
    all[more.length + 2] = "report_every=" + (steps > 20 ? 25 : 5);
    return ToyTraining.config(all);
  }

  @Test
  void aCodebookOfEqualVectorsIsRefusedByName() {
    Corpus toy = Toy.corpus(16, 9, 7);
    Codebook equal =
        new Codebook(new float[9 * 6], 9, toy.contextual().features(), java.util.Map.of());
    equal.write(folder.resolve("equal.safetensors"));
    Corpus corpus =
        Corpus.of(
            new CorpusStream(
                toy.contextual().features(), Codebook.read(folder.resolve("equal.safetensors"))),
            toy.phonetic().orElseThrow(),
            toy.utterances());
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () ->
                ToyTraining.train(
                    config(5, 0),
                    ToyModel.dual(),
                    corpus,
                    folder.resolve("run"),
                    TrainListener.NONE));
    assertEquals(DuovoxException.Kind.BAD_DATA, refused.kind());
    assertTrue(refused.getMessage().contains("equal.safetensors"), refused.getMessage());
    assertTrue(refused.getMessage().contains("pretrain.mcr_weight"), refused.getMessage());
    ToyTraining.train(
        config(2, 0, "mcr_weight=0"),
        ToyModel.dual(),
        corpus,
        folder.resolve("run"),
        TrainListener.NONE);
  }
}
