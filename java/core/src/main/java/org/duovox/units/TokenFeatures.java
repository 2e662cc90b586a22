package org.duovox.units;

import java.nio.FloatBuffer;
import org.duovox.io.MappedRows;

/// The continuous features of one utterance's tokens, each the mean over the frames that the token
/// stands for; mapped, not read. Safe for use by several threads.
public final class TokenFeatures {
  private final MappedRows rows;
  private final int first;

  /// @param first row of the utterance's first token
  TokenFeatures(MappedRows rows, int first) {
    this.rows = rows;
    this.first = first;
  }

  /// Values of a token.
  public int width() {
    return rows.width();
  }

  /// Puts a token's features into the target, from its index `at` on.
  public void read(int token, FloatBuffer target, int at) {
    rows.read(first + token, target, at);
  }
}
