package org.duovox.io.tensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.duovox.DuovoxException;

/// A file that is read at positions, without a mapping: when it becomes shorter meanwhile, that is
/// an error and not a crash.
///
/// Safe for use by several threads. A thread that is interrupted while it reads closes the channel
/// for all, so the others open it again. A file that nobody closes is closed by the garbage
/// collector.
final class PositionedReads implements AutoCloseable {
  private final Path file;
  private volatile FileChannel channel;
  private volatile boolean closed;

  private PositionedReads(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Opens a regular file ([FileKind#require] has refused others).
  ///
  /// @param what it should be, such as "a .npy file", for messages
  static PositionedReads open(Path file, String what) {
    if (Files.isDirectory(file)) {
      throw DuovoxException.badData(file + ": is a folder, not " + what);
    }
    try {
      return new PositionedReads(file, FileChannel.open(file, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing("no such file: " + file);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// Fills the target's remaining space.
  void read(ByteBuffer target, long position) {
    long at = position;
    try {
      while (target.hasRemaining()) {
        int n = read(channel, target, at);
        if (n < 0) {
          throw DuovoxException.badData(file + ": became shorter while it was read");
        }
        at += n;
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private int read(FileChannel now, ByteBuffer target, long at) throws IOException {
    try {
      return now.read(target, at);
    } catch (ClosedChannelException e) {
      if (closed || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return read(openAgain(), target, at);
    }
  }

  private synchronized FileChannel openAgain() throws IOException {
    if (!channel.isOpen()) {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
    return channel;
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written; there is nothing to lose.
    }
  }
}
