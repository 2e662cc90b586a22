package org.duovox.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.log.TrainListener;
import org.duovox.train.watch.SkippedSteps;
import org.junit.jupiter.api.Test;

final class BestModelTest {
  @Test
  void endsAfterSoManyValidationsWithoutALowerLoss() {
    BestModel.Patience patience = new BestModel.Patience(2, BestModel.Memory.NOTHING);
    assertTrue(patience.isBest(validation(10, 3)));
    assertFalse(patience.isBest(validation(20, 3)));
    assertFalse(patience.isExhausted());
    assertTrue(patience.isBest(validation(30, 2)));
    assertFalse(patience.isBest(validation(40, Double.NaN)));
    // Goes on where another process stopped.
    BestModel.Patience resumed = new BestModel.Patience(2, patience.memory());
    assertFalse(resumed.isBest(validation(50, 2.5)));
    assertTrue(resumed.isExhausted());
    assertEquals(new BestModel.Memory(30, 2, 2), resumed.memory());
  }

  @Test
  void aLossThatIsNoNumberIsReadBackAsSuch() {
    String text = Json.line(validation(10, Double.NaN));
    assertTrue(text.contains("\"loss\":null"), text);
    assertEquals(validation(10, Double.NaN), Json.parse(text, TrainLine.class, "line"));
    assertThrows(
        DuovoxException.class,
        () -> Json.parse(text.replace("\"loss\":null,", ""), TrainLine.class, "line"));
    TrainLine line = validation(10, 0.5);
    assertEquals(line, Json.parse(Json.line(line), TrainLine.class, "line"));
  }

  @Test
  void noLimitNeverEnds() {
    BestModel.Patience patience = new BestModel.Patience(0, BestModel.Memory.NOTHING);
    for (int i = 0; i < 100; i++) {
      patience.isBest(validation(i, i));
    }
    assertFalse(patience.isExhausted());
  }

  @Test
  void skippedStepsAreNamedAndStopTheTraining() {
    List<String> warnings = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void warning(String text) {
            warnings.add(text);
          }
        };
    SkippedSteps guard =
        new SkippedSteps("pretrain", 5, step -> List.of("u" + step, "v"), listener, 0);
    guard.line(training(10, 2, 7));
    assertEquals(2, guard.inRow());
    assertTrue(warnings.getFirst().contains("first step 7, of utterances u7, v"), warnings + "");
    guard.line(training(20, 0, 0));
    assertEquals(0, guard.inRow());
    guard.line(training(30, 4, 21));
    SkippedSteps resumed =
        new SkippedSteps("pretrain", 5, step -> List.of("u" + step), listener, guard.inRow());
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> resumed.line(training(40, 1, 33)));
    assertEquals(DuovoxException.Kind.DIVERGED, error.kind());
    assertTrue(error.getMessage().contains("5 steps"), error.getMessage());
    assertTrue(error.getMessage().contains("first step 33, of utterances u33"), error.getMessage());
  }

  private static TrainLine validation(long step, double loss) {
    return new TrainLine(Kind.VALIDATION, step, 0, loss, 0, 0, 0, 0, 0, 1, 1, Health.NONE);
  }

  private static TrainLine training(long step, long skipped, long first) {
    Health health = new Health(1, skipped, first, 0, 0, 0, 0, 0, 0);
    return new TrainLine(Kind.TRAIN, step, 0, 1, 0, 0, 0, 0, 0, 1, 1, health);
  }
}
