package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.duovox.testing.LogCapture;
import org.junit.jupiter.api.io.TempDir;

/// Base class of the tests of layouts: small data sets, exactly as their publishers lay them out.
abstract class LayoutTesting {
  @TempDir Path root;

  /// Writes a text at a path below the root of the data set.
  final void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /// Writes empty files: no layout opens the audio.
  final void audio(String... paths) throws IOException {
    for (String path : paths) {
      file(path, "");
    }
  }

  /// Returns the utterances by their identifiers.
  final Map<String, Utterance> read(DatasetLayout layout) {
    return layout.read(root).utterances().stream()
        .collect(Collectors.toMap(Utterance::id, utterance -> utterance));
  }

  /// Reads a data set of which something is left out with this warning.
  final Map<String, Utterance> readWarned(DatasetLayout layout, String warning) {
    Map<String, Utterance> found = new HashMap<>();
    List<String> log = LogCapture.of(LayoutEntries.class, () -> found.putAll(read(layout)));
    assertTrue(log.toString().contains(warning), log.toString());
    return found;
  }

  /// Requires that the data set is refused, with a message that has every one of these parts.
  final void refused(DatasetLayout layout, Kind kind, String... parts) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> layout.read(root));
    assertEquals(kind, e.kind(), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
