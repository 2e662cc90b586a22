package org.duovox.model.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.model.ToyModel;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;

final class WindowTest {
  @Test
  void aShortUtteranceIsOneWindow() {
    UnitUtterance utterance = utterance(1, 2, 3);
    // 3 tokens + 6 units + CLS, SEP and their two units.
    assertEquals(List.of(new Window(4, 0, 3)), cut(utterance, 13));
  }

  @Test
  void tokensAndUnitsShareThePositions() {
    // Costs 2, 3, 4 in 12 - 4 = 8 positions: 9 do not fit.
    assertEquals(List.of(new Window(4, 0, 2), new Window(4, 2, 3)), cut(utterance(1, 2, 3), 12));
  }

  @Test
  void theLongestWindowIsAsShortAsCanBe() {
    // Six tokens of cost 2 in 10 positions: 5 + 1 fits, 3 + 3 is even.
    assertEquals(
        List.of(new Window(4, 0, 3), new Window(4, 3, 6)), cut(utterance(1, 1, 1, 1, 1, 1), 14));
  }

  @Test
  void fewestOfAllCutsOnRandomUtterances() {
    SplitMix draws = SplitMix.of(3);
    for (int trial = 0; trial < 200; trial++) {
      int[] units = new int[1 + draws.nextInt(30)];
      for (int t = 0; t < units.length; t++) {
        units[t] = 1 + draws.nextInt(6);
      }
      UnitUtterance utterance = utterance(units);
      int positions = 11 + draws.nextInt(20);
      List<Window> windows = cut(utterance, positions);
      int next = 0;
      int longest = 0;
      for (Window window : windows) {
        assertEquals(next, window.from());
        longest = Math.max(longest, window.positions() + window.phoneticUnits(utterance));
        next = window.to();
      }
      assertEquals(units.length, next);
      assertTrue(longest <= positions);
      int[] best = best(units, positions - 4);
      assertEquals(best[0], windows.size());
      assertEquals(best[1], longest - 4);
    }
  }

  @Test
  void aTokenOfTooManyUnitsIsRefusedByName() {
    DuovoxException error = assertThrows(DuovoxException.class, () -> cut(utterance(1, 20), 16));
    assertTrue(
        error.getMessage().contains("long: token 1 has 20 phonetic units"), error.getMessage());
    assertTrue(error.getMessage().contains("25 positions"), error.getMessage());
    assertEquals(DuovoxException.Kind.BAD_DATA, error.kind());
  }

  @Test
  void longUtterancesAreCutIntoEvenWindows() {
    assertEquals(List.of(new Window(0, 0, 8)), Window.evenly(0, 8, 10));
    assertEquals(
        List.of(new Window(0, 0, 5), new Window(0, 5, 11), new Window(0, 11, 17)),
        Window.evenly(0, 17, 10));
  }

  @Test
  void otherKindsCountTokens() {
    Corpus corpus = Toy.corpus(6, 9, 7);
    ModelConfig config = ToyModel.dual().fitTo(corpus);
    List<Window> byTokens = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      byTokens.addAll(Window.evenly(i, corpus.utterance(i).tokens(), 16));
    }
    assertEquals(byTokens, Window.cut(corpus, config));
    ModelConfig joint = config.with(draft -> draft.kind = ModelConfig.Kind.JOINT);
    assertTrue(Window.cut(corpus, joint).size() > corpus.size());
  }

  /// Fewest windows and the least longest one, over all cuts, by dynamic programming.
  private static int[] best(int[] units, int room) {
    int[][] best = new int[units.length + 1][];
    best[0] = new int[] {0, 0};
    for (int to = 1; to <= units.length; to++) {
      best[to] = new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE};
      int cost = 0;
      for (int from = to - 1; from >= 0; from--) {
        cost += 1 + units[from];
        int windows = best[from][0] + 1;
        int longest = Math.max(best[from][1], cost);
        boolean better = windows < best[to][0] || (windows == best[to][0] && longest < best[to][1]);
        if (cost <= room && best[from][0] < Integer.MAX_VALUE && better) {
          best[to] = new int[] {windows, longest};
        }
      }
    }
    return best[units.length];
  }

  private static List<Window> cut(UnitUtterance utterance, int maxPositions) {
    return new Window.JointCut(4, utterance, maxPositions).windows();
  }

  /// An utterance whose tokens have so many phonetic units.
  private static UnitUtterance utterance(int... units) {
    int[] start = new int[units.length];
    int[] end = new int[units.length];
    int[] ones = new int[units.length];
    int next = 0;
    for (int t = 0; t < units.length; t++) {
      start[t] = next;
      next += units[t];
      end[t] = next - 1;
      ones[t] = 1;
    }
    return new UnitUtterance(
        "long", new int[units.length], ones, new int[next], start, end, 16_000, Map.of());
  }
}
