package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.model.batch.Window;
import org.duovox.units.Toy;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;

final class CropsTest {
  private static final Crops CROPS = new Crops(6, 5);

  @Test
  void cropsAreRunsOfSoManyTokensFromEveryPlace() {
    Window window = new Window(3, 10, 20);
    Set<Integer> starts = new HashSet<>();
    for (int epoch = 0; epoch < 200; epoch++) {
      Window crop = CROPS.draw(epoch, window);
      assertEquals(3, crop.utterance());
      assertEquals(6, crop.to() - crop.from());
      starts.add(crop.from());
      assertEquals(crop, new Crops(6, 5).draw(epoch, window));
    }
    assertEquals(Set.of(10, 11, 12, 13, 14), starts);
    assertEquals(8, CROPS.positions(window));
  }

  @Test
  void aCropIsAFunctionOfSeedEpochAndWindow() {
    List<Window> drawn = new ArrayList<>();
    List<Window> otherSeed = new ArrayList<>();
    List<Window> otherWindow = new ArrayList<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      drawn.add(CROPS.draw(epoch, new Window(0, 0, 50)));
      otherSeed.add(new Crops(6, 6).draw(epoch, new Window(0, 0, 50)));
      Window crop = CROPS.draw(epoch, new Window(0, 50, 100));
      otherWindow.add(new Window(0, crop.from() - 50, crop.to() - 50));
    }
    assertNotEquals(drawn, otherSeed);
    assertNotEquals(drawn, otherWindow);
  }

  @Test
  void shorterWindowsAreWhole() {
    Window window = new Window(1, 4, 10);
    assertSame(window, CROPS.draw(3, window));
    Window longer = new Window(1, 4, 400);
    assertSame(longer, Crops.NONE.draw(3, longer));
    assertEquals(398, Crops.NONE.positions(longer));
    assertEquals(8, CROPS.positions(window));
  }

  @Test
  void theLargestCropHasTheMostPhoneticUnits() {
    UnitUtterance utterance = Toy.utterance("u", new int[11], 20, Map.of());
    Window whole = new Window(0, 0, 11);
    Window largest = new Crops(5, 1).largest(whole, utterance);
    int most = 0;
    for (int from = 0; from + 5 <= 11; from++) {
      most = Math.max(most, new Window(0, from, from + 5).phoneticUnits(utterance));
    }
    assertEquals(most, largest.phoneticUnits(utterance));
    assertEquals(10, most); // 1 or 2 units each in turn: 2 1 2 1 2, CLS and SEP.
  }

  @Test
  void plansCropInEveryEpochAndKeepTheirBudgets() {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      windows.add(new Window(i, 0, 3 + i % 17));
    }
    BatchPlan plan = new BatchPlan(windows, 8, 40, 5, new Crops(6, 5));
    List<List<Window>> first = plan.epoch(0);
    assertEquals(first, new BatchPlan(windows, 8, 40, 5, new Crops(6, 5)).epoch(0));
    for (int epoch = 0; epoch < 3; epoch++) {
      assertEquals(plan.epoch(epoch).size(), plan.count(epoch));
      Set<Integer> utterances = new HashSet<>();
      for (List<Window> batch : plan.epoch(epoch)) {
        assertTrue(batch.stream().mapToInt(Window::positions).sum() <= 40);
        for (Window crop : batch) {
          assertEquals(Math.min(6, 3 + crop.utterance() % 17), crop.to() - crop.from());
          assertTrue(utterances.add(crop.utterance()));
        }
      }
      assertEquals(60, utterances.size());
    }
    assertEquals(windows.size(), plan.inOrder().stream().mapToInt(List::size).sum());
    assertTrue(plan.inOrder().stream().flatMap(List::stream).toList().containsAll(windows));
  }
}
