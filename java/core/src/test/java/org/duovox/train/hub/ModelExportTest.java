package org.duovox.train.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.model.ModelFiles;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.train.ToyTraining;
import org.duovox.train.log.Lines;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class ModelExportTest {
  @TempDir Path folder;

  @Test
  void exportedModelIsTheSameModelWithACard() throws IOException {
    Path run = run("validation_fraction=0.25");
    Path hub = folder.resolve("hub");
    ModelExport.Result result = ModelExport.write(run, hub, "my \"model\" | x", "apache-2.0");
    assertTrue(result.parameters() > 1000);
    assertEquals(ModelFiles.card(run), ModelFiles.card(hub));
    try (UnitModel before = UnitModel.load(run, Device.CPU);
        UnitModel after = UnitModel.load(hub, Device.CPU)) {
      for (String tensor : before.tensors()) {
        assertArrayEquals(before.read(tensor), after.read(tensor), tensor);
      }
    }
    JsonNode config = Json.tree(hub.resolve("config.json"));
    assertEquals("duovox", config.path("model_type").asString());
    assertEquals("DuovoxModel", config.path("architectures").get(0).asString());
    assertEquals(ModelFiles.card(run).model().hidden(), config.path("hidden_size").asInt());
    String readme = Files.readString(hub.resolve("README.md"));
    JsonNode front = new YAMLMapper().readTree(readme.split("(?m)^---$")[1]);
    assertEquals("apache-2.0", front.path("license").asString());
    assertEquals("my \"model\" | x", front.path("model-index").get(0).path("name").asString());
    assertTrue(readme.contains("# my \"model\" \\| x\n"), "escaped outside of the front matter");
    assertTrue(readme.contains(ModelFiles.card(run).contextual().codebookSha256()));
    assertTrue(readme.contains("bigrams of both sides"), readme);
    assertFalse(readme.contains("license is not stated"));
  }

  @Test
  void frontMatterHasAFixedOrder() throws IOException {
    Path run = run("validation_fraction=0.25");
    TrainLine line = Lines.validation(3, 2.5);
    Files.writeString(run.resolve(RunFolder.METRICS), Json.line(line) + "\n");
    Path hub = folder.resolve("hub");
    ModelExport.write(run, hub, "toy", "apache-2.0");
    String front =
        """
        ---
        license: "apache-2.0"
        library_name: "duovox"
        pipeline_tag: "feature-extraction"
        tags:
        - "duovox"
        - "speech"
        - "unit-language-model"
        - "textless"
        metrics:
        - "accuracy"
        model-index:
        - name: "toy"
          results:
          - task:
              type: "feature-extraction"
              name: "Masked context prediction"
            dataset:
              type: "held-out"
              name: "Held-out utterances of the training corpus"
            metrics:
            - type: "accuracy"
              value: 0.25
        ---
        """;
    String readme = Files.readString(hub.resolve("README.md"));
    assertEquals(front, readme.substring(0, readme.indexOf("\n# ")));
  }

  @Test
  void modelWithoutARunIsExportedWithoutClaims() throws IOException {
    Path run = run("validation_fraction=0");
    Path bare = folder.resolve("bare");
    Files.createDirectories(bare);
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(run.resolve(file), bare.resolve(file));
    }
    ModelExport.write(bare, folder.resolve("hub"), "bare", "unknown");
    String readme = Files.readString(folder.resolve("hub/README.md"));
    assertTrue(readme.contains("How it was trained is not known."), readme);
    assertTrue(readme.contains("Nothing was held out"), readme);
    assertTrue(readme.contains("license is not stated"), readme);
    assertFalse(readme.contains("model-index"), readme);
  }

  @Test
  void runThatIsNotDoneIsRefused() throws IOException {
    Path run = run("validation_fraction=0");
    Files.delete(run.resolve("model.safetensors"));
    DuovoxException error =
        assertThrows(
            DuovoxException.class,
            () -> ModelExport.write(run, folder.resolve("hub"), "x", "unknown"));
    assertEquals(DuovoxException.Kind.MISSING_INPUT, error.kind());
    assertTrue(error.getMessage().contains("--resume"), error.getMessage());
    assertFalse(Files.exists(folder.resolve("hub")));
  }

  @Test
  void changedKeysOfAnExportAreRefusedAsElsewhere() throws IOException {
    Path run = run("validation_fraction=0");
    Path hub = folder.resolve("hub");
    ModelExport.write(run, hub, "x", "unknown");
    Path config = hub.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"labels\"", "\"lables\""));
    DuovoxException error = assertThrows(DuovoxException.class, () -> ModelFiles.card(hub));
    assertTrue(error.getMessage().contains("lables"), error.getMessage());
  }

  private Path run(String setting) {
    Path run = folder.resolve("run");
    ToyTraining.train(
        ToyTraining.config("steps=3", setting),
        ToyModel.dual(),
        Toy.corpus(16, 9, 7),
        run,
        TrainListener.NONE);
    return run;
  }
}
