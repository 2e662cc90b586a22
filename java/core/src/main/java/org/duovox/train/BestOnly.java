package org.duovox.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.AtomicFiles;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;

/// Keeps the best model of a run that cannot be resumed, in a folder that goes before the run is
/// published.
final class BestOnly implements Saver {
  private final Path folder;

  BestOnly(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean isDue(long step) {
    return false;
  }

  @Override
  public void save(UnitModel model, NativeTrainer trainer, Position position) {
    throw new IllegalStateException("this run has no checkpoints");
  }

  @Override
  public void keepBest(UnitModel model, long step) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create the folder " + folder, e);
    }
    ModelFiles.write(model, folder);
  }

  /// Removes what is kept.
  void discard() {
    AtomicFiles.discard(folder);
  }

  @Override
  public void restoreBest(UnitModel model, long step) {
    model.fill(folder);
  }
}
