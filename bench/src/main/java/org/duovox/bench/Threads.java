package org.duovox.bench;

/// How many threads every contender computes with: `-Dbench.threads`, or 2.
final class Threads {
  static final int COUNT = Integer.getInteger("bench.threads", 2);

  private Threads() {}
}
