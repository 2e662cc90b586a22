package org.duovox.model.match;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Interaction;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCostTest {
  private static final Corpus CORPUS = Toy.corpus(12, 9, 7);

  @TempDir Path folder;

  /// Every option that changes the parameters or the operations of a model.
  private static List<ModelConfig> variants() {
    List<ModelConfig> all = new ArrayList<>();
    for (String preset : List.of("paper-tiny", "charbert-tiny")) {
      ModelConfig base = ModelConfig.preset(preset).forObjectives(2).fitTo(CORPUS);
      all.add(base);
      all.add(base.with(draft -> draft.interaction = Interaction.NONE));
      all.add(base.with(draft -> draft.interaction = Interaction.SHARED));
      all.add(base.with(draft -> draft.headWidth = 40));
      all.add(base.with(draft -> draft.headSpecials = true));
      all.add(base.with(draft -> draft.typeEmbeddings = 1));
      all.add(base.with(draft -> draft.phoneticPooling = ModelConfig.PhoneticPooling.MEAN));
      all.add(
          base.with(draft -> {
            draft.phoneticPooling = ModelConfig.PhoneticPooling.MAX;
            draft.phoneticEmbedding = 20;
          }));
      all.add(base.with(draft -> draft.classes = 3));
      ModelConfig codebook = ModelConfig.preset(preset).forObjectives(2);
      all.add(
          codebook
              .with(draft -> draft.unitEmbedding = ModelConfig.UnitEmbedding.CODEBOOK)
              .fitTo(CORPUS));
      all.add(codebook.joint().fitTo(CORPUS));
      all.add(
          codebook
              .with(draft -> draft.unitEmbedding = ModelConfig.UnitEmbedding.CODEBOOK)
              .joint()
              .fitTo(CORPUS));
      all.add(codebook.singleOn(UnitStream.CONTEXTUAL).fitTo(CORPUS));
      all.add(codebook.singleOn(UnitStream.PHONETIC).fitTo(CORPUS));
    }
    return all;
  }

  @Test
  void whatIsCountedIsWhatIsThere() {
    CostSample sample = new CostSample(CORPUS);
    for (ModelConfig config : variants()) {
      MatchReport.Figures real = sample.measured(config);
      assertEquals(
          real.parameters(), sample.counted(config, Match.PARAMETERS), 0, config.toString());
      assertEquals(
          1,
          sample.counted(config, Match.FLOPS) / real.flopsPerUtterance(),
          1e-9,
          config.toString());
    }
  }

  @Test
  void baselinesComeWithinAPercent() {
    for (ModelConfig baseline :
        List.of(
            ModelConfig.preset("tiny").forObjectives(2).joint(),
            ModelConfig.preset("tiny").forObjectives(1).singleOn(UnitStream.CONTEXTUAL),
            ModelConfig.preset("charbert-tiny").singleOn(UnitStream.PHONETIC))) {
      for (Match by : List.of(Match.PARAMETERS, Match.FLOPS)) {
        ModelMatch match = ModelMatch.of(baseline, by, CORPUS);
        MatchReport report = match.report();
        assertTrue(Math.abs(report.differencePercent()) < 1, report.text());
        assertEquals(ModelConfig.Kind.DUAL, report.reference().kind());
        assertEquals(baseline.kind(), match.config().kind());
        assertEquals(baseline.layers(), match.config().layers());
        assertEquals(match.config().hidden(), report.result().hidden());
        assertEquals(96, report.unmatched().hidden());
        assertEquals(0, match.config().hidden() % match.config().heads());
        assertEquals(12, report.utterances());
      }
    }
  }

  @Test
  void theReportIsAFile() {
    MatchReport report =
        ModelMatch.of(ModelConfig.preset("tiny").forObjectives(2).joint(), Match.FLOPS, CORPUS)
            .report();
    assertTrue(MatchReport.read(folder).isEmpty());
    report.write(folder);
    assertEquals(report, MatchReport.read(folder).orElseThrow());
    assertTrue(report.text().contains("matched by flops: joint 2 x "), report.text());
  }

  @Test
  void theDualModelIsMatchedToNothing() {
    assertFails(
        Kind.BAD_CONFIG,
        () -> ModelMatch.of(ModelConfig.preset("tiny"), Match.FLOPS, CORPUS),
        "single or joint");
  }
}
