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

/// Refuses a command line that the JVM could not decode: words that are not UTF-8 have lost bytes,
/// so a file of that name would not be found, or a wrong one would.
final class ArgumentEncoding {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char REPLACEMENT = '\uFFFD';

  private ArgumentEncoding() {}

  /// Refuses arguments and a current folder that have lost bytes.
  ///
  /// @param args as the JVM passes them
  /// @throws DuovoxException (USAGE) for an argument; (UNAVAILABLE) for the current folder, or for a
  ///   JVM that was started in a locale other than UTF-8
  static void requireText(String... args) {
    FileNames.requireText("the current folder", System.getProperty("user.dir"));
    for (int i = 0; i < args.length; i++) {
      FileNames.requireLocale("argument", args[i]);
      if (args[i].indexOf(REPLACEMENT) >= 0) {
        requireUtf8(lastWords(args.length).get(i));
      }
    }
  }

  /// Returns the last words of the process's command line, undecoded.
  private static List<byte[]> lastWords(int count) {
    List<byte[]> words = new ArrayList<>();
    try {
      byte[] all = Files.readAllBytes(COMMAND_LINE);
      int begin = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == 0) {
          words.add(Arrays.copyOfRange(all, begin, i));
          begin = i + 1;
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + COMMAND_LINE, e);
    }
    return words.subList(words.size() - count, words.size());
  }

  private static void requireUtf8(byte[] word) {
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
