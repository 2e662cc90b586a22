package org.duovox.train.memory;

import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// The memory that the trainings of one process share: each takes its share before its first step,
/// and one that does not fit beside the others waits for them. Thread-safe.
public final class MemoryBudget {
  private final HostMemory host;
  private long left;
  private int shares;

  /// The memory of this machine.
  public MemoryBudget() {
    this(new HostMemory());
  }

  /// @param host asked whenever no training has a share
  MemoryBudget(HostMemory host) {
    this.host = host;
  }

  /// Returns the machine whose memory it is.
  HostMemory host() {
    return host;
  }

  /// The share of one training; closing it gives it back.
  public final class Share implements AutoCloseable {
    private final long bytes;
    private boolean open = true;

    private Share(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        giveBack(bytes);
      }
    }
  }

  /// Takes what a training is forecast to need, and reports the forecast.
  ///
  /// @param remarks receives the forecast, and that it waits for other trainings
  /// @throws DuovoxException (RETRY) when it does not fit even alone, or when interrupted
  public synchronized Share take(MemoryForecast forecast, Consumer<String> remarks) {
    boolean told = false;
    while (true) {
      if (shares == 0) {
        left = host.available();
      }
      if (forecast.need() <= left) {
        remarks.accept(forecast.text(left));
        left -= left == HostMemory.UNKNOWN ? 0 : forecast.need();
        shares++;
        return new Share(forecast.need());
      }
      if (shares == 0) {
        throw forecast.refusal(left);
      }
      if (!told) {
        told = true;
        remarks.accept(forecast.waiting(left));
      }
      await();
    }
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DuovoxException(
          Kind.RETRY, "interrupted before the first step; start the same command again", e);
    }
  }

  private synchronized void giveBack(long bytes) {
    shares--;
    left += left == HostMemory.UNKNOWN ? 0 : bytes;
    notifyAll();
  }
}
