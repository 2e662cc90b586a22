package org.duovox.train.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// The memory that the trainings of one process share: each takes its share before its first step,
/// and one that does not fit beside the others waits for them. What there is, the system says
/// ([HostMemory]). Thread-safe.
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

  /// Reads how much memory a process on Linux can still take: what the kernel has available, or
  /// less where a control group sets a limit.
  static final class HostMemory {
    /// The system does not say.
    static final long UNKNOWN = Long.MAX_VALUE;

    // Control groups without a limit say "max", or in version 1 the largest multiple of a page.
    private static final long NO_LIMIT = 1L << 60;

    private final Path root;

    /// The memory of this machine.
    HostMemory() {
      this(Path.of("/"));
    }

    /// @param root folder that has `proc` and `sys`
    HostMemory(Path root) {
      this.root = root;
    }

    /// Returns the bytes that can be taken now; [#UNKNOWN] where the system does not say.
    long available() {
      return least("MemAvailable:", HostMemory::left);
    }

    /// Returns the bytes of the whole machine, or what a control group allows where that is less;
    /// [#UNKNOWN] where the system does not say. Unlike what is available, it stays the same.
    long total() {
      return least("MemTotal:", HostMemory::limit);
    }

    /// The least that the machine and the control groups say.
    private long least(String key, BiFunction<Path, Names, OptionalLong> ofGroup) {
      OptionalLong least = keyed(root.resolve("proc/meminfo"), key, 1024);
      for (String line : lines(root.resolve("proc/self/cgroup"))) {
        String[] parts = line.split(":", 3);
        if (parts.length == 3 && parts[1].isEmpty()) {
          least =
              least(least, groups(root.resolve("sys/fs/cgroup"), parts[2], Names.SECOND, ofGroup));
        } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
          least =
              least(
                  least,
                  groups(root.resolve("sys/fs/cgroup/memory"), parts[2], Names.FIRST, ofGroup));
        }
      }
      return least.orElse(UNKNOWN);
    }

    /// Returns the bytes that this process holds in memory now; 0 where the system does not say.
    long resident() {
      return keyed(root.resolve("proc/self/status"), "VmRSS:", 1024).orElse(0);
    }

    private enum Names {
      FIRST("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
      SECOND("memory.max", "memory.current", "inactive_file");

      private final String limit;
      private final String usage;
      private final String reclaimable;

      Names(String limit, String usage, String reclaimable) {
        this.limit = limit;
        this.usage = usage;
        this.reclaimable = reclaimable;
      }
    }

    /// The least that the group and those above it leave. Within a container the path may be that
    /// of the host, which is not mounted: then the mount itself is the group.
    private static OptionalLong groups(
        Path mount, String path, Names names, BiFunction<Path, Names, OptionalLong> ofGroup) {
      OptionalLong least = OptionalLong.empty();
      Path group = mount.resolve(path.replaceFirst("^/+", "")).normalize();
      while (group.startsWith(mount)) {
        least = least(least, ofGroup.apply(group, names));
        group = group.getParent();
      }
      return least;
    }

    private static OptionalLong limit(Path group, Names names) {
      OptionalLong limit = number(group.resolve(names.limit));
      return limit.isEmpty() || limit.getAsLong() >= NO_LIMIT ? OptionalLong.empty() : limit;
    }

    private static OptionalLong left(Path group, Names names) {
      OptionalLong limit = limit(group, names);
      OptionalLong usage = number(group.resolve(names.usage));
      if (limit.isEmpty() || usage.isEmpty()) {
        return OptionalLong.empty();
      }
      // Pages of files that nobody has used for long give way.
      long files = keyed(group.resolve("memory.stat"), names.reclaimable, 1).orElse(0);
      return OptionalLong.of(Math.max(0, limit.getAsLong() - usage.getAsLong() + files));
    }

    private static OptionalLong least(OptionalLong a, OptionalLong b) {
      if (a.isEmpty() || b.isEmpty()) {
        return a.isEmpty() ? b : a;
      }
      return OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
    }

    private static OptionalLong number(Path file) {
      List<String> lines = lines(file);
      return lines.isEmpty() ? OptionalLong.empty() : parsed(lines.getFirst().strip());
    }

    private static OptionalLong keyed(Path file, String key, long unit) {
      for (String line : lines(file)) {
        String[] words = line.strip().split("\\s+");
        if (words.length >= 2 && words[0].equals(key)) {
          OptionalLong value = parsed(words[1]);
          return value.isEmpty() ? value : OptionalLong.of(value.getAsLong() * unit);
        }
      }
      return OptionalLong.empty();
    }

    private static OptionalLong parsed(String text) {
      return text.matches("[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
      try {
        return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
      } catch (IOException | java.io.UncheckedIOException e) {
        return List.of(); // A file of the kernel that may not be read says nothing.
      }
    }
  }
}
