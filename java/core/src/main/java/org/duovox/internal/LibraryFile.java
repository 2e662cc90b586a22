package org.duovox.internal;

/// Which file is the native library; it is not loaded to tell.
public final class LibraryFile {
  /// System property that names it, `-Dduovox.library=FILE`.
  static final String PROPERTY = "duovox.library";

  private LibraryFile() {}

  /// The file as it is named; "" where none is.
  public static String name() {
    return System.getProperty(PROPERTY, "");
  }
}
