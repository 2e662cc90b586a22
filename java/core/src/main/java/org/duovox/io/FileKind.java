package org.duovox.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// The kind of a file, told by its first bytes, so that a message about a wrong file can say what
/// it is: a pointer of Git LFS or git-annex, an error page saved under a model's name, an archive,
/// another tool's model.
public enum FileKind {
  /// None of the kinds below.
  UNKNOWN("", ""),
  LFS_POINTER(
      "a pointer of Git LFS, which stands for the file",
      "run 'git lfs pull' in its repository, or download the file itself"),
  ANNEX_POINTER(
      "a pointer of git-annex, which stands for the file",
      "run 'git annex get' in its repository, or fetch the file itself"),
  HTML("a page of HTML", "a download gave a web page instead; fetch the file itself"),
  XML("XML, as servers answer errors", "fetch the file again"),
  JSON("JSON", "if a server answered with it, fetch the file again"),
  ZIP("a zip archive", "unpack it and name the file inside"),
  GZIP("compressed with gzip", "unpack it with gunzip"),
  BZIP2("compressed with bzip2", "unpack it with bunzip2"),
  XZ("compressed with xz", "unpack it with unxz"),
  ZSTD("compressed with zstd", "unpack it with unzstd"),
  LZ4("compressed with lz4", "unpack it with unlz4"),
  SEVEN_ZIP("a 7z archive", "unpack it and name the file inside"),
  RAR("a RAR archive", "unpack it and name the file inside"),
  TAR("a tar archive", "unpack it and name the file inside"),
  HDF5(
      "an HDF5 file, as Keras and TensorFlow write", "such models are not read; export it as ONNX"),
  GGUF("a GGUF file, as llama.cpp reads", "such models are not read; take the original one"),
  NUMPY("a NumPy array", "name another file"),
  PICKLE("a pickle, as PyTorch and joblib write", "turn it into safetensors with duovox convert"),
  SAFETENSORS("a safetensors file", "name another file"),
  PDF("a PDF document", "name another file"),
  IMAGE("an image", "name another file"),
  AUDIO("an audio file", "name another file"),
  PROGRAM("a program or library", "name another file");

  private static final int LOOKED_AT = 1024;
  private static final int TAR_MAGIC = 257;
  private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size (\\d{1,18})$");

  private final String words;
  private final String advice;

  FileKind(String words, String advice) {
    this.words = words;
    this.advice = advice;
  }

  private record Magic(FileKind kind, String bytes) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(LFS_POINTER, "version https://git-lfs.github.com/spec/"),
          new Magic(LFS_POINTER, "version https://hawser.github.com/spec/"),
          new Magic(ANNEX_POINTER, "/annex/objects/"),
          new Magic(ZIP, "PK\3\4"),
          new Magic(ZIP, "PK\5\6"),
          new Magic(GZIP, "\u001f\u008b\b"),
          new Magic(BZIP2, "BZh"),
          new Magic(XZ, "\u00fd7zXZ\0"),
          new Magic(ZSTD, "(\u00b5/\u00fd"),
          new Magic(LZ4, "\u0004\"M\u0018"),
          new Magic(SEVEN_ZIP, "7z\u00bc\u00af'\u001c"),
          new Magic(RAR, "Rar!\u001a\u0007"),
          new Magic(HDF5, "\u0089HDF\r\n\u001a\n"),
          new Magic(GGUF, "GGUF"),
          new Magic(NUMPY, "\u0093NUMPY"),
          new Magic(PDF, "%PDF-"),
          new Magic(IMAGE, "\u0089PNG\r\n\u001a\n"),
          new Magic(IMAGE, "\u00ff\u00d8\u00ff"),
          new Magic(AUDIO, "RIFF"),
          new Magic(AUDIO, "fLaC"),
          new Magic(AUDIO, "OggS"),
          new Magic(PROGRAM, "\u007fELF"));

  /// Returns the kind of a file; [#UNKNOWN] also for one that cannot be read.
  public static FileKind of(Path file) {
    if (isPipeOrDevice(file)) {
      return UNKNOWN; // Whoever opens a pipe takes from it, or waits for its other end.
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return of(stream.readNBytes(LOOKED_AT));
    } catch (IOException e) {
      return UNKNOWN; // Whoever reads the file meets the same failure and tells it.
    }
  }

  /// Returns the kind of a file that begins with these bytes, up to 1024.
  public static FileKind of(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    for (Magic magic : MAGICS) {
      if (text.startsWith(magic.bytes())) {
        return magic.kind();
      }
    }
    if (text.startsWith("ustar", TAR_MAGIC)) {
      return TAR;
    }
    // Before pickles: the length of a header may begin as they do.
    if (isSafetensors(start)) {
      return SAFETENSORS;
    }
    return isPickle(start) ? PICKLE : markup(text);
  }

  /// Protocol 2 and later; older ones begin like text.
  private static boolean isPickle(byte[] start) {
    return start.length > 2 && (start[0] & 0xFF) == 0x80 && start[1] >= 2 && start[1] <= 5;
  }

  /// The length of a header, and a JSON object.
  private static boolean isSafetensors(byte[] start) {
    return start.length > 8 && start[8] == '{' && start[7] == 0 && start[6] == 0 && start[5] == 0;
  }

  private static FileKind markup(String text) {
    String begin = text.replaceFirst("^(\u00ef\u00bb\u00bf)?\\s*", "").toLowerCase(Locale.ROOT);
    if (begin.startsWith("<!doctype html") || begin.startsWith("<html")) {
      return HTML;
    }
    if (begin.startsWith("<?xml") || begin.startsWith("<error>")) {
      return begin.contains("<html") ? HTML : XML;
    }
    boolean object = begin.startsWith("{") && begin.matches("(?s)\\{\\s*(\"|}).*");
    return object ? JSON : UNKNOWN;
  }

  /// Refuses a file of a kind that its reader does not expect.
  ///
  /// @param wanted what the reader reads, such as "a safetensors file"
  /// @param expected kinds that are left to the reader, besides [#UNKNOWN]
  /// @throws DuovoxException (BAD_DATA) that says what the file is and what to do; (MISSING_INPUT)
  ///   for a link into a git-annex that has not got the content
  public static void require(Path file, String wanted, FileKind... expected) {
    requireContent(file);
    requireNoPipe(file);
    FileKind kind = of(file);
    if (kind != UNKNOWN && !Arrays.asList(expected).contains(kind)) {
      throw DuovoxException.badData(
          "%s: is no %s but %s%s: %s"
              .formatted(file, bare(wanted), kind.words, kind.size(file), kind.advice));
    }
  }

  /// The same for a text of any form: whatever is binary, a pointer or a web page is refused.
  public static void requireText(Path file, String wanted) {
    require(file, wanted, JSON, XML);
  }

  /// Refuses what can be read only once, if at all: files are looked at before they are read.
  ///
  /// @throws DuovoxException (BAD_DATA) for a pipe, socket or device
  static void requireNoPipe(Path file) {
    if (isPipeOrDevice(file)) {
      throw DuovoxException.badData(
          file + ": is a pipe or device, which is not read; write its content to a file first");
    }
  }

  private static boolean isPipeOrDevice(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  private static String bare(String wanted) {
    return wanted.replaceFirst("^an? ", "");
  }

  /// The size that a pointer of Git LFS tells.
  private String size(Path file) {
    if (this != LFS_POINTER) {
      return "";
    }
    try {
      Matcher size = LFS_SIZE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      return size.find() ? " (of " + size.group(1) + " bytes)" : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static void requireContent(Path file) {
    try {
      if (Files.isSymbolicLink(file) && !Files.exists(file)) {
        String target = Files.readSymbolicLink(file).toString();
        throw DuovoxException.missing(
            target.contains("annex/objects/")
                ? "%s: a link into git-annex, which has not got the file: %s"
                    .formatted(file, ANNEX_POINTER.advice)
                : "%s: a link to %s, which does not exist".formatted(file, target));
      }
    } catch (IOException e) {
      // Whoever reads the file meets the same failure and tells it.
    }
  }
}
