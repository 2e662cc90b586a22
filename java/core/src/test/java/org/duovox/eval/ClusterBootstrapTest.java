package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.eval.ClusterBootstrap.Resample;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {
  /// Ten speakers of ten utterances, of whom every second one is always right.
  private static final double[] VALUES =
      IntStream.range(0, 100).mapToDouble(i -> (i / 10) % 2).toArray();

  private static final List<String> SPEAKERS =
      IntStream.range(0, 100).mapToObj(i -> "s" + i / 10).toList();

  private static double width(Estimate e) {
    return e.high() - e.low();
  }

  @Test
  void anIntervalOverSpeakersIsThatOfTenValuesNotOfAHundred() {
    Estimate items = Bootstrap.seeded(1).mean(VALUES);
    Estimate groups = ClusterBootstrap.seeded(1).mean(SPEAKERS, Resample.GROUPS, VALUES);
    double[] means = IntStream.range(0, 10).mapToDouble(i -> i % 2).toArray();
    Estimate ten = Bootstrap.seeded(1).mean(means);
    assertEquals(0.5, groups.value());
    assertEquals(10, groups.n());
    assertEquals(ten.low(), groups.low(), 1e-12);
    assertEquals(ten.high(), groups.high(), 1e-12);
    assertTrue(width(groups) > 2 * width(items), groups + " " + items);
  }

  @Test
  void utterancesOfASpeakerAreDrawnToo() {
    // All speakers are alike, so that only their utterances differ.
    double[] alike = IntStream.range(0, 100).mapToDouble(i -> i % 2).toArray();
    ClusterBootstrap bootstrap = ClusterBootstrap.seeded(2);
    assertEquals(0, width(bootstrap.mean(SPEAKERS, Resample.GROUPS, alike)));
    Estimate both = bootstrap.mean(SPEAKERS, Resample.GROUPS_AND_ITEMS, alike);
    assertTrue(width(both) > 0.1 && width(both) < 0.3, both.toString());
  }

  @Test
  void groupsOfUnequalSizeKeepTheirItems() {
    List<String> groups = List.of("b", "a", "b", "b");
    Estimate sum =
        new ClusterBootstrap(200, 3)
            .of(groups, Resample.GROUPS, indices -> Arrays.stream(indices).distinct().count());
    assertEquals(4, sum.value());
    assertEquals(1, sum.low(), "only the group of one");
    assertEquals(4, sum.high());
  }

  @Test
  void oneGroupHasNoInterval() {
    Estimate one =
        ClusterBootstrap.seeded(1).mean(List.of("a", "a"), Resample.GROUPS, new double[] {0, 1});
    assertEquals(0.5, one.value());
    assertTrue(Double.isNaN(one.low()) && Double.isNaN(one.high()));
  }
}
