package org.duovox.eval.abx;

import java.util.Arrays;
import org.duovox.eval.abx.Triplets.Row;
import org.duovox.eval.abx.Triplets.Triplet;

/// Compares the items of triplets: how often is X as near to B as to A, or nearer? For one thread.
final class TripletErrors {
  private final TokenFrames frames;
  private final FrameDistance distance;
  private final Warping warping = new Warping();

  TripletErrors(TokenFrames frames, FrameDistance distance) {
    this.frames = frames;
    this.distance = distance;
  }

  /// Returns the error of every triplet of a row: the share of (a, b, x) in which x is nearer to b
  /// than to a, ties by half.
  double[] of(Row row) {
    double[] errors = new double[row.triplets().size()];
    Triplet last = null;
    float[][] toA = null;
    FrameTable x = null;
    for (int i = 0; i < errors.length; i++) {
      Triplet next = row.triplets().get(i);
      if (last == null || !Arrays.equals(last.x(), next.x())) {
        x = new FrameTable(frames, next.x(), distance);
        toA = null;
      }
      if (toA == null || !Arrays.equals(last.a(), next.a())) {
        toA = between(x, new FrameTable(frames, next.a(), distance), row.symmetric());
      }
      float[][] toB = between(x, new FrameTable(frames, next.b(), distance), false);
      errors[i] = error(toA, toB, row.symmetric());
      last = next;
    }
    return errors;
  }

  /// Returns the distances of all items of X (rows) to all of another group.
  ///
  /// @param symmetric whether the other group is X: then an item's distance to itself is 0, and
  ///   that to an earlier one is the earlier one's to it
  private float[][] between(FrameTable x, FrameTable others, boolean symmetric) {
    float[][] result = new float[x.items()][others.items()];
    float[] cells = new float[x.mostFrames() * others.frames()];
    for (int i = 0; i < x.items(); i++) {
      x.distances(i, others, cells);
      for (int j = symmetric ? i + 1 : 0; j < others.items(); j++) {
        result[i][j] =
            warping.cost(cells, others.start(j), others.frames(), x.frames(i), others.frames(j));
        if (symmetric) {
          result[j][i] = result[i][j];
        }
      }
    }
    return result;
  }

  /// An item is no neighbor of its own: it lies behind all others, or, as in the reference, beside
  /// the last of them when distances are so large (2e12, of frames of zeros) that 1 more is no
  /// more.
  private static double error(float[][] toA, float[][] toB, boolean symmetric) {
    if (symmetric) {
      float behind = largest(toB) + 1;
      for (int x = 0; x < toA.length; x++) {
        toA[x][x] = behind;
      }
    }
    double right = 0;
    for (int x = 0; x < toA.length; x++) {
      Arrays.sort(toB[x]);
      for (float limit : toA[x]) {
        int nearer = countBelow(toB[x], limit, false);
        int upTo = countBelow(toB[x], limit, true);
        right += toB[x].length - upTo + 0.5 * (upTo - nearer);
      }
    }
    double pairs = (double) toA.length * (symmetric ? toA.length - 1 : toA[0].length);
    return 1 - right / (pairs * toB[0].length);
  }

  private static float largest(float[][] distances) {
    float largest = 0;
    for (float[] row : distances) {
      for (float value : row) {
        largest = Math.max(largest, value);
      }
    }
    return largest;
  }

  /// Returns how many sorted values are below a limit.
  ///
  /// @param equal whether those equal to it count
  private static int countBelow(float[] sorted, float limit, boolean equal) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < limit || (equal && sorted[middle] == limit)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
