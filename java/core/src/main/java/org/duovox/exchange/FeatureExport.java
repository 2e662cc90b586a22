package org.duovox.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.tensors.NpyFile;
import org.duovox.units.FeatureLayer;
import org.duovox.units.UtteranceInfo;

/// Writes one layer of features as NumPy files: fairseq's shards, or a file per utterance; both
/// with a fairseq manifest beside. One utterance is in memory at a time.
public final class FeatureExport {
  private final FeatureLayer layer;
  private final List<UtteranceInfo> utterances;
  private final String split;
  private final String root;
  private final String extension;

  /// @param split name of the files, such as "train"
  /// @param root first line of the `.tsv`
  /// @param extension of audio files whose path is not known
  public FeatureExport(FeatureLayer layer, String split, String root, String extension) {
    this.layer = layer;
    this.utterances = layer.utterances();
    this.split = split;
    this.root = root;
    this.extension = extension;
  }

  /// `SPLIT_RANK_SHARDS.npy` and `.len` for every rank, cut where fairseq cuts, and `SPLIT.tsv`.
  public void shards(Path folder, int shards) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      writeTsv(pending.path());
      for (int rank = 0; rank < shards; rank++) {
        int from = bound(rank, shards);
        int to = bound(rank + 1, shards);
        String name = "%s_%d_%d".formatted(split, rank, shards);
        long frames = utterances.subList(from, to).stream().mapToLong(UtteranceInfo::frames).sum();
        NpyFile.write(
            pending.path().resolve(name + ".npy"),
            new long[] {frames, layer.width()},
            IntStream.range(from, to).mapToObj(layer::read).iterator());
        AtomicFiles.write(
            pending.path().resolve(name + ".len"),
            stream -> {
              for (UtteranceInfo info : utterances.subList(from, to)) {
                stream.write((info.frames() + "\n").getBytes(StandardCharsets.UTF_8));
              }
            });
      }
      pending.commit();
    }
  }

  /// `ID.npy` of shape (frames, width) per utterance, and `SPLIT.tsv`.
  public void folder(Path folder) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      writeTsv(pending.path());
      for (int i = 0; i < utterances.size(); i++) {
        UtteranceInfo info = utterances.get(i);
        Path file = pending.path().resolve(info.id() + ".npy");
        try {
          Files.createDirectories(file.getParent());
        } catch (IOException e) {
          throw DuovoxException.cannotCreate("cannot create the folder of " + file, e);
        }
        NpyFile.write(file, new long[] {info.frames(), layer.width()}, layer.read(i));
      }
      pending.commit();
    }
  }

  /// fairseq's cut: round(total / shards * rank), halves to the even number, as Python rounds.
  private int bound(int rank, int shards) {
    return (int) Math.rint((double) utterances.size() / shards * rank);
  }

  private void writeTsv(Path folder) {
    AtomicFiles.write(
        folder.resolve(split + ".tsv"),
        stream -> {
          stream.write((root + "\n").getBytes(StandardCharsets.UTF_8));
          for (UtteranceInfo info : utterances) {
            String line = FairseqTsv.path(info, extension) + "\t" + info.samples() + "\n";
            stream.write(line.getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
