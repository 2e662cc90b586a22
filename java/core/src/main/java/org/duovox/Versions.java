package org.duovox;

/// Versions that outputs carry, so that a reader knows what wrote them.
public final class Versions {
  /// The version of Duovox, equal to the version of its Maven modules (a test compares the two).
  public static final String DUOVOX = "0.1.0-SNAPSHOT";

  private Versions() {}

  /// One line that names Duovox and the Java runtime.
  public static String describe() {
    return "Duovox " + DUOVOX + " on Java " + Runtime.version();
  }
}
