package org.duovox.cli.speech;

import java.util.List;
import org.duovox.cli.console.Clock;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.report.Text;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.extract.ExtractionListener;

/// Tells how an extraction goes on, and collects what it skips.
final class ExtractionProgress implements ExtractionListener {
  private final Verb verb;
  private final Progress progress;
  private final List<SkippedUtterance> skipped;
  private final Clock clock = new Clock();

  ExtractionProgress(Verb verb, Progress progress, List<SkippedUtterance> skipped) {
    this.verb = verb;
    this.progress = progress;
    this.skipped = skipped;
  }

  @Override
  public void progress(int done, int total, double seconds) {
    progress.update(done, total, Text.of("%.0f x real time", clock.xRealTime(seconds)));
  }

  @Override
  public void skipped(SkippedUtterance utterance) {
    skipped.add(utterance);
    verb.remark("skipped %s: %s", utterance.id(), utterance.reason());
  }
}
