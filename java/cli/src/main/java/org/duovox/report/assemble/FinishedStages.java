package org.duovox.report.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.recipe.StageName;
import org.duovox.recipe.StageName.Type;
import org.duovox.recipe.StageRecord;

/// The finished stages of a recipe's output folder, in the order in which they ended.
final class FinishedStages {
  /// One stage: what was recorded about it, and its folder.
  record Finished(StageRecord about, Path folder) {
    String name() {
      return about.name();
    }

    /// Returns what the name says; empty when no stage of a recipe has it.
    Optional<StageName> parsed() {
      return StageName.parse(about.name());
    }
  }

  private final List<Finished> finished;

  /// Reads `RUN/stages/*.json`; a folder without them has no stages.
  FinishedStages(Path run) {
    Path stages = run.resolve("stages");
    if (!Files.isDirectory(stages)) {
      finished = List.of();
      return;
    }
    try (Stream<Path> files = Files.list(stages)) {
      finished =
          files
              .filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
              .sorted(Comparator.comparing(FinishedStages::ended).thenComparing(Path::toString))
              .map(file -> Json.read(file, StageRecord.class))
              .map(about -> new Finished(about, stages.resolve(about.name())))
              .toList();
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + stages, e);
    }
  }

  List<Finished> all() {
    return finished;
  }

  /// Returns the stages of this type.
  List<Finished> of(Type type) {
    return finished.stream()
        .filter(stage -> stage.parsed().filter(name -> name.type() == type).isPresent())
        .toList();
  }

  private static FileTime ended(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
