package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Cleans a folder of what killed processes left in it: removes their temporaries, and puts back an
/// output that was moved aside for a new one which never came.
///
/// Files whose owner is alive ([OwnerMark]), or may be alive on another machine, are left alone.
final class Leftovers {
  private static final Set<Path> DONE = ConcurrentHashMap.newKeySet();
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

  private Leftovers() {}

  /// Looks through a folder, the first time that this process asks; a folder that is not there, or
  /// cannot be listed, has none.
  static void removeOnce(Path folder) {
    if (folder != null && DONE.add(folder) && Files.isDirectory(folder)) {
      remove(folder);
    }
  }

  static void remove(Path folder) {
    for (Path mark : list(folder, OwnerMark.PREFIX + "*" + OwnerMark.SUFFIX)) {
      String name = mark.getFileName().toString();
      String token =
          name.substring(OwnerMark.PREFIX.length(), name.length() - OwnerMark.SUFFIX.length());
      OwnerMark.ifAbandoned(mark, () -> removeAllOf(folder, token));
    }
  }

  private static void removeAllOf(Path folder, String token) {
    for (Path path : list(folder, ".*" + Temporaries.UNFINISHED + token + "-*")) {
      Temporaries.removeQuietly(path);
    }
    for (Path aside : list(folder, ".*" + Temporaries.ASIDE + token + "-*")) {
      putBack(aside);
    }
  }

  private static void putBack(Path aside) {
    try {
      for (Path old : list(aside, "*")) {
        Path target = aside.resolveSibling(old.getFileName());
        if (Files.exists(target)) {
          Temporaries.removeQuietly(old);
        } else {
          Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      Files.delete(aside);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot put back what is in " + aside, e);
    }
  }

  private static List<Path> list(Path folder, String names) {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
      entries.forEach(paths::add);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot list " + folder, e);
    }
    return paths;
  }
}
