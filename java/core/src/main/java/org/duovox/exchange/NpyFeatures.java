package org.duovox.exchange;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.ArraySize;
import org.duovox.io.TextLines;
import org.duovox.io.tensors.NpyFile;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.units.StreamLength;

/// Reads features of NumPy files into a feature folder: fairseq's shards, all frames of many
/// utterances in `SPLIT_RANK_SHARDS.npy` and their counts in `.len` beside; or a file per
/// utterance.
public final class NpyFeatures {
  private static final Pattern SHARD = Pattern.compile("(.+)_([0-9]{1,6})_([0-9]{1,6})\\.npy");

  private NpyFeatures() {}

  /// What the files of features do not tell: where they come from and when their frames happen.
  ///
  /// @param encoder name, or "" when unknown
  /// @param layer name of the layer in the feature folder
  public record Origin(String encoder, String layer, double intervalMs, double offsetMs) {

    FeatureProvenance provenance() {
      return new FeatureProvenance(encoder, "", "", StreamLength.IMPORTED, Map.of());
    }

    Layer layer(int width) {
      return new Layer(layer, width, intervalMs, offsetMs);
    }
  }

  /// Imports shards; the manifest names the utterances of all of them, in order.
  public static FeatureManifest shards(
      List<Path> files, FairseqTsv tsv, TextLines.End end, Origin origin, Path target) {
    List<Path> ordered = ordered(files);
    int width = width(ordered.getFirst());
    try (FeatureWriter writer =
        new FeatureWriter(target, origin.provenance(), List.of(origin.layer(width)))) {
      int next = 0;
      for (Path file : ordered) {
        next = shard(file, width, tsv, next, end, origin.layer(), writer);
      }
      if (next < tsv.rows().size()) {
        throw DuovoxException.badData(
            "%s names %d utterances, the .len files %d; the first without frames is '%s'"
                .formatted(tsv.file(), tsv.rows().size(), next, tsv.rows().get(next).id()));
      }
      return writer.commit();
    }
  }

  /// Imports `ID.npy` files of a folder and those below it.
  ///
  /// @param lengths samples by id; empty when unknown
  public static FeatureManifest folder(
      Path folder, Map<String, Long> lengths, Origin origin, Path target) {
    List<Path> files = npyFiles(folder);
    int width = width(files.getFirst());
    try (FeatureWriter writer =
        new FeatureWriter(target, origin.provenance(), List.of(origin.layer(width)))) {
      for (Path file : files) {
        String name = folder.relativize(file).toString();
        String id = UtteranceIds.require(name.substring(0, name.length() - 4), file.toString());
        Long samples = lengths.isEmpty() ? Long.valueOf(0) : lengths.get(id);
        if (samples == null) {
          throw DuovoxException.badData(file + ": the manifest names no utterance '" + id + "'");
        }
        try (NpyFile array = NpyFile.open(file)) {
          requireWidth(array, width);
          Frames frames = frames(array, 0, (int) array.shape()[0], width);
          writer.add(id, samples, Map.of(), Map.of(origin.layer(), frames));
        }
      }
      return writer.commit();
    }
  }

  /// Adds the utterances of a shard from row `first` of the manifest on; returns the next row.
  private static int shard(
      Path file,
      int width,
      FairseqTsv tsv,
      int first,
      TextLines.End end,
      String layer,
      FeatureWriter writer) {
    long at = 0;
    int next = first;
    try (NpyFile array = NpyFile.open(file);
        TextLines lines = TextLines.open(lengthsOf(file), end)) {
      requireWidth(array, width);
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank() && at == array.shape()[0]) {
          continue; // Behind the last utterance a blank line means nothing.
        }
        String number = line.strip();
        int count = UnitText.unit(number, 0, number.length(), ' ', 0, lines.where());
        requireRoom(array, tsv, next, at + count, lines.where());
        add(writer, tsv.rows().get(next), layer, frames(array, at, count, width));
        at += count;
        next++;
      }
      if (at != array.shape()[0]) {
        throw DuovoxException.badData(
            "%s holds %d frames, %s accounts for %d"
                .formatted(file, array.shape()[0], lines.path(), at));
      }
    }
    return next;
  }

  private static void requireRoom(
      NpyFile array, FairseqTsv tsv, int row, long frames, String where) {
    if (row == tsv.rows().size() || frames > array.shape()[0]) {
      throw DuovoxException.badData(
          "%s: one utterance too many: %d utterances with %d frames, but %s names %d and %s holds %d"
              .formatted(
                  where,
                  row + 1,
                  frames,
                  tsv.file(),
                  tsv.rows().size(),
                  array.path(),
                  array.shape()[0]));
    }
  }

  private static void add(FeatureWriter writer, FairseqTsv.Row row, String layer, Frames frames) {
    writer.add(
        row.id(), row.samples(), Map.of(FairseqUnits.PATH, row.path()), Map.of(layer, frames));
  }

  private static Path lengthsOf(Path file) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - 4) + ".len");
  }

  private static Frames frames(NpyFile array, long from, int count, int width) {
    if ((long) count * width > ArraySize.MOST) {
      throw DuovoxException.badData(
          "%s: an utterance of %d frames x %d is too large".formatted(array.path(), count, width));
    }
    float[] values = new float[count * width];
    array.readFloats(from * width, FloatBuffer.wrap(values));
    Frames frames = new Frames(values, count, width);
    if (frames.firstNonFinite() >= 0) {
      throw DuovoxException.badData(
          "%s: frame %d holds a value that is not finite"
              .formatted(array.path(), from + frames.firstNonFinite() / width));
    }
    return frames;
  }

  private static int width(Path file) {
    try (NpyFile array = NpyFile.open(file)) {
      long[] shape = array.shape();
      if (shape.length != 2 || shape[1] < 1 || shape[1] > 1_000_000) {
        throw DuovoxException.badData(
            "%s: has shape %s, not (frames, width)".formatted(file, Arrays.toString(shape)));
      }
      return (int) shape[1];
    }
  }

  private static void requireWidth(NpyFile array, int width) {
    long[] shape = array.shape();
    if (shape.length != 2 || shape[1] != width || shape[0] > Integer.MAX_VALUE) {
      throw DuovoxException.badData(
          "%s: has shape %s, the first file a width of %d"
              .formatted(array.path(), Arrays.toString(shape), width));
    }
  }

  /// By rank where the names say it, all ranks once; otherwise as given.
  private static List<Path> ordered(List<Path> files) {
    List<Path> ordered = new ArrayList<>(files);
    if (!files.stream().allMatch(file -> SHARD.matcher(file.getFileName().toString()).matches())) {
      return ordered;
    }
    ordered.sort(Comparator.comparingInt(file -> number(file, 2)));
    for (int rank = 0; rank < ordered.size(); rank++) {
      Path file = ordered.get(rank);
      if (number(file, 2) != rank || number(file, 3) != ordered.size()) {
        throw DuovoxException.badData(
            "%s: is shard %d of %d, but %d shards were given; name every shard of one set once"
                .formatted(file, number(file, 2), number(file, 3), ordered.size()));
      }
    }
    return ordered;
  }

  private static int number(Path file, int group) {
    Matcher matcher = SHARD.matcher(file.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(group)) : -1;
  }

  private static List<Path> npyFiles(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files =
          walk.filter(file -> file.toString().endsWith(".npy") && Files.isRegularFile(file))
              .sorted(Comparator.comparing(file -> folder.relativize(file).toString()))
              .toList();
      if (files.isEmpty()) {
        throw DuovoxException.badData(folder + ": holds no .npy file");
      }
      return files;
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + folder, e);
    }
  }
}
