package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Tells other processes that this one is alive and has temporaries in a folder: a hidden file
/// there, locked. The system takes the lock back when the process dies, however it dies.
///
/// The id of the process would not do: ids are reused, and mean nothing in another container or on
/// another machine that shares the folder. A token is never used twice, so a process that gets the
/// lock of a mark knows that nobody will use its temporaries again.
final class OwnerMark implements AutoCloseable {
  static final String PREFIX = ".duovox.tmp-";
  static final String SUFFIX = ".lock";

  // Only one running system at a time can have such a file system.
  private static final Set<String> LOCAL =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "overlay", "tmpfs", "ramfs");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int ATTEMPTS = 100;
  private static final System.Logger LOG = System.getLogger(OwnerMark.class.getName());

  private final String token;
  private final Path file;
  private final FileChannel channel;

  private OwnerMark(String token, Path file, FileChannel channel) {
    this.token = token;
    this.file = file;
    this.channel = channel;
  }

  /// Part of the names of the temporaries under this mark.
  String token() {
    return token;
  }

  /// A token without a mark, for temporaries that nobody else will ever remove.
  static String unmarked() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  /// Marks a folder; null where no file can be made or locked.
  static OwnerMark set(Path folder) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String random = "%08x".formatted(ThreadLocalRandom.current().nextInt());
      String token = ProcessHandle.current().pid() + "-" + random;
      Path file = folder.resolve(PREFIX + token + SUFFIX);
      FileChannel channel = null;
      try {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // Between the two lines another process may have taken the mark for an abandoned one.
        if (channel.tryLock() != null && Files.exists(file)) {
          channel.write(ByteBuffer.wrap(bootId().getBytes(StandardCharsets.UTF_8)));
          return new OwnerMark(token, file, channel);
        }
        close(channel);
      } catch (IOException e) {
        remove(file, channel);
        return null;
      }
    }
    return null;
  }

  /// Runs an action if the owner of a mark has died, and then removes the mark. A lock on a shared
  /// file system need not be known to other machines: there, a mark of another system stays.
  ///
  /// @param then runs while this process holds the mark
  static void ifAbandoned(Path file, Runnable then) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() != null && canTell(file, channel)) {
        then.run();
        Files.deleteIfExists(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot tell whether its owner lives: " + file, e);
    } finally {
      close(channel);
    }
  }

  // Reads through the channel: to close another one of the same file would give the lock back.
  private static boolean canTell(Path file, FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(64);
    channel.read(content, 0);
    String writer = new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
    return canTell(writer, bootId(), Files.getFileStore(file).type());
  }

  /// Whether a free lock proves that its owner has died: on the same running system always, else
  /// only where no other one can be running.
  static boolean canTell(String writer, String reader, String fileSystem) {
    return (!writer.isEmpty() && writer.equals(reader)) || LOCAL.contains(fileSystem);
  }

  /// Removes the mark: nothing of this process is there any more.
  @Override
  public void close() {
    remove(file, channel);
  }

  // Removed while it is locked, so that no other process ever sees it without its lock.
  private static void remove(Path file, FileChannel channel) {
    try {
      if (channel != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot remove " + file, e);
    }
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close a mark", e);
    }
  }

  private static String bootId() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID) : "";
  }
}
