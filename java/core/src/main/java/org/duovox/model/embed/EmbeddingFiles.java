package org.duovox.model.embed;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.model.ModelFiles;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.units.corpus.Corpus;

/// Hidden states as files: a ZeroSpeech folder of texts or arrays, or one safetensors file.
public final class EmbeddingFiles {
  private EmbeddingFiles() {}

  /// Writes a folder with a text file `ID.txt` for each utterance: one row per token, numbers
  /// separated by spaces, each the shortest text that reads back as the same float.
  ///
  /// A single row is written twice, because the official evaluator reads a file of one row as a
  /// vector (field facts 6.3); of its poolings only the sum notices.
  public static void writeZeroSpeech(
      Embedder embedder, Corpus corpus, Path folder, Consumer<Embedding> done) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      embedder.embed(
          corpus,
          embedding -> {
            writeText(embedding, pending.path());
            done.accept(embedding);
          });
      pending.commit();
    }
  }

  /// Writes a folder with an array `ID.npy` of float64 (rows, width) for each utterance, which the
  /// benchmarks package of ZeroSpeech reads by default.
  public static void writeNpy(
      Embedder embedder, Corpus corpus, Path folder, Consumer<Embedding> done) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      embedder.embed(
          corpus,
          embedding -> {
            writeArray(embedding, pending.path());
            done.accept(embedding);
          });
      pending.commit();
    }
  }

  private static void writeArray(Embedding embedding, Path folder) {
    double[] values = new double[embedding.values().length];
    Arrays.setAll(values, i -> embedding.values()[i]);
    Path file = inside(folder, embedding.id(), ".npy");
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, NpyFile.bytes(new long[] {embedding.rows(), embedding.width()}, values));
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Writes a folder with `embeddings.safetensors`, one (rows, width) tensor per utterance named by
  /// its id, and `config.json`, which says which hidden states they are.
  public static void writeSafetensors(
      Embedder embedder, EmbedConfig config, Corpus corpus, Path folder, Consumer<Embedding> done) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      Path file = pending.path().resolve("embeddings.safetensors");
      try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
        embedder.embed(
            corpus,
            embedding -> {
              long[] shape = {embedding.rows(), embedding.width()};
              writer.add(embedding.id(), shape, embedding.values());
              done.accept(embedding);
            });
        writer.commit();
      }
      AtomicFiles.write(pending.path().resolve(ModelFiles.CONFIG), Json.pretty(config));
      pending.commit();
    }
  }

  /// Writes the text file of one utterance below a folder, as [#writeZeroSpeech] does.
  public static void writeText(Embedding embedding, Path folder) {
    Path file = inside(folder, embedding.id(), ".txt");
    try {
      Files.createDirectories(file.getParent());
      try (BufferedWriter writer = Files.newBufferedWriter(file)) {
        for (int row = 0; row < embedding.rows(); row++) {
          writeRow(embedding, row, writer);
        }
        if (embedding.rows() == 1) {
          writeRow(embedding, 0, writer);
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Returns the rows as a reader of the text file finds them, so that `duovox ssimi` and the
  /// official evaluator come to the same scores to the last digit: every float by its shortest
  /// decimal text, a single row twice.
  ///
  /// @param folder that the file belongs in, for messages
  /// @return (rows, width)
  /// @throws DuovoxException of kind BAD_DATA for a value that is not finite
  public static double[][] asRead(Embedding states, Path folder) {
    double[][] rows = new double[states.rows() == 1 ? 2 : states.rows()][];
    IntStream.range(0, states.rows()).parallel().forEach(i -> rows[i] = row(states, i, folder));
    if (states.rows() == 1) {
      rows[1] = rows[0];
    }
    return rows;
  }

  private static double[] row(Embedding states, int row, Path folder) {
    double[] values = new double[states.width()];
    for (int i = 0; i < values.length; i++) {
      String text = Float.toString(states.values()[row * values.length + i]);
      values[i] = Double.parseDouble(text);
      if (!Double.isFinite(values[i])) {
        throw DuovoxException.badData(
            "%s.txt:%d: holds %s; every value must be finite"
                .formatted(folder.resolve(states.id()), row + 1, text));
      }
    }
    return values;
  }

  private static void writeRow(Embedding embedding, int row, BufferedWriter writer)
      throws IOException {
    for (int i = 0; i < embedding.width(); i++) {
      if (i > 0) {
        writer.write(' ');
      }
      writer.write(Float.toString(embedding.values()[row * embedding.width() + i]));
    }
    writer.write('\n');
  }

  /// Returns the file of an id, which may name subfolders but must not leave the folder.
  private static Path inside(Path folder, String id, String ending) {
    Path file = folder.resolve(id + ending).normalize();
    if (!file.startsWith(folder.normalize()) || file.getFileName().toString().equals(ending)) {
      throw DuovoxException.badData("the id '" + id + "' is no file name within the output folder");
    }
    return file;
  }
}
