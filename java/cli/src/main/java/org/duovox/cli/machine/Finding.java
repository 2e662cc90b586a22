package org.duovox.cli.machine;

/// One thing that `doctor` looked at.
///
/// @param name what it is
/// @param status whether it is fine
/// @param found version, size or what is wrong
/// @param where file or folder; "" when there is no place
/// @param remedy the command or act that mends it; "" when nothing is to be mended
record Finding(String name, Status status, String found, String where, String remedy) {

  /// What a finding means.
  enum Status {
    /// As it should be.
    OK,
    /// Not there and not needed.
    OPTIONAL,
    /// Works, but not well.
    WARNING,
    /// Needed and not there, or broken.
    MISSING
  }

  static Finding ok(String name, String found, Object where) {
    return new Finding(name, Status.OK, found, where.toString(), "");
  }

  static Finding optional(String name, String found, String remedy) {
    return new Finding(name, Status.OPTIONAL, found, "", remedy);
  }

  static Finding warning(String name, String found, Object where, String remedy) {
    return new Finding(name, Status.WARNING, found, where.toString(), remedy);
  }

  static Finding missing(String name, String found, Object where, String remedy) {
    return new Finding(name, Status.MISSING, found, where.toString(), remedy);
  }
}
