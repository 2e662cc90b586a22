package org.duovox.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Looks up how the file systems of this machine are mounted.
public final class Mounts {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;
  private static final int OPTIONS = 5;

  private Mounts() {}

  /// Whether no program or library can be run from a folder, which need not exist yet: its file
  /// system is mounted with `noexec`. False where the system does not tell.
  public static boolean forbidExecution(Path folder) {
    try {
      Path there = folder.toAbsolutePath();
      while (!Files.exists(there)) {
        there = there.getParent();
      }
      // Bytes one by one: names of mount points need not be UTF-8.
      List<String> table = Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1);
      return forbidsExecution(bytesAsText(there.toRealPath()), table);
    } catch (IOException e) {
      return false;
    }
  }

  /// The last mount of the longest path that holds the folder decides.
  static boolean forbidsExecution(String folder, List<String> table) {
    int longest = -1;
    boolean forbidden = false;
    for (String line : table) {
      String[] fields = line.split(" ");
      String point = unescaped(fields[POINT]);
      boolean holds =
          folder.equals(point) || folder.startsWith(point.endsWith("/") ? point : point + "/");
      if (holds && point.length() >= longest) {
        longest = point.length();
        forbidden = List.of(fields[OPTIONS].split(",")).contains("noexec");
      }
    }
    return forbidden;
  }

  private static String bytesAsText(Path path) {
    return new String(
        path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// The table writes spaces, tabs, line feeds and backslashes as three octal digits.
  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && i + 3 < field.length()) {
        text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
        i += 3;
      } else {
        text.append(field.charAt(i));
      }
    }
    return text.toString();
  }
}
