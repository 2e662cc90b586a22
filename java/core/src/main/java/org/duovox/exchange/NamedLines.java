package org.duovox.exchange;

import java.nio.file.Path;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.TextLines;

/// Reads lines of a name, a mark and units, as in files of ZeroSpeech (`name<TAB>u,u`) and of GSLM
/// (`name|u u`).
final class NamedLines {
  private final Path file;
  private final char mark;
  private final TextLines.End end;
  private final Map<String, Long> lengths;

  /// Receives the lines.
  interface Sink {
    void accept(String id, long samples, String units, String where);
  }

  /// @param lengths samples by id; empty when unknown, otherwise every name must be there
  NamedLines(Path file, char mark, TextLines.End end, Map<String, Long> lengths) {
    this.file = file;
    this.mark = mark;
    this.end = end;
    this.lengths = lengths;
  }

  void read(Sink sink) {
    try (TextLines lines = TextLines.open(file, end)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        String where = lines.where();
        int at = line.indexOf(mark);
        if (at < 0 || line.indexOf(mark, at + 1) >= 0) {
          String shown = mark == '\t' ? "<TAB>" : String.valueOf(mark);
          throw DuovoxException.badData(
              where + ": expected name" + shown + "units with one " + shown);
        }
        String id = UtteranceIds.require(line.substring(0, at), where);
        sink.accept(id, samples(id, where), line.substring(at + 1).strip(), where);
      }
    }
  }

  private long samples(String id, String where) {
    Long samples = lengths.isEmpty() ? Long.valueOf(0) : lengths.get(id);
    if (samples == null) {
      throw DuovoxException.badData(
          where + ": the manifest names no utterance '" + id + "', or several of that name");
    }
    return samples;
  }
}
