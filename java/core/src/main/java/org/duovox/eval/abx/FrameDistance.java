package org.duovox.eval.abx;

import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.io.Suggestions;

/// Distances between two frames.
///
/// All but [#IDENTITY] are of frames scaled to length 1 beforehand, as the reference does for every
/// distance. A frame of zeros is as far from all others as can be.
public enum FrameDistance {
  /// The angle between the frames, as a share of half a turn.
  COSINE,
  /// The Euclidean distance.
  EUCLIDEAN,
  /// The mean of both Kullback-Leibler divergences, 1e-6 added to every value.
  KL_SYMMETRIC,
  /// The Kullback-Leibler divergence of the second frame from the first.
  KL,
  /// The share of values that differ: 0 or 1 for units.
  IDENTITY;

  /// Returns the distance of this (lower-case) name.
  ///
  /// @throws DuovoxException of kind BAD_CONFIG with the nearest known name
  public static FrameDistance of(String name) {
    return choice(FrameDistance.class, "distance", name);
  }

  /// Returns the name in configurations and results.
  public String label() {
    return label(this);
  }

  /// Whether frames are scaled to length 1 first.
  boolean isOfDirections() {
    return this != IDENTITY;
  }

  /// Whether it is defined for frames without negative values only.
  public boolean needsDistributions() {
    return this == KL_SYMMETRIC || this == KL;
  }

  static <E extends Enum<E>> E choice(Class<E> type, String what, String name) {
    List<E> all = List.of(type.getEnumConstants());
    List<String> names = all.stream().map(FrameDistance::label).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw DuovoxException.config(
          "unknown %s \"%s\"; %sknown are %s"
              .formatted(
                  what,
                  name,
                  Suggestions.nearest(name, names)
                      .map(nearest -> "did you mean \"" + nearest + "\"? ")
                      .orElse(""),
                  String.join(", ", names)));
    }
    return all.get(index);
  }

  static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
