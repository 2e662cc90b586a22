package org.duovox.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.duovox.DuovoxException;

/// Keeps a second process out of a run folder: a lock on the file `.lock`, which the system takes
/// back when the process dies, however it dies. The file stays; who holds it is written in it.
final class RunLock implements AutoCloseable {
  static final String FILE = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the lock of a folder.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) when another run holds it, or the folder takes no
  ///   files
  static RunLock take(Path folder) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve(FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        String holder = holder(channel);
        channel.close();
        throw DuovoxException.cannotCreate(
            "another process trains in %s (%s); wait for it, or choose another folder"
                .formatted(folder, holder),
            null);
      }
      write(channel);
      return new RunLock(channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw DuovoxException.cannotCreate("cannot lock the folder " + folder, e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held within this process.
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
  }

  private static void write(FileChannel channel) throws IOException {
    String text = "process " + ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      System.getLogger(RunLock.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot close a lock", e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
