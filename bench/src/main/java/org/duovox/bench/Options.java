package org.duovox.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param quick few steps and forks, the small model only; never published
/// @param cases that are measured
/// @param forks of each contender and case
/// @param out JSON file beside which a table of the same name is written; null: only published
///   results are written
/// @param allowBusy measures on a busy machine and from uncommitted sources; never published
record Options(boolean quick, List<Case> cases, int forks, @Nullable Path out, boolean allowBusy) {
  static final String USAGE =
      "usage: duovox-bench [--quick] [--case KIND,LAYERSxHIDDEN,ROWSxTOKENS,DROPOUT]... [--forks N]"
          + " [--out FILE.json] [--allow-busy]";

  private static final List<String> SMALL = List.of("dual,2x96,16x32,0", "dual,2x96,16x32,0.1");
  private static final List<String> LARGE =
      List.of(
          "dual,4x512,4x128,0",
          "dual,4x512,4x128,0.1",
          "dual,4x512,16x128,0",
          "dual,4x512,16x128,0.1",
          "dual,4x512,1x1024,0",
          "dual,4x512,1x1024,0.1");

  /// @throws IllegalArgumentException that says what is wrong
  static Options of(List<String> args) {
    Options options = new Options(false, List.of(), 0, null, false);
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      options = options.with(rest.next(), rest);
    }
    return options.complete();
  }

  private Options with(String option, Iterator<String> rest) {
    return switch (option) {
      case "--quick" -> new Options(true, cases, forks, out, allowBusy);
      case "--case" -> {
        List<Case> more = new ArrayList<>(cases);
        more.add(readCase(value(option, rest)));
        yield new Options(quick, more, forks, out, allowBusy);
      }
      case "--forks" -> new Options(quick, cases, count(value(option, rest)), out, allowBusy);
      case "--out" -> new Options(quick, cases, forks, json(value(option, rest)), allowBusy);
      case "--allow-busy" -> new Options(quick, cases, forks, out, true);
      default -> throw new IllegalArgumentException(option + " is no option");
    };
  }

  /// Fills in what was not asked for.
  private Options complete() {
    List<Case> all = new ArrayList<>(cases);
    if (cases.isEmpty()) {
      SMALL.forEach(text -> all.add(readCase(text)));
      if (!quick) {
        LARGE.forEach(text -> all.add(readCase(text)));
      }
    }
    return new Options(quick, all, forks > 0 ? forks : quick ? 2 : 10, out, allowBusy);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static Case readCase(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          text + ": a case is KIND,LAYERSxHIDDEN,ROWSxTOKENS,DROPOUT, such as " + LARGE.get(3));
    }
    return Case.of(parts[0], parts[1], parts[2], Double.parseDouble(parts[3]));
  }

  private static int count(String text) {
    int count = Integer.parseInt(text);
    if (count < 1) {
      throw new IllegalArgumentException("--forks " + text + ": must be at least 1");
    }
    return count;
  }

  private static Path json(String text) {
    if (!text.endsWith(".json")) {
      throw new IllegalArgumentException("--out " + text + ": the name must end in .json");
    }
    return Path.of(text);
  }
}
