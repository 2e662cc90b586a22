package org.duovox.speech.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;

/// Works on the next utterances on the threads of a pool and returns the results in order.
///
/// What is under way is bounded in number and in bytes, estimated from the sizes of the files, so
/// that neither many nor long files fill the memory; one utterance per thread is always under way.
/// The caller is one thread.
///
/// @param <R> result of one utterance
final class ReadAhead<R> {
  private static final int UTTERANCES_PER_THREAD = 8;
  private static final long MAX_BYTES = 192L << 20;

  // Of a compressed file of speech at 16 kHz. A low guess overestimates the memory.
  private static final double FILE_BYTES_PER_SECOND = 16_000;

  private final Iterator<Utterance> utterances;
  private final ExtractionPool pool;
  private final Function<Utterance, R> work;
  private final double bytesPerSecond;
  private final Deque<Job<R>> jobs = new ArrayDeque<>();
  private long bytesUnderWay;

  private record Job<R>(CompletableFuture<R> future, long bytes) {}

  /// @param work done on any thread of the pool
  /// @param layers whose frames a result holds beside the audio
  ReadAhead(
      List<Utterance> utterances,
      ExtractionPool pool,
      Function<Utterance, R> work,
      List<Layer> layers) {
    this.utterances = utterances.iterator();
    this.pool = pool;
    this.work = work;
    double frames =
        layers.stream().mapToDouble(l -> l.width() * Float.BYTES * 1000 / l.intervalMs()).sum();
    this.bytesPerSecond = Encoder.SAMPLE_RATE * Float.BYTES + frames;
  }

  /// Returns the result of the next utterance; rethrows what the work threw.
  R next() {
    submit();
    Job<R> job = jobs.remove();
    R result = pool.get(job.future());
    bytesUnderWay -= job.bytes();
    return result;
  }

  private void submit() {
    int threads = pool.threads();
    while (utterances.hasNext()
        && (jobs.size() < threads
            || (jobs.size() < threads * UTTERANCES_PER_THREAD && bytesUnderWay < MAX_BYTES))) {
      Utterance utterance = utterances.next();
      long bytes = estimatedBytes(utterance);
      bytesUnderWay += bytes;
      jobs.add(new Job<>(pool.submit(() -> work.apply(utterance)), bytes));
    }
  }

  private long estimatedBytes(Utterance utterance) {
    double whole = utterance.audio().toFile().length() / FILE_BYTES_PER_SECOND;
    double seconds =
        utterance.excerpt().duration().map(d -> Math.min(whole, d.doubleValue())).orElse(whole);
    return (long) (seconds * bytesPerSecond);
  }
}
