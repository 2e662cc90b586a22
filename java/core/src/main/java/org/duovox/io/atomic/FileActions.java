package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The few actions on files that a [SealedFolder] is built from; tests put failing ones in their
/// place.
public interface FileActions {
  /// The actions of the file system.
  FileActions REAL = new FileActions() {};

  default void createDirectory(Path folder) throws IOException {
    Files.createDirectory(folder);
  }

  /// Opens a new file to write.
  default FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /// Writes all remaining bytes.
  default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Makes content and length of a file durable.
  default void force(FileChannel channel) throws IOException {
    channel.force(true);
  }

  /// Makes the entries of a folder durable.
  default void syncDirectory(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Renames within a file system, in one go.
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Deletes a file or a whole folder, if it is there.
  default void delete(Path tree) throws IOException {
    Temporaries.removeRecursively(tree);
  }
}
