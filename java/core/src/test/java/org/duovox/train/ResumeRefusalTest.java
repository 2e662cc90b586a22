package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.train.log.TrainListener;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;

/// What a run that is resumed does not go on from, and what it says about it.
final class ResumeRefusalTest extends ResumeFixture {
  @Test
  void damagedNewestCheckpointFallsBackToTheOneBefore() throws IOException {
    PretrainConfig config = config("checkpoints.every_steps=4");
    run("whole", config, 0, false);
    for (String file :
        List.of("model.safetensors", "trainer.safetensors", "state.json", "MANIFEST.json")) {
      String name = "damaged-" + file;
      run(name, config, 13, false);
      Path damaged = folder.resolve(name).resolve("checkpoints/step-00000013").resolve(file);
      byte[] content = Files.readAllBytes(damaged);
      content[content.length / 2] ^= 4;
      Files.write(damaged, content);
      List<String> warnings = new ArrayList<>();
      run(name, config, 0, true, warningsTo(warnings));
      assertEquals(1, warnings.size(), warnings + "");
      assertTrue(warnings.getFirst().contains("step-00000013 is damaged"), warnings + "");
      assertTrue(warnings.getFirst().contains(file), warnings + "");
      assertSame("whole", name);
    }
  }

  @Test
  void noWholeCheckpointIsAnError() throws IOException {
    run("run", config(), 5, false);
    Files.delete(folder.resolve("run/checkpoints/step-00000005/state.json"));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertEquals(Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains("no checkpoint"), error.getMessage());
  }

  @Test
  void aModelThatDivergedTakesNoGoodCheckpointsPlace() throws IOException {
    // Too small for a float: the first parameter that has no gradient becomes 0 / 0.
    PretrainConfig config = config("epsilon=1e-300", "checkpoints.every_steps=1");
    DuovoxException error = assertThrows(DuovoxException.class, () -> run("run", config, 0, false));
    assertEquals(Kind.DIVERGED, error.kind());
    assertTrue(error.getMessage().contains("values that are not finite"), error.getMessage());
    assertEquals(List.of(), checkpoints("run"));
  }

  @Test
  void otherSettingsAnotherModelAndAnotherCorpusAreRefusedByName() {
    run("run", config(), 5, false);
    DuovoxException settings =
        assertThrows(
            DuovoxException.class, () -> run("run", config("learning_rate=1e-4"), 0, true));
    assertEquals(Kind.BAD_CONFIG, settings.kind());
    assertTrue(
        settings.getMessage().contains("pretrain.learning_rate is 1.0E-4 here, 0.003 there"),
        settings.getMessage());
    DuovoxException model =
        assertThrows(
            DuovoxException.class,
            () -> train("run", config(), model("layers=2"), corpus(), 0, true, TrainListener.NONE));
    assertTrue(model.getMessage().contains("model.layers is 2 here, 1 there"), model.getMessage());
    DuovoxException corpus =
        assertThrows(
            DuovoxException.class,
            () ->
                train("run", config(), model(), Toy.corpus(20, 9, 7), 0, true, TrainListener.NONE));
    assertEquals(Kind.BAD_DATA, corpus.kind());
    assertTrue(corpus.getMessage().contains("another corpus"), corpus.getMessage());
    // What changes no result may change.
    run("run", config("checkpoints.keep=5", "slots=2", "guards.max_skipped=3"), 0, true);
  }

  @Test
  void checkpointOfAnotherRunIsRefused() throws IOException {
    run("run", config(), 5, false);
    run("other", config("seed=1"), 6, false);
    Files.move(
        folder.resolve("other/checkpoints/step-00000006"),
        folder.resolve("run/checkpoints/step-00000006"));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(error.getMessage().contains("it is of another run"), error.getMessage());
    train("wide", config(), model("hidden=16"), corpus(), 7, false, TrainListener.NONE);
    Files.move(
        folder.resolve("wide/checkpoints/step-00000007"),
        folder.resolve("run/checkpoints/step-00000007"));
    error = assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(error.getMessage().contains("is of another model"), error.getMessage());
    assertTrue(error.getMessage().contains("hidden is 32 here, 16 there"), error.getMessage());
  }

  @Test
  void aFinishedRunThatWasDamagedIsNotCalledFinished() throws IOException {
    run("run", config(), 0, false);
    Path metrics = folder.resolve("run/metrics.jsonl");
    byte[] reports = Files.readAllBytes(metrics);
    for (boolean there : new boolean[] {true, false}) {
      Files.write(metrics, new byte[0]);
      if (!there) {
        Files.delete(metrics);
      }
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
      assertEquals(Kind.BAD_DATA, error.kind());
      assertTrue(error.getMessage().contains("metrics.jsonl: has no report"), error.getMessage());
    }
    Files.write(metrics, reports);
    assertTrue(run("run", config(), 0, true).finished());
    Path card = folder.resolve("run/config.json");
    String whole = Files.readString(card);
    Files.delete(card);
    DuovoxException none = assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(none.getMessage().contains("has no config.json"), none.getMessage());
    Files.writeString(card, whole);
    Path model = folder.resolve("run/model.safetensors");
    Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 1000));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertEquals(Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains("model.safetensors"), error.getMessage());
  }

  @Test
  void aRunOfAnotherTaskIsCalledOne() throws IOException {
    run("run", config(), 5, false);
    Path settings = folder.resolve("run/train.json");
    Files.writeString(
        settings,
        Files.readString(settings).replace("\"pretrain\",", "\"slu\", \"field\": \"intent\","));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertEquals(Kind.BAD_CONFIG, error.kind());
    assertTrue(
        error.getMessage().contains("another task: pretrain here, slu there"), error.getMessage());
  }

  @Test
  void aRunWithoutItsSettingsIsCalledOne() throws IOException {
    run("run", config(), 5, false);
    Files.delete(folder.resolve("run/train.json"));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> run("run", config(), 0, true));
    assertTrue(
        error.getMessage().contains("holds a run without its train.json"), error.getMessage());
  }

  @Test
  void anotherNumberOfThreadsIsTold() {
    run("run", config(), 5, false);
    List<String> warnings = new ArrayList<>();
    run("run", config("threads=2"), 0, true, warningsTo(warnings));
    assertTrue(warnings.getFirst().contains("threads of libtorch (1, here 2)"), warnings + "");
  }
}
