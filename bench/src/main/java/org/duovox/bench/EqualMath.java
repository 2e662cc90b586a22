package org.duovox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The proof that Duovox and DJL compute the same: equal parameters, one batch, no dropout.
///
/// The losses of step 1 agree to 1e-5 relative, those of step 20 to 1e-4. Exit code 0: they do; 1:
/// they do not; 69: a contender cannot be had.
public final class EqualMath {
  private static final int STEPS = 20;
  private static final double FIRST = 1e-5;
  private static final double LAST = 1e-4;

  private EqualMath() {}

  public static void main(String[] args) throws IOException {
    List<Case> cases =
        List.of(Case.of("single", "2x96", "4x32", 0), Case.of("dual", "2x96", "4x32", 0));
    int code = 0;
    for (Case size : cases) {
      code = Math.max(code, check(size));
    }
    System.exit(code);
  }

  private static int check(Case size) throws IOException {
    Path weights = Files.createTempFile("duovox-bench", ".safetensors");
    Files.delete(weights); // a writer of safetensors replaces nothing
    try {
      List<Double> ours = ChildJvm.losses("duovox", size, STEPS, weights);
      List<Double> theirs = ChildJvm.losses("djl", size, STEPS, weights);
      return report(size, ours, theirs) ? 0 : 1;
    } catch (IllegalStateException e) {
      System.err.println("duovox-bench: " + e.getMessage());
      return 69;
    } finally {
      Files.deleteIfExists(weights);
    }
  }

  private static boolean report(Case size, List<Double> ours, List<Double> theirs) {
    System.out.println(size);
    System.out.println("step  Duovox       DJL          relative difference");
    for (int step : new int[] {1, 2, 3, 10, STEPS}) {
      double a = ours.get(step - 1);
      double b = theirs.get(step - 1);
      System.out.printf("%4d  %.8f  %.8f  %.1e%n", step, a, b, difference(a, b));
    }
    boolean equal =
        difference(ours.getFirst(), theirs.getFirst()) <= FIRST
            && difference(ours.getLast(), theirs.getLast()) <= LAST;
    System.out.println(equal ? "equal" : "DIFFERENT");
    return equal;
  }

  private static double difference(double a, double b) {
    // A loss that is not a number differs from everything.
    double relative = Math.abs(a - b) / Math.abs(a);
    return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
  }
}
