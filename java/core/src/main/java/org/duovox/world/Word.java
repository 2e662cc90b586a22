package org.duovox.world;

/// A word of a class.
///
/// @param id unique in the world
/// @param text as it is written
/// @param language code
/// @param className its class
/// @param subclass 1 or 2
/// @param set the test set it belongs to: dev or test
public record Word(
    int id, String text, String language, String className, int subclass, String set) {
  static final String DEV = "dev";
  static final String TEST = "test";
}
