package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.model.ToyModel;
import org.duovox.train.data.TrainPlan.HeldOut;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.ToyFeatures;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.FeatureType;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Targets that are no numbers, in training and in held-out utterances: what is said, and which
/// model is kept.
final class NotFiniteTest {
  private static final String[] SETTINGS = {
    "steps=24",
    "mcr_target=feature",
    "validation_fraction=0.25",
    "validation.every_steps=4",
    "validation.keep_best=true",
    "batch_size=2",
    "report_every=4"
  };

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  @Test
  void oneTrainingBatchIsSkippedAndNamed() {
    String id = ids(parts().training()).iterator().next();
    Training.Result result = train("run", utterance -> utterance.id().equals(id));
    assertTrue(result.finished());
    assertTrue(
        warnings.stream().anyMatch(text -> text.contains("skipped") && text.contains(id)),
        warnings + "");
    lines(Kind.TRAIN).forEach(line -> assertTrue(line.health().skipped() < 4, line + ""));
    lines(Kind.TRAIN).forEach(line -> assertTrue(Double.isFinite(line.loss()), line + ""));
    lines(Kind.VALIDATION).forEach(line -> assertTrue(Double.isFinite(line.loss()), line + ""));
  }

  @Test
  void oneHeldOutBatchMakesTheValidationNoNumberAndNoBestModel() throws Exception {
    String id = ids(parts().validation()).iterator().next();
    Training.Result result = train("run", utterance -> utterance.id().equals(id));
    assertNoValidation(result, "the loss of 1 held-out batches is no number");
  }

  @Test
  void heldOutUtterancesThatAreAllNoNumbersGiveNoBestModel() throws Exception {
    Set<String> held = ids(parts().validation());
    Training.Result result = train("run", utterance -> held.contains(utterance.id()));
    assertNoValidation(result, "the loss of 2 held-out batches is no number");
    assertTrue(lines(Kind.VALIDATION).stream().allMatch(line -> Double.isNaN(line.accuracy())));
  }

  @Test
  void trainingWithoutOneFiniteStepFailsAndPublishesNothing() {
    DuovoxException error =
        assertThrows(
            DuovoxException.class,
            () -> train("run", utterance -> true, "steps=6", "report_every=2"));
    assertEquals(76, error.kind().exitCode());
    assertTrue(error.getMessage().contains("none of its 6 steps was finite"), error.getMessage());
    assertFalse(Files.exists(folder.resolve("run/model.safetensors")));
    lines(Kind.TRAIN).forEach(line -> assertTrue(Double.isNaN(line.loss()), line + ""));
    TrainLine last = lines(Kind.TRAIN).getLast();
    assertTrue(last.text().contains("loss:NaN"), last.text());
  }

  @Test
  void manySkippedStepsEndTheTraining() throws Exception {
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> train("run", utterance -> true));
    assertEquals(DuovoxException.Kind.DIVERGED, error.kind());
    assertTrue(
        error.getMessage().contains("pretrain.guards.max_skipped is 10"), error.getMessage());
    String log = Files.readString(folder.resolve("run/console.log"));
    assertTrue(log.contains("ended: the training diverged"), log);
    assertEquals(3, warnings.stream().filter(text -> text.contains("skipped")).count(), log);
  }

  private void assertNoValidation(Training.Result result, String warning) throws Exception {
    assertTrue(result.finished());
    assertEquals(24, result.steps(), "patience is not lost on what is no number");
    lines(Kind.VALIDATION).forEach(line -> assertTrue(Double.isNaN(line.loss()), line + ""));
    assertEquals(
        1, warnings.stream().filter(text -> text.contains(warning)).count(), warnings + "");
    Path run = folder.resolve("run");
    assertEquals(24, Json.tree(run.resolve("result.json")).path("model_step").asInt());
    assertEquals(0, Json.tree(run.resolve("result.json")).path("best_step").asInt());
    assertTrue(
        warnings.stream().anyMatch(text -> text.contains("no validation had a loss")),
        warnings + "");
    train("last", utterance -> false, "validation.keep_best=false");
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("last/model.safetensors")),
        Files.readAllBytes(run.resolve("model.safetensors")),
        "what is held out changes no step");
  }

  private HeldOut parts() {
    PretrainConfig config = ToyTraining.config(SETTINGS);
    return HeldOut.split(Toy.corpus(16, 9, 7), config.validationFraction(), config.seed());
  }

  private static Set<String> ids(Corpus corpus) {
    return corpus.utterances().stream().map(UnitUtterance::id).collect(Collectors.toSet());
  }

  private List<TrainLine> lines(Kind kind) {
    return RunFolder.metrics(folder.resolve("run")).stream()
        .filter(line -> line.kind() == kind)
        .toList();
  }

  private Training.Result train(String name, Predicate<UnitUtterance> spoiled, String... more) {
    Corpus corpus =
        ToyFeatures.write(
            folder.resolve(name + "-corpus"),
            Toy.corpus(16, 9, 7),
            FeatureType.FLOAT32,
            0,
            spoiled);
    TrainListener listener =
        new TrainListener() {
          @Override
          public void warning(String text) {
            warnings.add(text);
          }
        };
    List<String> settings = new ArrayList<>(List.of(SETTINGS));
    settings.addAll(List.of(more));
    return ToyTraining.train(
        ToyTraining.config(settings.toArray(String[]::new)),
        ToyModel.dual(),
        corpus,
        folder.resolve(name),
        listener);
  }
}
