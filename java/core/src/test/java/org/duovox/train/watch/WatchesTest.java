package org.duovox.train.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.train.log.Lines;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.watch.Watches.CollapseWatch;
import org.junit.jupiter.api.Test;

final class WatchesTest {
  private static final Watches.Config CONFIG = new Watches.Config(3, 2, 0.01, 0.99, 0.05, 0.9);

  private final List<String> warnings = new ArrayList<>();
  private final Watches watches = new Watches(CONFIG, warnings::add);
  private long shown;

  @Test
  void plateauIsToldOncePerEpisode() {
    show(4.0, 3.0, 3.01, 2.99, 2.98);
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.getFirst().contains("not fallen by 1 % since step 20 (3.0000)"),
        warnings.getFirst());
    show(3.0, 3.0);
    assertEquals(1, warnings.size(), "not again");
    show(2.5, 2.5, 2.5, 2.5);
    assertEquals(2, warnings.size(), "a new episode");
  }

  @Test
  void warmUpIsNoPlateau() {
    for (int step = 1; step <= 30; step++) {
      watches.line(Lines.train(step, 5, step * 1e-6));
    }
    assertEquals(List.of(), warnings);
    for (int step = 31; step <= 36; step++) {
      watches.line(Lines.train(step, 5, 30e-6));
    }
    assertEquals(1, warnings.size());
  }

  @Test
  void validationHasItsOwnPatience() {
    double[] losses = {3, 2.5, 2.6, 2.7, 2.8};
    for (int i = 0; i < losses.length; i++) {
      watches.line(Lines.train(10 * i, 5 - i));
      watches.line(Lines.validation(10 * i, losses[i]));
    }
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("keep the model of step 10"), warnings.getFirst());
  }

  @Test
  void lossThatIsNoNumberIsNoImprovement() {
    show(3.0, Double.NaN, Double.NaN, Double.NaN);
    assertEquals(1, warnings.size());
  }

  @Test
  void constantPredictionsAreToldWhenTheyLast() {
    Health constant = new Health(1, 0, 0, 0, 0, 0.01, 0.999, 4, 0.05);
    Watches.Config patient = new Watches.Config(0, 0, 0.01, 0.99, 0.05, 0.9);
    Watches collapse = new Watches(patient, warnings::add);
    collapse.line(Lines.train(1, constant));
    collapse.line(Lines.train(2, constant));
    assertEquals(List.of(), warnings);
    collapse.line(Lines.train(3, constant));
    collapse.line(Lines.train(4, constant));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("ignores its input"), warnings.getFirst());
    collapse.line(Lines.train(5, Lines.healthy(0, 0)));
    for (int step = 6; step < 9; step++) {
      collapse.line(Lines.train(step, new Health(1, 0, 0, 0, 0, 0.01, 0.9, 4, 0.05)));
    }
    assertEquals(2, warnings.size(), "low entropy alone counts too");
  }

  @Test
  void unitsThatTellNothingApartAreTold() {
    Health units = new Health(1, 0, 0, 0, 0, 0.1, 0.97, 0.2, 0.95);
    watches.line(Lines.train(1, units));
    watches.line(Lines.train(2, units));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("95.0 % of the true codes"), warnings.getFirst());
  }

  @Test
  void nothingMeasuredIsNoCollapse() {
    for (int step = 1; step < 6; step++) {
      watches.line(Lines.train(step, 5.0 - step / 2.0));
      new CollapseWatch(CONFIG).see(Lines.train(step, Health.NONE));
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void spikesAreToldOncePerEpisodeWithTheirStep() {
    Watches watches = new Watches(new Watches.Config(0, 0, 0.01, 0.99, 0.05, 0.9), warnings::add);
    watches.line(Lines.train(50, Lines.healthy(0, 0)));
    watches.line(Lines.train(100, new Health(1, 2, 61, 1, 77, 3, 0.1, 4, 0.05)));
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("the first 77"), warnings.getFirst());
    watches.line(Lines.train(150, new Health(1, 1, 111, 1, 112, 3, 0.1, 4, 0.05)));
    assertEquals(1, warnings.size(), "the same episode; skipped steps are told elsewhere");
    watches.line(Lines.train(200, Lines.healthy(0, 0)));
    watches.line(Lines.train(250, Lines.healthy(0, 3)));
    assertEquals(2, warnings.size());
  }

  @Test
  void trainingThatGoesOnWarnsAsIfItHadNotStopped() {
    List<TrainLine> lines = new ArrayList<>();
    double[] losses = {4, 3, 3, 3, 3, 3, 2, 2, 2, 2};
    for (int i = 0; i < losses.length; i++) {
      lines.add(Lines.train(10 * i, losses[i]));
    }
    lines.forEach(watches::line);
    for (int cut = 0; cut <= lines.size(); cut++) {
      List<String> later = new ArrayList<>();
      List<String> before = new ArrayList<>();
      Watches first = new Watches(CONFIG, before::add);
      lines.subList(0, cut).forEach(first::line);
      Watches second = new Watches(CONFIG, later::add);
      second.replay(lines.subList(0, cut));
      lines.subList(cut, lines.size()).forEach(second::line);
      before.addAll(later);
      assertEquals(warnings, before, "cut at " + cut);
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> new Watches.Config(3, 2, 1, 0.99, 0.05, 0.9));
    assertEquals(DuovoxException.Kind.BAD_CONFIG, error.kind());
  }

  private void show(double... losses) {
    for (double loss : losses) {
      shown += 10;
      watches.line(Lines.train(shown, loss));
    }
  }
}
