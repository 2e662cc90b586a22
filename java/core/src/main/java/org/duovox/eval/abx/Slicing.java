package org.duovox.eval.abx;

import org.duovox.DuovoxException;
import org.duovox.eval.abx.ItemFile.Item;

/// Which frames of a recording belong to an item: those whose time lies between onset and offset,
/// rounded as the reference rounds, which leaves out a last frame that other tools take.
///
/// @param intervalMs milliseconds between two frames
/// @param centerMs time of the first frame; half an interval in the reference
/// @param cutOutside whether items may lie outside of their recording
public record Slicing(double intervalMs, double centerMs, boolean cutOutside) {
  private static final double TOLERATED_MS = 100;

  public Slicing {
    if (!(intervalMs > 0) || !Double.isFinite(intervalMs)) {
      throw DuovoxException.usage(
          "the interval between frames must be above 0 ms, but is " + intervalMs);
    }
    if (!Double.isFinite(centerMs)) {
      throw DuovoxException.usage("the time of the first frame must be a number of milliseconds");
    }
  }

  /// Takes what the user says before what the files say.
  ///
  /// @param intervalMs null when the user does not say
  /// @param centerMs null when the user does not say
  /// @throws DuovoxException of kind USAGE when nobody says how long a frame is
  public static Slicing of(
      FrameSource source, Double intervalMs, Double centerMs, boolean cutOutside) {
    double interval = intervalMs == null ? source.intervalMs() : intervalMs;
    if (Double.isNaN(interval)) {
      throw DuovoxException.usage(
          "these features do not say how many milliseconds lie between two frames; give"
              + " --interval-ms");
    }
    double center = centerMs == null ? source.centerMs() : centerMs;
    return new Slicing(interval, Double.isNaN(center) ? interval / 2 : center, cutOutside);
  }

  /// Index of the first frame of an item.
  int first(Item item) {
    return Math.max(0, (int) Math.ceil(perSecond() * item.onset() - shift()));
  }

  /// Index behind the last frame of an item; not above `frames`.
  int end(Item item, int frames) {
    return Math.min(frames, (int) Math.floor(perSecond() * item.offset() - shift()));
  }

  /// Whether an item ends so far behind its recording that one of the two must be wrong. Encoders
  /// leave out a little at the end.
  boolean isOutside(Item item, int frames) {
    double most = endMs(frames) + Math.max(2 * intervalMs, TOLERATED_MS);
    return !cutOutside && item.offset() * 1000 > most;
  }

  /// Where the last frame ends.
  double endMs(int frames) {
    return centerMs + (frames - 0.5) * intervalMs;
  }

  /// Frames in a second, with the rounding of the reference.
  private double perSecond() {
    return 1 / (intervalMs / 1000);
  }

  private double shift() {
    return centerMs / intervalMs;
  }
}
