package org.duovox.cli.machine;

/// The result of one check of `duovox doctor`; also its JSON.
///
/// @param name what was checked
/// @param status whether it is fine
/// @param found version, size or what is wrong
/// @param where file or folder; "" when it has no place
/// @param remedy what to do about it; "" when there is nothing to do
record Finding(String name, Status status, String found, String where, String remedy) {

  /// What a finding means.
  enum Status {
    /// As it should be.
    OK,
    /// Missing and not needed.
    OPTIONAL,
    /// Works, but not well.
    WARNING,
    /// Needed, and missing or broken.
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
