package org.duovox.units.corpus;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.io.ArraySize;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;

/// The continuous features of one utterance's tokens, each the mean over the frames that the token
/// stands for; read when they are asked for. Safe for use by several threads.
public final class TokenFeatures {
  private final Shard shard;
  private final int first;

  /// @param first row of the utterance's first token
  TokenFeatures(Shard shard, int first) {
    this.shard = shard;
    this.first = first;
  }

  /// Values of a token.
  public int width() {
    return shard.width;
  }

  /// Reads the features of `count` tokens from `token` on into the target, from its index `at` on;
  /// the position of the target stays.
  ///
  /// @throws DuovoxException (BAD_DATA) when the file was cut off, or a feature is not finite
  public void read(int token, int count, FloatBuffer target, int at) {
    long row = (long) first + token;
    FloatBuffer rows = target.slice(at, count * shard.width);
    shard.tensors.readFloats(shard.name, row * shard.width, rows);
    for (int i = 0; i < rows.limit(); i++) {
      if (!Float.isFinite(rows.get(i))) {
        throw DuovoxException.badData(
            "%s: row %d of %s holds %s; align again with features that are finite"
                .formatted(shard.tensors.path(), row + i / shard.width, shard.name, rows.get(i)));
      }
    }
  }

  /// The features of one shard of a corpus: a tensor of F32 or F16, (tokens, width).
  record Shard(SafetensorsFile tensors, String name, int tokens, int width) {
    static Shard open(Path file, String name) {
      SafetensorsFile tensors = Safetensors.open(file);
      try {
        TensorInfo tensor = tensors.require(name);
        boolean known = tensor.dtype() == DType.F32 || tensor.dtype() == DType.F16;
        if (!known || tensor.shape().length != 2) {
          throw DuovoxException.badData(
              "%s: tensor \"%s\" is %s%s; it must be F32 or F16 of rows and columns"
                  .formatted(file, name, tensor.dtype(), Arrays.toString(tensor.shape())));
        }
        int tokens = ArraySize.of(file + ": the rows of " + name, tensor.shape()[0]);
        int width = ArraySize.of(file + ": the columns of " + name, tensor.shape()[1]);
        return new Shard(tensors, name, tokens, width);
      } catch (RuntimeException e) {
        tensors.close();
        throw e;
      }
    }
  }
}
