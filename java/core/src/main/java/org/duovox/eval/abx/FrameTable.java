package org.duovox.eval.abx;

import java.util.Arrays;

/// The frames of some items side by side, and their distances to the frames of others. For one
/// thread.
///
/// Frames are kept column by column as well, so that a frame is compared with many others in loops
/// that the compiler turns into vector instructions. Sums have the order of [FloatSums].
final class FrameTable {
  private static final float EPSILON = 1e-6f;
  private static final int TOGETHER = 4; // Divides a run, so that none ends among them.
  private static final float HALF_TURN = (float) Math.PI;

  private final FrameDistance distance;
  private final int width;
  private final int[] starts;
  private final float[] rows; // (frames, width)
  private final float[] columns; // (width, frames)
  private final double[] logRows; // Of the Kullback-Leibler divergences only.
  private final double[] logColumns;
  private int mostFrames;

  FrameTable(TokenFrames source, int[] items, FrameDistance distance) {
    this.distance = distance;
    this.width = source.width();
    starts = new int[items.length + 1];
    for (int i = 0; i < items.length; i++) {
      int frames = source.frames(items[i]);
      starts[i + 1] = starts[i] + frames;
      mostFrames = Math.max(mostFrames, frames);
    }
    rows = new float[Math.multiplyExact(frames(), width)];
    for (int i = 0; i < items.length; i++) {
      float[] own = source.read(items[i]);
      System.arraycopy(own, 0, rows, starts[i] * width, own.length);
    }
    columns = new float[rows.length];
    for (int frame = 0; frame < frames(); frame++) {
      for (int i = 0; i < width; i++) {
        columns[i * frames() + frame] = rows[frame * width + i];
      }
    }
    boolean logs = distance.needsDistributions();
    logRows = logs ? logarithms(rows) : null;
    logColumns = logs ? logarithms(columns) : null;
  }

  private static double[] logarithms(float[] values) {
    double[] logs = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      logs[i] = Math.log((double) values[i] + EPSILON);
    }
    return logs;
  }

  int items() {
    return starts.length - 1;
  }

  /// Frames of all items.
  int frames() {
    return starts[items()];
  }

  /// Frames of an item.
  int frames(int item) {
    return starts[item + 1] - starts[item];
  }

  /// Frames of the longest item.
  int mostFrames() {
    return mostFrames;
  }

  /// Index of an item's first frame.
  int start(int item) {
    return starts[item];
  }

  /// Fills a table with the distances of an item's frames (rows) to all frames of others.
  void distances(int item, FrameTable others, float[] cells) {
    int count = others.frames();
    float[] line = new float[count];
    Sums sums = new Sums(others);
    for (int frame = starts[item]; frame < starts[item + 1]; frame++) {
      switch (distance) {
        case COSINE -> {
          sums.of(rows, frame * width, line);
          angles(line);
        }
        case EUCLIDEAN -> {
          sums.of(rows, frame * width, line);
          roots(line);
        }
        case KL, KL_SYMMETRIC -> divergences(frame, others, line);
        case IDENTITY -> differing(frame, others, line);
      }
      System.arraycopy(line, 0, cells, (frame - starts[item]) * count, count);
    }
  }

  private static void angles(float[] cosines) {
    for (int j = 0; j < cosines.length; j++) {
      cosines[j] = (float) Math.acos(Math.clamp(cosines[j], -1f, 1f)) / HALF_TURN;
    }
  }

  private static void roots(float[] squares) {
    for (int j = 0; j < squares.length; j++) {
      squares[j] = (float) Math.sqrt(squares[j]);
    }
  }

  /// log(p / q) as a difference of logarithms, which are taken once for each frame.
  private void divergences(int frame, FrameTable others, float[] line) {
    int count = line.length;
    boolean both = distance == FrameDistance.KL_SYMMETRIC;
    double[] sums = new double[count];
    for (int i = 0; i < width; i++) {
      float p = rows[frame * width + i];
      double log = logRows[frame * width + i];
      for (int j = 0; j < count; j++) {
        double ratio = log - others.logColumns[i * count + j];
        sums[j] += both ? 0.5 * (p - others.columns[i * count + j]) * ratio : p * ratio;
      }
    }
    for (int j = 0; j < count; j++) {
      line[j] = (float) sums[j];
    }
  }

  private void differing(int frame, FrameTable others, float[] line) {
    int count = line.length;
    Arrays.fill(line, 0);
    for (int i = 0; i < width; i++) {
      float value = rows[frame * width + i];
      for (int j = 0; j < count; j++) {
        line[j] += value == others.columns[i * count + j] ? 0 : 1;
      }
    }
    for (int j = 0; j < count; j++) {
      line[j] /= width;
    }
  }

  /// Sums over the values of a frame: of products with those of all others, or of squared
  /// differences.
  private final class Sums {
    private final float[] table;
    private final int count;
    private final boolean squares = distance == FrameDistance.EUCLIDEAN;
    private final float[] lane;
    private final float[] chain;
    private final float[] done;
    private float[] frame;
    private int at;

    Sums(FrameTable others) {
      table = others.columns;
      count = others.frames();
      lane = new float[count];
      chain = new float[count];
      done = new float[count];
    }

    void of(float[] from, int start, float[] line) {
      frame = from;
      at = start;
      Arrays.fill(line, 0);
      if (width < FloatSums.LANES) {
        chained(0, 1, width, line);
        return;
      }
      int blocks = width / FloatSums.LANES;
      for (int i = blocks * FloatSums.LANES; i < width; i++) {
        add(i, line);
      }
      for (int first = 0; first < FloatSums.LANES; first++) {
        chained(first, FloatSums.LANES, blocks, lane);
        add(lane, line);
      }
    }

    private void chained(int first, int stride, int terms, float[] sum) {
      int steps = terms / FloatSums.CHAINS;
      run(first, FloatSums.CHAINS * stride, steps, sum);
      for (int i = steps * FloatSums.CHAINS; i < terms; i++) {
        add(first + i * stride, sum);
      }
      for (int next = 1; next < FloatSums.CHAINS && steps > 0; next++) {
        run(first + next * stride, FloatSums.CHAINS * stride, steps, chain);
        add(chain, sum);
      }
    }

    private void run(int first, int stride, int terms, float[] sum) {
      Arrays.fill(sum, 0);
      boolean several = terms >= FloatSums.RUN;
      if (several) {
        Arrays.fill(done, 0);
      }
      for (int i = 0; i < terms; ) {
        int together = i + TOGETHER <= terms ? TOGETHER : 1;
        if (together == 1) {
          add(first + i * stride, sum);
        } else {
          addFour(first + i * stride, stride, sum);
        }
        i += together;
        if (i % FloatSums.RUN == 0) {
          add(sum, done);
          Arrays.fill(sum, 0);
        }
      }
      if (several) {
        add(done, sum);
      }
    }

    private void add(float[] from, float[] sum) {
      for (int j = 0; j < count; j++) {
        sum[j] += from[j];
      }
    }

    /// Adds four terms one after the other, so that sums are read and written once.
    private void addFour(int i, int stride, float[] sum) {
      float one = frame[at + i];
      float two = frame[at + i + stride];
      float three = frame[at + i + 2 * stride];
      float four = frame[at + i + 3 * stride];
      int row = i * count;
      int step = stride * count;
      if (squares) {
        for (int j = 0; j < count; j++) {
          float first = one - table[row + j];
          float second = two - table[row + step + j];
          float third = three - table[row + 2 * step + j];
          float fourth = four - table[row + 3 * step + j];
          sum[j] = sum[j] + first * first + second * second + third * third + fourth * fourth;
        }
      } else {
        for (int j = 0; j < count; j++) {
          sum[j] =
              sum[j]
                  + one * table[row + j]
                  + two * table[row + step + j]
                  + three * table[row + 2 * step + j]
                  + four * table[row + 3 * step + j];
        }
      }
    }

    private void add(int i, float[] sum) {
      float value = frame[at + i];
      int row = i * count;
      if (squares) {
        for (int j = 0; j < count; j++) {
          float difference = value - table[row + j];
          sum[j] += difference * difference;
        }
      } else {
        for (int j = 0; j < count; j++) {
          sum[j] += value * table[row + j];
        }
      }
    }
  }
}
