package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelFiles;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.match.Match;
import org.duovox.model.match.MatchReport;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the heads read with `head_layout: auto`: one objective alone reads both channels, two have
/// a channel each.
final class HeadLayoutTest {
  private static final Corpus CORPUS = Toy.corpus(16, 9, 7);

  @TempDir Path folder;

  private static ModelConfig shape(HeadLayout layout) {
    return ToyModel.dual().with(draft -> draft.headLayout = layout);
  }

  private Path train(String name, HeadLayout layout, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "steps=3";
    all[settings.length + 1] = "weight_decay=0";
    ToyTraining.train(
        ToyTraining.config(all), shape(layout), CORPUS, folder.resolve(name), TrainListener.NONE);
    return folder.resolve(name);
  }

  private static String written(Path run) {
    return Json.tree(run.resolve(ModelFiles.CONFIG)).path("model").path("head_layout").asString();
  }

  /// Without weight decay, a tensor changes only by its gradient.
  @ParameterizedTest
  @CsvSource({"mcr_weight=0, heads.mcr.", "mcp_weight=0, heads.mcp."})
  void oneObjectiveAloneTrainsBothChannels(String alone, String otherHead) {
    Path run = train("run", HeadLayout.AUTO, alone);
    assertEquals("concatenated", written(run));
    ModelConfig chosen = shape(HeadLayout.CONCATENATED);
    try (UnitModel before = UnitModel.create(chosen, CORPUS, List.of(), Device.CPU);
        UnitModel after = UnitModel.load(run, Device.CPU)) {
      for (String tensor : after.tensors()) {
        boolean still = Arrays.equals(before.read(tensor), after.read(tensor));
        boolean left = tensor.startsWith(otherHead) || tensor.endsWith(".codebook");
        assertEquals(left, still, tensor);
      }
    }
  }

  @Test
  void twoObjectivesHaveAChannelEach() throws IOException {
    Path automatic = train("automatic", HeadLayout.AUTO);
    Path split = train("split", HeadLayout.SPLIT);
    assertEquals("split", written(automatic));
    for (String file : List.of(ModelFiles.CONFIG, ModelFiles.TENSORS, RunFolder.SETTINGS)) {
      assertArrayEquals(
          Files.readAllBytes(split.resolve(file)),
          Files.readAllBytes(automatic.resolve(file)),
          file);
    }
  }

  @Test
  void whatIsAskedForIsKept() {
    assertEquals("split", written(train("a", HeadLayout.SPLIT, "mcr_weight=0")));
    assertEquals("concatenated", written(train("b", HeadLayout.CONCATENATED)));
  }

  @Test
  void aRunThatCanBeResumedDecidesTheSame() {
    Path run = folder.resolve("run");
    for (boolean resume : new boolean[] {false, true}) {
      try (RunFolder open = RunFolder.open(run, resume)) {
        new Pretrainer(
                ToyTraining.config("steps=3", "mcp_weight=0"), TrainHost.cpu(TrainListener.NONE))
            .run(shape(HeadLayout.AUTO), CORPUS, open);
      }
      assertEquals("concatenated", written(run));
    }
  }

  /// The dual-channel model that a baseline is measured against has the heads it would train with.
  @Test
  void matchedBaselinesKnowTheObjectivesToo() {
    String match = "match=" + Match.PARAMETERS.name().toLowerCase(java.util.Locale.ROOT);
    ModelConfig joint = shape(HeadLayout.AUTO).joint().with(draft -> draft.maxPositions = 64);
    long[] reference = new long[2];
    for (int objectives = 1; objectives <= 2; objectives++) {
      Path run = folder.resolve("run" + objectives);
      String weight = objectives == 1 ? "mcr_weight=0" : "mcr_weight=1";
      ToyTraining.train(
          ToyTraining.config("steps=1", match, weight), joint, CORPUS, run, TrainListener.NONE);
      reference[objectives - 1] = MatchReport.read(run).orElseThrow().reference().parameters();
    }
    assertFalse(reference[0] <= reference[1], "heads on both channels have more weights");
  }
}
