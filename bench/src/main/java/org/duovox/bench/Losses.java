package org.duovox.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process with one contender: prints the losses of its first steps, one a line.
///
/// Arguments: CONTENDER dual|single LAYERSxHIDDEN ROWSxTOKENS STEPS WEIGHTS. Duovox writes WEIGHTS,
/// the others read it.
public final class Losses {
  private Losses() {}

  public static void main(String[] args) {
    Case size = Case.of(args[1], args[2], args[3], 0);
    Path weights = Path.of(args[5]);
    if (args[0].equals("duovox")) {
      DuovoxContender.writeWeights(size, weights);
    }
    List<Double> losses = new ArrayList<>();
    try (Contender contender = Contender.open(args[0], size, weights)) {
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        losses.add(contender.step());
      }
    }
    losses.forEach(System.out::println);
  }
}
