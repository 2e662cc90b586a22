package org.duovox.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// Refuses a command line that the JVM could not read: words that are not UTF-8 have lost bytes,
/// and a file of that name would not be found, or another one would.
final class Arguments {
  private static final Path TYPED = Path.of("/proc/self/cmdline");
  private static final char REPLACEMENT = '\uFFFD';

  private Arguments() {}

  /// @param args as the JVM gives them
  /// @throws DuovoxException (USAGE) for a word, (UNAVAILABLE) for the current folder or a JVM that
  ///   was started in another locale than a UTF-8 one
  static void requireText(String... args) {
    FileNames.requireText("the current folder", System.getProperty("user.dir"));
    for (int i = 0; i < args.length; i++) {
      FileNames.requireLocale("argument", args[i]);
      if (args[i].indexOf(REPLACEMENT) >= 0) {
        requireUtf8(typed(args.length).get(i));
      }
    }
  }

  /// The last words of the process's command line, as bytes.
  private static List<byte[]> typed(int count) {
    List<byte[]> words = new ArrayList<>();
    try {
      byte[] all = Files.readAllBytes(TYPED);
      int begin = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == 0) {
          words.add(Arrays.copyOfRange(all, begin, i));
          begin = i + 1;
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + TYPED, e);
    }
    return words.subList(words.size() - count, words.size());
  }

  static void requireUtf8(byte[] word) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word));
    } catch (CharacterCodingException e) {
      throw new DuovoxException(
          DuovoxException.Kind.USAGE,
          "the argument %s is not UTF-8; rename the file, or name the folder it is in"
              .formatted(FileNames.escaped(word)),
          e);
    }
  }
}
