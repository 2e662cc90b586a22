package org.duovox.world;

/// Hears what a set of spoken files will take, and how far it is.
public interface SpeechListener {
  /// What will be made.
  ///
  /// @param files of the whole set
  /// @param found of them that are there already
  /// @param audioSeconds of the whole set
  /// @param bytes on disk of the whole set
  /// @param seconds that speaking the others will take
  record Forecast(long files, long found, double audioSeconds, long bytes, double seconds) {}

  /// Hears the forecast, before any file is spoken.
  void planned(Forecast forecast);

  /// Hears of progress, often; may throw to stop.
  void spoken(long done, long total);
}
