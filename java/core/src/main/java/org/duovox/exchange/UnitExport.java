package org.duovox.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitSet;

/// Writes the units of a set in the formats of other toolkits, in its order.
///
/// Utterances without a frame have no place in these formats; they are left out and named.
public final class UnitExport {
  private final UnitSet set;
  private final List<Integer> chosen = new ArrayList<>();
  private final List<String> empty = new ArrayList<>();

  public UnitExport(UnitSet set) {
    this.set = set;
    set.verify();
    for (int i = 0; i < set.utterances().size(); i++) {
      UtteranceInfo info = set.utterances().get(i);
      if (info.frames() > 0) {
        chosen.add(i);
      } else {
        empty.add(info.id());
      }
    }
    if (chosen.isEmpty()) {
      throw DuovoxException.badData(set.folder() + ": no utterance has a unit");
    }
  }

  /// Ids of the utterances that are left out.
  public List<String> empty() {
    return List.copyOf(empty);
  }

  /// Returns the number of utterances that are written.
  public int utterances() {
    return chosen.size();
  }

  /// `SPLIT.tsv`, `SPLIT.km` and `dict.km.txt` in a folder.
  ///
  /// @param root first line of the `.tsv`, or null: the one it was imported with, or "."
  /// @param extension of audio files whose path is not known, such as ".wav"
  public void fairseq(Path folder, String split, String root, String extension) {
    String first = root == null ? set.manifest().source().getOrDefault("root", ".") : root;
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      AtomicFiles.write(
          pending.path().resolve(split + ".tsv"), stream -> tsv(stream, first, extension));
      AtomicFiles.write(
          pending.path().resolve(split + ".km"),
          stream -> {
            for (int i : chosen) {
              line(stream, UnitText.join(set.units(i), ' '));
            }
          });
      AtomicFiles.write(
          pending.path().resolve("dict.km.txt"),
          stream -> {
            for (int unit = 0; unit < set.manifest().vocabulary(); unit++) {
              line(stream, unit + " 1");
            }
          });
      pending.commit();
    }
  }

  private void tsv(OutputStream stream, String root, String extension) throws IOException {
    line(stream, root);
    for (int i : chosen) {
      UtteranceInfo info = set.utterances().get(i);
      line(stream, FairseqTsv.path(info, extension) + "\t" + info.samples());
    }
  }

  /// `quantized_outputs.txt`; units that were re-indexed from codes of several groups are written
  /// as those codes.
  public void zeroSpeech(Path file) {
    String kept = set.manifest().source().get(ZeroSpeechUnits.CODES);
    List<String> codes = kept == null ? List.of() : ProductCodes.parse(kept);
    if (kept != null && codes.size() != set.manifest().vocabulary()) {
      throw DuovoxException.badData(
          "%s: its manifest keeps %d codes for a vocabulary of %d"
              .formatted(set.folder(), codes.size(), set.manifest().vocabulary()));
    }
    AtomicFiles.write(
        file,
        stream -> {
          for (int i : chosen) {
            int[] units = set.units(i);
            String text = kept == null ? UnitText.join(units, ',') : named(units, codes);
            line(stream, set.utterances().get(i).id() + "\t" + text);
          }
        });
  }

  private static String named(int[] units, List<String> codes) {
    List<String> names = new ArrayList<>(units.length);
    for (int unit : units) {
      names.add(codes.get(unit));
    }
    return String.join(",", names);
  }

  /// `name|u u u` per line.
  public void gslm(Path file) {
    for (int i : chosen) {
      if (set.utterances().get(i).id().indexOf('|') >= 0) {
        throw DuovoxException.badData(
            "'%s': an id with a '|' has no place in this format; write .jsonl"
                .formatted(set.utterances().get(i).id()));
      }
    }
    AtomicFiles.write(
        file,
        stream -> {
          for (int i : chosen) {
            line(stream, set.utterances().get(i).id() + "|" + UnitText.join(set.units(i), ' '));
          }
        });
  }

  /// One JSON object per line ([JsonlUnits]); nothing of an utterance is lost.
  ///
  /// @param merge whether runs of equal units become one with `durations`
  public void jsonl(Path file, boolean merge) {
    AtomicFiles.write(
        file,
        stream -> {
          for (int i : chosen) {
            line(stream, Json.line(object(set.utterances().get(i), set.units(i), merge)));
          }
        });
  }

  private static Map<String, Object> object(UtteranceInfo info, int[] units, boolean merge) {
    Map<String, String> fields = new TreeMap<>(info.fields());
    String name = fields.remove(JsonlUnits.FILE_NAME);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", info.id());
    object.put(JsonlUnits.FILE_NAME, name == null ? info.id() : name);
    if (merge) {
      Runs runs = Runs.of(units);
      object.put("units", runs.units());
      object.put("durations", runs.durations());
    } else {
      object.put("units", units);
    }
    object.put("samples", info.samples());
    object.put("audio_sha256", info.audioSha256());
    object.put("fields", fields);
    return object;
  }

  private static void line(OutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
    stream.write('\n');
  }

  /// Run-length form of units: every run of equal neighbors once, with its length.
  private record Runs(List<Integer> units, List<Integer> durations) {

    static Runs of(int[] frames) {
      List<Integer> units = new ArrayList<>();
      List<Integer> durations = new ArrayList<>();
      int first = 0;
      for (int i = 1; i <= frames.length; i++) {
        if (i == frames.length || frames[i] != frames[first]) {
          units.add(frames[first]);
          durations.add(i - first);
          first = i;
        }
      }
      return new Runs(units, durations);
    }
  }
}
