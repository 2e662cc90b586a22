package org.duovox.recipe;

import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.log.TrainLine;

/// Lets several folds talk to one listener, one at a time.
final class OneAtATime implements RunListener {
  private final RunListener listener;

  OneAtATime(RunListener listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void started(String name) {
    listener.started(name);
  }

  @Override
  public synchronized void finished(Stage stage) {
    listener.finished(stage);
  }

  @Override
  public synchronized void again(String name, String reason) {
    listener.again(name, reason);
  }

  @Override
  public synchronized void failed(String fold, String reason) {
    listener.failed(fold, reason);
  }

  @Override
  public synchronized void remark(String text) {
    listener.remark(text);
  }

  @Override
  public synchronized void remark(String stage, String text) {
    listener.remark(stage, text);
  }

  @Override
  public synchronized void warning(String stage, String text) {
    listener.warning(stage, text);
  }

  @Override
  public synchronized void progress(String stage, long done, long total, String unit) {
    listener.progress(stage, done, total, unit);
  }

  @Override
  public synchronized void line(String stage, TrainLine line) {
    listener.line(stage, line);
  }
}
