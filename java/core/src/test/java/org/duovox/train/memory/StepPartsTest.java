package org.duovox.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeOutOfMemoryException;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeTrainer;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.junit.jupiter.api.Test;

final class StepPartsTest {
  private final List<String> warnings = new ArrayList<>();

  /// A step that fails as long as a part has more positions than it can hold.
  private static final class Fake implements StepParts.Stepper {
    private final long room;
    private final List<List<String>> tried = new ArrayList<>();
    private Shape last;

    Fake(long room) {
      this.room = room;
    }

    @Override
    public void step(NativeTrainer trainer, NativeRing ring, List<Shape> parts) {
      List<String> names = new ArrayList<>();
      tried.add(names);
      for (Shape part : parts) {
        names.add("%d:%d+%d".formatted(part.slot(), part.firstRow(), part.rows()));
        last = part;
      }
      for (Shape part : parts) {
        if ((long) part.rows() * part.tokens() > room) {
          throw new NativeOutOfMemoryException("cannot allocate");
        }
      }
    }
  }

  @Test
  void stepThatFitsIsPassedOnAsItIs() {
    Fake fake = new Fake(1000);
    Shape batch = new Shape(2, 16, 20, 40);
    parts(fake, StepParts.Limit.NONE).step(null, null, List.of(batch));
    assertSame(batch, fake.last);
    assertEquals(List.of(), warnings);
  }

  @Test
  void outOfMemoryHalvesThePartsUntilTheyFitAndIsRemembered() {
    Fake fake = new Fake(100);
    StepParts parts = parts(fake, StepParts.Limit.NONE);
    List<Shape> batch = List.of(new Shape(0, 16, 20, 0));
    parts.step(null, null, batch);
    assertEquals(
        List.of(
            List.of("0:0+16"),
            List.of("0:0+8", "0:8+8"),
            List.of("0:0+4", "0:4+4", "0:8+4", "0:12+4")),
        fake.tried);
    assertEquals(2, warnings.size());
    assertTrue(warnings.getFirst().contains("the same tokens per step"), warnings.getFirst());
    parts.step(null, null, batch);
    assertEquals(4, fake.tried.size(), "the next batch of that size is cut at once");
    assertEquals(4, fake.tried.getLast().size());
    assertEquals(2, warnings.size(), "told once");
    parts.step(null, null, List.of(new Shape(0, 16, 5, 0)));
    assertEquals(List.of("0:0+16"), fake.tried.getLast(), "a smaller batch is not cut");
    assertEquals(80, parts.limit());
  }

  @Test
  void limitFromTheStartCutsRowsEvenlyAndKeepsTheirOrder() {
    Fake fake = new Fake(1000);
    StepParts parts = parts(fake, 70);
    parts.step(null, null, List.of(new Shape(1, 10, 10, 0), new Shape(0, 3, 10, 0)));
    assertEquals(List.of(List.of("1:0+5", "1:5+5", "0:0+3")), fake.tried);
    parts.step(null, null, List.of(new Shape(1, 7, 100, 0)));
    assertEquals(7, fake.tried.getLast().size(), "a row that costs more is a part alone");
  }

  @Test
  void unitsCountToo() {
    Fake fake = new Fake(1000);
    ActivationCost cost = new ActivationCost(1, 2);
    StepParts parts = new StepParts(fake, cost, 100, lower -> {}, warnings::add);
    parts.step(null, null, List.of(new Shape(0, 4, 10, 20)));
    assertEquals(2, fake.tried.getLast().size());
  }

  @Test
  void oneRowThatDoesNotFitEndsTheTraining() {
    StepParts parts = parts(new Fake(10), StepParts.Limit.NONE);
    DuovoxException error =
        assertThrows(
            DuovoxException.class, () -> parts.step(null, null, List.of(new Shape(0, 4, 20, 0))));
    assertEquals(Kind.RETRY, error.kind());
    assertTrue(error.getMessage().contains("4 parts of one utterance"), error.getMessage());
    assertTrue(error.getMessage().contains("max_positions"), error.getMessage());
  }

  @Test
  void otherFailuresPass() {
    StepParts.Stepper broken =
        (trainer, ring, batches) -> {
          throw new DuovoxException(Kind.RETRY, "interrupted");
        };
    StepParts parts = parts(broken, StepParts.Limit.NONE);
    DuovoxException error =
        assertThrows(
            DuovoxException.class, () -> parts.step(null, null, List.of(new Shape(0, 4, 20, 0))));
    assertEquals("interrupted", error.getMessage());
  }

  private StepParts parts(StepParts.Stepper steps, long limit) {
    return new StepParts(steps, new ActivationCost(1, 0), limit, lower -> {}, warnings::add);
  }
}
