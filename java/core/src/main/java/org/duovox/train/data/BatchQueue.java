package org.duovox.train.data;

import org.duovox.train.data.BatchLoader.Batch;

/// Passes batches from one thread to another.
///
/// Own code instead of a queue of `java.util.concurrent`, whose waiting threads make a node each
/// time: with a monitor nothing is made, whoever waits.
final class BatchQueue {
  private final Batch[] items;
  private int first;
  private int count;
  private boolean ended;

  BatchQueue(int capacity) {
    this.items = new Batch[capacity];
  }

  /// Adds a batch; false when there is no room, because one was given twice.
  synchronized boolean offer(Batch batch) {
    if (count == items.length) {
      return false;
    }
    items[(first + count) % items.length] = batch;
    count++;
    notifyAll();
    return true;
  }

  /// The batch that waited longest; null once the end was told and nothing is left.
  synchronized Batch take() throws InterruptedException {
    while (count == 0 && !ended) {
      wait();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (count == 0) {
      return null;
    }
    Batch batch = items[first];
    items[first] = null;
    first = (first + 1) % items.length;
    count--;
    return batch;
  }

  /// Tells the taker that no more will come.
  synchronized void end() {
    ended = true;
    notifyAll();
  }
}
