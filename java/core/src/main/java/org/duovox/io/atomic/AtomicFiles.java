package org.duovox.io.atomic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.duovox.DuovoxException;

/// Writes outputs that are whole or not there: beside the target, made durable, then renamed into
/// place.
///
/// Parent folders are created. An open file (`/dev/stdout`, a pipe as `/dev/fd/3`) and a device
/// such as `/dev/null` are written directly. Failures to create are
/// [DuovoxException.Kind#CANNOT_CREATE], failures on the way [DuovoxException.Kind#IO].
public final class AtomicFiles {
  private static final int BUFFER = 1 << 16;
  private static final int FILE_TYPE = 0xF000; // S_IFMT
  private static final int CHARACTER_DEVICE = 0x2000; // S_IFCHR
  private static final List<Path> SPECIAL =
      List.of(Path.of("/proc"), Path.of("/dev/fd"), Path.of("/dev/stdout"), Path.of("/dev/stderr"));

  private AtomicFiles() {}

  /// What writes the content of a file.
  @FunctionalInterface
  public interface Content {
    /// Writes everything; need not flush or close the stream, which is buffered.
    void writeTo(OutputStream stream) throws IOException;
  }

  /// Writes bytes.
  public static void write(Path target, byte[] content) {
    write(target, stream -> stream.write(content));
  }

  /// Writes text as UTF-8.
  public static void write(Path target, String content) {
    write(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes a file of any content.
  public static void write(Path target, Content content) {
    if (isSpecial(target)) {
      requireNoPipe(target);
      writeDirectly(target, content);
      return;
    }
    Path real = followLink(target);
    requireNoFolder(real);
    createParent(real);
    Path temporary = Temporaries.sibling(real);
    boolean published = false;
    try {
      writeDurably(temporary, target, content);
      publish(temporary, real);
      published = true;
    } finally {
      if (!published) {
        Temporaries.discard(temporary);
      }
    }
  }

  /// Returns a fresh path beside the target for content that is written piece by piece; removed
  /// when the JVM ends unless it was published or discarded.
  public static Path temporarySibling(Path target) {
    createParent(target);
    return Temporaries.sibling(target);
  }

  /// Renames a finished temporary file over the target, as far as its [OutputClaim] allows, and
  /// makes the rename durable.
  public static void publish(Path temporary, Path target) {
    try {
      OutputClaim.publish(temporary, target);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
    Temporaries.forget(temporary);
    Temporaries.syncDirectory(target.toAbsolutePath().getParent());
  }

  /// Removes a temporary file or folder that will not be published.
  public static void discard(Path temporary) {
    Temporaries.discard(temporary);
  }

  /// Refuses a folder that holds what Duovox did not write, and a file in its place.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that names the first such entry
  public static void requireReplaceable(Path folder) {
    PendingDirectory.requireReplaceable(PendingDirectory.followLink(folder));
  }

  /// Refuses a place where nothing can be created: below a file, or in a folder that this user may
  /// not write to.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that says so
  public static void requirePlace(Path target) {
    Path parent = target.toAbsolutePath().normalize().getParent();
    while (parent != null && !Files.exists(parent)) {
      parent = parent.getParent();
    }
    if (parent != null && !Files.isDirectory(parent)) {
      throw DuovoxException.cannotCreate(
          "cannot create %s: %s is not a folder".formatted(target, parent), null);
    }
    if (parent != null && !(Files.isWritable(parent) && Files.isExecutable(parent))) {
      throw DuovoxException.cannotCreate(
          "cannot create " + target, new AccessDeniedException(parent.toString()));
    }
  }

  /// Refuses a file where a folder is to be.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that says so
  public static void requireNoFile(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw DuovoxException.cannotCreate(
          "cannot create the folder " + folder + ": a file of that name exists; choose another",
          null);
    }
  }

  /// Refuses a folder where a file is to be.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that says so
  public static void requireNoFolder(Path file) {
    if (Files.isDirectory(file)) {
      throw DuovoxException.cannotCreate(
          "cannot create the file " + file + ": it is a folder; name a file", null);
    }
  }

  /// Refuses a named pipe, a socket and a disk. Whoever opens a pipe waits for its reader, and no
  /// signal ends that.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that says so
  public static void requireNoPipe(Path target) {
    if (isSpecial(target) && !isOpenFile(target) && !isCharacterDevice(target)) {
      throw DuovoxException.cannotCreate(
          "cannot write %s: it is a pipe, socket or disk; name a file, or write to /dev/stdout or >(COMMAND)"
              .formatted(target),
          null);
    }
  }

  /// Starts a folder that appears at the target, complete, only when it is committed.
  public static PendingDirectory createDirectory(Path target) {
    return PendingDirectory.create(target);
  }

  static void createParent(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    try {
      if (parent != null && !Files.isDirectory(parent)) {
        Files.createDirectories(parent);
      }
    } catch (FileAlreadyExistsException e) {
      throw DuovoxException.cannotCreate(
          "cannot create the folder %s: %s is not a folder".formatted(parent, e.getFile()), null);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create the folder " + parent, e);
    }
  }

  private static void writeDurably(Path temporary, Path target, Content content) {
    try (FileChannel channel = create(temporary, target);
        OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
      content.writeTo(stream);
      stream.flush();
      channel.force(true);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
  }

  private static FileChannel create(Path temporary, Path target) {
    try {
      return FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
  }

  /// Whether a path is a pipe or a device, or names an open file of the process: a rename would cut
  /// that off from its reader.
  public static boolean isSpecial(Path target) {
    return isOpenFile(target)
        || (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target));
  }

  /// Whether a path, or the link that it is, names an open file of the process.
  private static boolean isOpenFile(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    if (SPECIAL.stream().anyMatch(absolute::startsWith)) {
      return true;
    }
    try {
      return Files.isSymbolicLink(absolute)
          && Files.exists(absolute) // No loop of links.
          && isOpenFile(absolute.resolveSibling(Files.readSymbolicLink(absolute)));
    } catch (IOException e) {
      return false; // Whoever writes there meets the same failure and tells it.
    }
  }

  private static boolean isCharacterDevice(Path target) {
    try {
      return ((int) Files.getAttribute(target, "unix:mode") & FILE_TYPE) == CHARACTER_DEVICE;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void writeDirectly(Path target, Content content) {
    try (OutputStream opened = open(target);
        OutputStream stream = new BufferedOutputStream(opened, BUFFER)) {
      content.writeTo(stream);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
  }

  private static OutputStream open(Path target) {
    try {
      return Files.newOutputStream(target);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
  }

  /// Where a link leads to; any other path as it is.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) for a link to nothing
  public static Path followLink(Path target) {
    try {
      if (!Files.isSymbolicLink(target)) {
        return target;
      }
      if (!Files.exists(target)) {
        throw DuovoxException.cannotCreate(
            "cannot create %s: it is a link to %s, which does not exist; create that, or remove the link"
                .formatted(target, Files.readSymbolicLink(target)),
            null);
      }
      return target.toRealPath();
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot follow the link " + target, e);
    }
  }
}
