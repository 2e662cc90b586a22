package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProofTest {
  private static final Case SIZE = new Case(true, 2, 96, 4, 32, 0);

  private static boolean equal(List<Double> ours, List<Double> theirs) {
    Proof.Agreement found = Proof.Agreement.of(SIZE, Side.DJL, ours, theirs, 1e-3);
    return new Proof(List.of(found), Set.of()).equal();
  }

  @Test
  void stepOneIsJudgedMoreStrictly() {
    List<Double> ours = List.of(8.0, 4.0);
    assertTrue(equal(ours, List.of(8.0, 4.0)));
    assertTrue(equal(ours, List.of(8.00007, 4.003)));
    assertFalse(equal(ours, List.of(8.00009, 4.0)));
    assertFalse(equal(ours, List.of(8.0, 4.005)));
  }

  @Test
  void whatIsNoNumberIsEqualToNothing() {
    assertFalse(equal(List.of(Double.NaN, 4.0), List.of(Double.NaN, 4.0)));
    assertEquals(Double.POSITIVE_INFINITY, Proof.difference(0, 0));
  }
}
