package org.duovox.cli.world;

import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.report.Wording;
import org.duovox.world.SpeechListener;

/// Shows a set of spoken files on its way: the forecast as a remark, then the progress.
final class SpeechProgress implements SpeechListener, AutoCloseable {
  private final Verb verb;
  private final String task;
  private final long begin = System.nanoTime();
  private Progress progress; // Null before the first file.
  private Forecast forecast; // Null when everything is there.

  SpeechProgress(Verb verb, String task) {
    this.verb = verb;
    this.task = task;
  }

  @Override
  public void planned(Forecast planned) {
    forecast = planned;
    String found =
        planned.found() == 0
            ? ""
            : Wording.format(", of which %,d are there already", planned.found());
    verb.remark(
        "%s",
        "%s: %s%s, about %s of audio on %s of disk; speaking will take about %s"
            .formatted(
                task,
                Wording.count(planned.files(), "file"),
                found,
                Wording.duration(planned.audioSeconds()),
                Wording.bytes(planned.bytes()),
                Wording.duration(planned.seconds())));
  }

  @Override
  public void spoken(long done, long total) {
    if (progress == null) {
      progress = verb.progress(task, total, "files");
    }
    progress.update(done, total, "");
  }

  /// Returns how many files were spoken, 0 when all were there.
  long spoken() {
    return forecast == null ? 0 : forecast.files() - forecast.found();
  }

  /// Returns the seconds since this was made.
  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
