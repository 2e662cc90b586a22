package org.duovox.eval.abx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.eval.FeatureText;
import org.duovox.io.Problems;
import org.duovox.io.tensors.NpyFile;
import org.duovox.speech.Frames;

/// A folder with a file `ID.npy` or `ID.txt` for each recording, in it or in folders below: the
/// layout of ZeroSpeech submissions.
record FrameFiles(Map<String, Path> files) implements FrameSource {

  /// Lists the files of a folder.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT when there are none, BAD_DATA when two have the
  ///   same name
  static FrameFiles list(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    Problems twice = new Problems();
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      walk.filter(FrameFiles::isFrames)
          .sorted()
          .forEach(file -> {
            Path other = files.putIfAbsent(stem(file), file);
            if (other != null) {
              twice.add(file + ": has the same name as " + other);
            }
          });
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + folder, e);
    } catch (UncheckedIOException e) {
      throw DuovoxException.io("cannot list " + folder, e.getCause());
    }
    twice.throwIfAny(DuovoxException.Kind.BAD_DATA, "items name recordings by the bare name");
    if (files.isEmpty()) {
      throw DuovoxException.missing(
          folder
              + ": holds no features: neither NAME.npy or NAME.txt files, nor a feature set, a unit"
              + " set or embeddings of Duovox");
    }
    return new FrameFiles(Collections.unmodifiableMap(files));
  }

  private static boolean isFrames(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".npy") || name.endsWith(".txt"))
        && Files.isRegularFile(file);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ".npy".length());
  }

  @Override
  public Set<String> ids() {
    return files.keySet();
  }

  @Override
  public double intervalMs() {
    return Double.NaN;
  }

  @Override
  public double centerMs() {
    return Double.NaN;
  }

  @Override
  public boolean areUnits() {
    return false;
  }

  @Override
  public Frames read(String id) {
    Path file = files.get(id);
    return file.toString().endsWith(".npy") ? npy(file) : text(file);
  }

  private static Frames npy(Path file) {
    try (NpyFile array = NpyFile.open(file)) {
      long[] shape = array.shape();
      if (shape.length != 2 || shape[0] < 1 || shape[1] < 1 || shape[1] > Integer.MAX_VALUE) {
        throw DuovoxException.badData(
            "%s: its shape is %s; frames are (frames, width)"
                .formatted(file, Arrays.toString(shape)));
      }
      return new Frames(array.floats(), (int) shape[0], (int) shape[1]);
    }
  }

  private static Frames text(Path file) {
    double[][] rows = FeatureText.read(file);
    int width = rows[0].length;
    float[] values = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rows[i / width][i % width];
    }
    return new Frames(values, rows.length, width);
  }

  @Override
  public String place(String id) {
    return files.get(id).toString();
  }

  @Override
  public void close() {}
}
