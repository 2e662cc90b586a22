package org.duovox.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process with one contender: prints the losses of its first steps without dropout, one a line.
///
/// Arguments: CONTENDER dual|single LAYERSxHIDDEN ROWSxTOKENS STEPS WEIGHTS.
public final class Losses {
  private Losses() {}

  public static void main(String[] args) {
    Case size = Case.of(args[1], args[2], args[3], 0);
    List<Double> losses = new ArrayList<>();
    try (Contender contender = Side.of(args[0]).open(size, Path.of(args[5]))) {
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        losses.add(contender.step());
      }
    }
    losses.forEach(System.out::println);
  }
}
