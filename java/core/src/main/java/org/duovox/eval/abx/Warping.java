package org.duovox.eval.abx;

/// Dynamic time warping of two items: the cost of the cheapest path through the table of their
/// frames' distances, divided by the number of its steps. For one thread.
///
/// Where several paths cost the same, the step back goes diagonally first, then along the second
/// item, then along the first; that decides the number of steps.
final class Warping {
  private float[] costs = new float[0];

  /// Returns the mean cost of a step.
  ///
  /// @param distances table whose entry (i, j) lies at `from + i * stride + j`
  /// @param n frames of the first item
  /// @param m frames of the second item
  float cost(float[] distances, int from, int stride, int n, int m) {
    if (n == 1 && m == 1) {
      return distances[from];
    }
    if (costs.length < n * m) {
      costs = new float[2 * n * m];
    }
    fill(distances, from, stride, n, m);
    return costs[n * m - 1] / steps(n, m);
  }

  private void fill(float[] distances, int from, int stride, int n, int m) {
    float sum = 0;
    for (int j = 0; j < m; j++) {
      sum += distances[from + j];
      costs[j] = sum;
    }
    for (int i = 1; i < n; i++) {
      int row = i * m;
      int source = from + i * stride;
      float diagonal = costs[row - m];
      float left = distances[source] + diagonal;
      costs[row] = left;
      for (int j = 1; j < m; j++) {
        float up = costs[row - m + j];
        left = distances[source + j] + Math.min(Math.min(up, diagonal), left);
        costs[row + j] = left;
        diagonal = up;
      }
    }
  }

  private int steps(int n, int m) {
    int steps = 1;
    int i = n - 1;
    int j = m - 1;
    while (i > 0 && j > 0) {
      float up = costs[(i - 1) * m + j];
      float left = costs[i * m + j - 1];
      float diagonal = costs[(i - 1) * m + j - 1];
      if (diagonal <= left && diagonal <= up) {
        i--;
        j--;
      } else if (left <= up) {
        j--;
      } else {
        i--;
      }
      steps++;
    }
    return steps + i + j;
  }
}
