package org.duovox.audio.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// Which files a manifest may name, and where they lie: below one root, unless told otherwise.
///
/// @param allowAbsolute whether absolute paths, `..` and symbolic links may lead out of the root
/// @param root replaces the root that the manifest has, and absolute paths below it are allowed
/// @param moved absolute paths below this folder are taken as below `root`
/// @param names what a user calls them
public record PathRules(
    boolean allowAbsolute, Optional<Path> root, Optional<Path> moved, Names names) {

  /// How the rules are named where a user gives them.
  public enum Names {
    /// Options of a verb.
    OPTIONS("--root ", "--allow-absolute"),
    /// Settings of a recipe.
    SETTINGS("data.manifest_root=", "data.allow_absolute=true"),
    /// Not at all: nothing else is allowed.
    NONE("", "");

    private final String root;
    private final String allow;

    Names(String root, String allow) {
      this.root = root;
      this.allow = allow;
    }

    private String waysIn() {
      if (this == NONE) {
        return "";
      }
      return "; %sDIR names the folder that paths lie in (%sOLD=NEW when it has moved), %s takes any path as it is"
          .formatted(root, root, allow);
    }
  }

  /// Below the manifest's own root, nothing else.
  public static final PathRules STRICT = of(false, null);

  /// Below the folder of a published data set, whose tables name files inside of it alone.
  public static final PathRules DATA_SET = of(false, null, Names.NONE);

  public PathRules {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(moved, "moved");
    Objects.requireNonNull(names, "names");
  }

  /// The rules of a command line.
  ///
  /// @param root `DIR`, or `OLD=NEW` for files that were moved; null: none
  public static PathRules of(boolean allowAbsolute, String root) {
    return of(allowAbsolute, root, Names.OPTIONS);
  }

  /// The rules of a command line or of a recipe.
  ///
  /// @param root `DIR`, or `OLD=NEW` for files that were moved; null: none
  public static PathRules of(boolean allowAbsolute, String root, Names names) {
    if (root == null) {
      return new PathRules(allowAbsolute, Optional.empty(), Optional.empty(), names);
    }
    String where = names.root.strip();
    int equals = Files.isDirectory(path(root, where)) ? -1 : root.indexOf('=');
    Path to = absolute(path(root.substring(equals + 1), where));
    Optional<Path> from =
        equals < 0
            ? Optional.empty()
            : Optional.of(path(root.substring(0, equals), where).normalize());
    if (from.isPresent() && !from.get().isAbsolute()) {
      String message = names.root + "OLD=NEW: OLD is the absolute path as the manifest has it";
      throw names == Names.OPTIONS
          ? DuovoxException.usage(message)
          : DuovoxException.config(message);
    }
    return new PathRules(allowAbsolute, Optional.of(to), from, names);
  }

  /// The option or setting that says where the files are.
  String rootName() {
    return names.root + "DIR";
  }

  /// The root of a manifest.
  ///
  /// @param own what the manifest itself says, absolute and normalized
  Path base(Path own) {
    if (moved.isPresent() && own.startsWith(moved.get())) {
      return root.orElseThrow().resolve(moved.get().relativize(own)).normalize();
    }
    // A manifest that lies elsewhere than the files that were moved keeps its own root.
    return moved.isPresent() ? own : root.orElse(own);
  }

  /// The file that a manifest's text names; it need not exist.
  ///
  /// @param base as [#base] gives it
  /// @param where file and line, for messages
  /// @throws DuovoxException (BAD_DATA) for what the rules do not allow
  Path resolve(Path base, String text, String where) {
    Path path = path(text, where);
    if (moved.isPresent() && path.normalize().startsWith(moved.get())) {
      Path now = root.orElseThrow().resolve(moved.get().relativize(path.normalize()));
      return requireBelow(root.orElseThrow(), now, text, where);
    }
    if (path.isAbsolute() && !allowAbsolute) {
      if (root.isEmpty() || !path.normalize().startsWith(root.get())) {
        throw DuovoxException.badData(
            where
                + ": absolute path "
                + Printable.quoted(text)
                + " is not below "
                + base
                + names.waysIn());
      }
      return requireBelow(root.get(), path.normalize(), text, where);
    }
    return requireBelow(base, base.resolve(path).normalize(), text, where);
  }

  private Path requireBelow(Path base, Path file, String text, String where) {
    boolean named = !file.equals(base) && file.getFileName() != null;
    if (!named || (!allowAbsolute && !file.startsWith(base))) {
      throw DuovoxException.badData(
          "%s: %s is not below the root %s%s"
              .formatted(where, Printable.quoted(text), base, names.waysIn()));
    }
    return file;
  }

  /// Refuses an existing file that a symbolic link leads out of the root.
  void requireInside(Path base, Path file, String where) {
    String outside = outside(base, file);
    if (!outside.isEmpty()) {
      throw DuovoxException.badData(where + ": " + outside);
    }
  }

  /// Why an existing file cannot be used that a symbolic link leads out of the root; "" when none
  /// does.
  public String outside(Path base, Path file) {
    Path root = moved.isPresent() && !file.startsWith(base) ? this.root.orElseThrow() : base;
    try {
      boolean inside =
          allowAbsolute || !Files.exists(file) || file.toRealPath().startsWith(root.toRealPath());
      return inside
          ? ""
          : "%s: is a link to a file that is not below %s; %s takes it all the same"
              .formatted(Printable.of(file), root, names.allow);
    } catch (IOException e) {
      return "%s: cannot be followed: %s".formatted(Printable.of(file), DuovoxException.reason(e));
    }
  }

  /// The id of a file: its path below the root, of one that lies elsewhere its name.
  String id(Path base, Path file, String where) {
    Path below =
        root.isPresent() && file.startsWith(root.get()) && !file.startsWith(base)
            ? root.get()
            : base;
    Path relative = file.startsWith(below) ? below.relativize(file) : file.getFileName();
    return UtteranceIds.require(UtteranceIds.ofRelative(relative), where);
  }

  private static Path path(String text, String where) {
    FileNames.requireLocale(where, text);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw DuovoxException.badData(where + ": not a path: " + Printable.quoted(text), e);
    }
  }

  static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
