package org.duovox.units.corpus;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;

/// Writes the continuous features of a corpus's tokens, one file beside each shard.
final class TokenFeatureWriter implements AutoCloseable {
  private static final float LARGEST_FLOAT16 = 65_504;

  private final Path folder;
  private final int width;
  private final FeatureType type;
  private final List<String> sums = new ArrayList<>();
  private SafetensorsWriter file;
  private SafetensorsWriter.Growing rows;

  TokenFeatureWriter(Path folder, int width, FeatureType type) {
    this.folder = folder;
    this.width = width;
    this.type = type;
  }

  /// Bytes of one token.
  long rowBytes() {
    return (long) width * type.dtype().bytes();
  }

  /// Appends the tokens of an utterance.
  void add(String id, FloatBuffer means) {
    if (type == FeatureType.FLOAT16) {
      requireHalves(id, means);
    }
    if (file == null) {
      file = Safetensors.create(folder.resolve(Corpus.features(sums.size())), Map.of());
      rows = file.grow(Corpus.FEATURES, width, type.dtype());
    }
    rows.append(means);
  }

  /// Ends the file of a shard.
  void endShard() {
    rows.finish();
    file.commit();
    file = null;
    sums.add(Hashes.sha256(folder.resolve(Corpus.features(sums.size()))));
  }

  /// Identity of all that was written: the sum over the files' sums.
  String sha256() {
    return Hashes.sha256(String.join("\n", sums));
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }

  private static void requireHalves(String id, FloatBuffer means) {
    for (int i = means.position(); i < means.limit(); i++) {
      if (Math.abs(means.get(i)) > LARGEST_FLOAT16) {
        throw DuovoxException.badData(
            "'%s' has a feature of %s, too large for float16; keep them as float32"
                .formatted(id, means.get(i)));
      }
    }
  }
}
