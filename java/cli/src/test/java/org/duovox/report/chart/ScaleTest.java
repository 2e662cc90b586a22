package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.duovox.report.Wording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Axes: scales, their ticks, and the numbers beside them.
class ScaleTest {
  @Test
  void mapsLinearly() {
    Scale scale = Scale.linear(0, 10, 100, 0);
    assertEquals(100, scale.at(0));
    assertEquals(50, scale.at(5));
    assertEquals(List.of(0.0, 5.0, 10.0), scale.ticks(2));
    assertEquals(0, scale.decimals(2));
  }

  @Test
  void roundsItsEndsOutwards() {
    Scale scale = Scale.round(0.833, 0.987, 0, 1, 5);
    assertEquals(0.8, scale.low(), 1e-12);
    assertEquals(1.0, scale.high(), 1e-12);
    assertEquals(2, scale.decimals(5));
  }

  @Test
  void aRoundEndThatIsPassedByLittleIsTheLastTick() {
    Scale scale = Scale.round(0.4, 1.01, 0, 1, 5);
    assertEquals(0.4, scale.low(), 1e-12);
    assertEquals(1.01, scale.high(), 1e-12);
    assertEquals(1.0, scale.ticks(5).getLast(), 1e-12);
    assertEquals(1.2, Scale.round(0.4, 1.1, 0, 1, 5).high(), 1e-12);
  }

  @Test
  void widensWhatHasNoExtent() {
    assertEquals(0.5, Scale.linear(3, 3, 0, 1).at(3));
    assertEquals(0.5, Scale.linear(0, 0, 0, 1).at(0));
    assertEquals(1, Scale.linear(Double.NaN, Double.NaN, 0, 1).high());
  }

  @Test
  void countsAreLogarithmic() {
    Scale scale = Scale.counts(1000, 0, 1);
    assertEquals(scale.at(100) - scale.at(10), scale.at(10) - scale.at(1), 1e-12);
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0), scale.ticks(4));
    assertEquals(0, scale.at(0));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1.5, 1.5", "-2.004, -2", "3.14159, 3.14", "-0.001, 0", "10, 10"})
  void coordinatesAreShort(double value, String text) {
    assertEquals(text, Markup.coordinate(value));
  }

  @Test
  void numbersReadWell() {
    assertEquals("\u22120.50", Wording.fixed(-0.5, 2));
    assertEquals("0.0", Wording.fixed(-0.01, 1));
    assertEquals("\u221E", Wording.fixed(Double.POSITIVE_INFINITY, 1));
    assertEquals("12\u202F345", Wording.grouped(12_345));
    assertEquals("97.3 %", Wording.pagePercent(0.973));
    assertEquals("30k", Axes.abbreviated(30_000));
    assertEquals("2.5M", Axes.abbreviated(2_500_000));
    assertEquals("9.5 s", Wording.pageDuration(9.5));
    assertEquals("2 min 5 s", Wording.pageDuration(125));
    assertEquals("1 h 1 min", Wording.pageDuration(3_690));
    assertEquals("\u2013 s", Wording.pageDuration(Double.NaN));
  }

  @Test
  void ticksStayShort() {
    assertEquals("5e-5", Axes.tick(5e-5, 5).replace('\u2212', '-'));
    assertEquals("0", Axes.tick(0, 5));
    assertEquals("30k", Axes.tick(30_000, 0));
    assertEquals("0.25", Axes.tick(0.25, 2));
  }
}
