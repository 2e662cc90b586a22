package org.duovox.speech.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.features.FrameDestination;

/// Encodes a long utterance segment by segment while it is read; only a few segments are in memory
/// at a time, whatever its length.
///
/// One thread reads; the extraction's threads encode side by side; results are kept in order.
///
/// @param <P> what is kept of a piece
final class LongUtterance<P> {
  private final Utterance utterance;
  private final UtterancePipeline<P> pipeline;
  private final FrameDestination<P> destination;
  private final ExtractionPool pool;
  private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(2);
  private final Deque<CompletableFuture<P>> underWay = new ArrayDeque<>();
  private int segments;

  /// A message of the reading thread.
  private sealed interface Message {
    record Next(Segments.Segment segment) implements Message {}

    record End(AudioIdentity audio) implements Message {}

    record Failed(Throwable cause) implements Message {}
  }

  /// Tells the reading thread that nobody needs its segments.
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Stopped() {
      super("stopped", null, false, false);
    }
  }

  LongUtterance(
      Utterance utterance,
      UtterancePipeline<P> pipeline,
      FrameDestination<P> destination,
      ExtractionPool pool) {
    this.utterance = utterance;
    this.pipeline = pipeline;
    this.destination = destination;
    this.pool = pool;
  }

  /// Sends all segments to the destination and finishes the utterance there.
  ///
  /// @return identity of its audio
  /// @throws DuovoxException when it cannot be used; the destination has then abandoned it
  AudioIdentity run() {
    // First, because it may refuse the utterance: a reader would then wait for ever.
    destination.begin(utterance);
    Thread reader = Thread.ofPlatform().daemon().name("duovox-read").start(this::read);
    boolean whole = false;
    try {
      AudioIdentity audio = encode();
      destination.finish(audio);
      whole = true;
      return audio;
    } finally {
      stop(reader);
      if (!whole) {
        destination.abandon();
      }
    }
  }

  private void read() {
    try {
      Segments.Cutter cutter =
          new Segments.Cutter(pipeline.segments(), segment -> put(new Message.Next(segment)));
      pipeline.loader().stream(utterance, cutter);
      put(new Message.End(cutter.finish()));
    } catch (Stopped e) {
      // Nobody listens any more.
    } catch (RuntimeException | Error e) {
      putFailure(e);
    }
  }

  private void putFailure(Throwable failure) {
    try {
      put(new Message.Failed(failure));
    } catch (Stopped e) {
      // Nobody listens any more.
    }
  }

  private void put(Message message) {
    try {
      queue.put(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopped();
    }
  }

  private AudioIdentity encode() {
    while (true) {
      switch (nextMessage()) {
        case Message.Next(Segments.Segment segment) -> {
          int number = segments++;
          if (!pool.shared()) {
            destination.append(pipeline.segment(segment, number));
            continue;
          }
          underWay.add(pool.submit(() -> pipeline.segment(segment, number)));
          if (underWay.size() > pool.threads()) {
            destination.append(pool.get(underWay.remove()));
          }
        }
        case Message.End(AudioIdentity audio) -> {
          while (!underWay.isEmpty()) {
            destination.append(pool.get(underWay.remove()));
          }
          return audio;
        }
        case Message.Failed(Throwable cause) -> throw ExtractionPool.rethrown(cause);
      }
    }
  }

  private Message nextMessage() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw ExtractionPool.interrupted(e);
    }
  }

  /// Waits for the reading thread and cancels what has not begun, so that the encoder may be
  /// closed.
  private void stop(Thread reader) {
    boolean interrupted = false;
    reader.interrupt();
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    underWay.forEach(future -> future.cancel(false));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
