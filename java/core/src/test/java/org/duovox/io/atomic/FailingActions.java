package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// The file system whose k-th action fails: a full disk, or one that is gone from there on.
public final class FailingActions implements FileActions {
  private final long failing;
  private final boolean forGood;
  private long calls;

  /// @param failing number of the call that fails, from 1
  /// @param forGood whether all later ones but deleting fail too
  public FailingActions(long failing, boolean forGood) {
    this.failing = failing;
    this.forGood = forGood;
  }

  /// Whether a call failed.
  public boolean hasFailed() {
    return calls >= failing;
  }

  private boolean isTime() {
    calls++;
    return calls == failing || (forGood && calls > failing);
  }

  private void next() throws IOException {
    if (isTime()) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void createDirectory(Path folder) throws IOException {
    next();
    FileActions.super.createDirectory(folder);
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    next();
    return FileActions.super.create(file);
  }

  @Override
  public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    if (isTime()) {
      FileActions.super.write(channel, bytes.limit(bytes.position() + bytes.remaining() / 2));
      throw new IOException("No space left on device");
    }
    FileActions.super.write(channel, bytes);
  }

  @Override
  public void force(FileChannel channel) throws IOException {
    next();
    FileActions.super.force(channel);
  }

  @Override
  public void syncDirectory(Path folder) throws IOException {
    next();
    FileActions.super.syncDirectory(folder);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    next();
    FileActions.super.move(from, to);
  }

  @Override
  public void delete(Path tree) throws IOException {
    // A full disk still deletes.
    FileActions.super.delete(tree);
  }
}
