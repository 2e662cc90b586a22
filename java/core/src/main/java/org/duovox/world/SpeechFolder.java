package org.duovox.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.PcmWav;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// A folder of spoken files while it grows: its settings, and a journal of what was spoken, so that
/// a later command goes on where this one was ended.
///
/// The journal says of each file how long it is; a file of another length is spoken again. Safe for
/// use by several threads.
final class SpeechFolder implements AutoCloseable {
  /// The settings that everything in the folder was made with.
  static final String SETTINGS = "settings.json";

  private static final String JOURNAL = ".spoken.jsonl";
  private static final String WORK = ".work";

  /// What was spoken.
  ///
  /// @param job its number in the plan
  /// @param samples length of its file
  /// @param times when each token begins and ends, in ms; -1 where nobody can tell
  record Entry(int job, int samples, List<Integer> times) {}

  private final Path out;
  private final long[] offsets;
  private final FileChannel journal;
  private int found;

  private SpeechFolder(Path out, int jobs, FileChannel journal) {
    this.out = out;
    this.journal = journal;
    offsets = new long[jobs];
    Arrays.fill(offsets, -1);
  }

  /// Finds out whether a folder can be filled, and clears it if it may.
  ///
  /// @param replace removes what was made with other settings
  /// @param record the file that says that everything is there
  /// @return whether there is something to do
  /// @throws DuovoxException (CANNOT_CREATE) for other settings, and for a folder of other things
  static boolean prepare(Path out, Object settings, boolean replace, String record) {
    Optional<String> difference = difference(out, settings);
    if (difference.isEmpty()) {
      return true;
    }
    if (replace) {
      requireUnused(out);
      clear(out);
      return true;
    }
    if (!difference.get().isEmpty()) {
      throw DuovoxException.cannotCreate(
          "%s was made with other settings: %s; name another folder, or replace it with --replace"
              .formatted(out, difference.get()),
          null);
    }
    return !Files.isRegularFile(out.resolve(record));
  }

  // Nothing when the folder is new, "" when the settings are the same.
  private static Optional<String> difference(Path out, Object settings) {
    AtomicFiles.requireNoFile(out);
    Path file = out.resolve(SETTINGS);
    if (Files.isRegularFile(file)) {
      return Optional.of(difference(Json.tree(file), Json.convert(settings)));
    }
    if (Files.isDirectory(out)) {
      try (Stream<Path> entries = Files.list(out)) {
        entries
            .findFirst()
            .ifPresent(first -> {
              throw DuovoxException.cannotCreate(
                  "%s holds %s and no %s: choose an empty or a new folder"
                      .formatted(out, first.getFileName(), SETTINGS),
                  null);
            });
      } catch (IOException e) {
        throw DuovoxException.cannotCreate("cannot look into the folder " + out, e);
      }
    }
    return Optional.empty();
  }

  private static String difference(JsonNode old, JsonNode now) {
    Map<String, JsonNode> before = Json.leaves(old);
    Map<String, JsonNode> after = Json.leaves(now);
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      // As texts: a number that was read is not the kind of number that will be written.
      String was = shown(before, key);
      String is = shown(after, key);
      if (!was.equals(is)) {
        return "%s was %s and is %s now".formatted(key, was, is);
      }
    }
    return "";
  }

  private static String shown(Map<String, JsonNode> values, String key) {
    return values.containsKey(key) ? Json.line(values.get(key)) : "not there";
  }

  private static void requireUnused(Path out) {
    Path file = out.resolve(JOURNAL);
    if (Files.exists(file)) {
      try (FileChannel journal = FileChannel.open(file, StandardOpenOption.WRITE)) {
        lock(out, journal);
      } catch (IOException e) {
        throw DuovoxException.cannotCreate("cannot write into " + out, e);
      }
    }
  }

  private static void clear(Path out) {
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!path.equals(out)) {
          Files.delete(path);
        }
      }
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot clear " + out, e);
    }
  }

  /// Opens a folder that is new or has the same settings, and reads what was spoken already.
  ///
  /// @param plan what will be in it
  static SpeechFolder open(Path out, Object settings, SpeechPlan plan) {
    FileChannel journal = null;
    try {
      Files.createDirectories(out.resolve(WORK));
      if (!Files.exists(out.resolve(SETTINGS))) {
        AtomicFiles.write(out.resolve(SETTINGS), Json.pretty(settings));
      }
      journal =
          FileChannel.open(
              out.resolve(JOURNAL),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      lock(out, journal);
      SpeechFolder folder = new SpeechFolder(out, plan.size(), journal);
      folder.read(plan);
      return folder;
    } catch (IOException e) {
      close(journal);
      throw DuovoxException.cannotCreate("cannot write into " + out, e);
    } catch (DuovoxException e) {
      close(journal);
      throw e;
    }
  }

  private static void close(FileChannel journal) {
    try {
      if (journal != null) {
        journal.close();
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot close " + JOURNAL, e);
    }
  }

  private static void lock(Path out, FileChannel journal) throws IOException {
    FileLock lock = null;
    try {
      lock = journal.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this process, which is told below.
    }
    if (lock == null) {
      throw new DuovoxException(
          Kind.RETRY, "another command is writing into " + out + "; wait for it, or stop it");
    }
  }

  // Reads lines with their places; what a killed process left of its last line is cut off.
  private void read(SpeechPlan plan) throws IOException {
    long at = 0;
    long size = journal.size();
    // Not closed: that would close the journal.
    BufferedReader reader =
        new BufferedReader(Channels.newReader(journal, StandardCharsets.US_ASCII));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      long next = at + line.length() + 1;
      if (next > size || !line.endsWith("}")) {
        break;
      }
      Entry entry = Json.parseLine(line, Entry.class, out.resolve(JOURNAL).toString());
      if (isThere(plan, entry)) {
        found += offsets[entry.job()] < 0 ? 1 : 0;
        offsets[entry.job()] = at;
      }
      at = next;
    }
    journal.truncate(at);
    journal.position(at);
  }

  private boolean isThere(SpeechPlan plan, Entry entry) throws IOException {
    if (entry.job() < 0 || entry.job() >= plan.size()) {
      return false;
    }
    Path file = out.resolve(plan.job(entry.job()).file());
    return Files.exists(file) && Files.size(file) == PcmWav.HEADER + 2L * entry.samples();
  }

  /// Returns how many files were there when the folder was opened.
  int found() {
    return found;
  }

  synchronized boolean has(int job) {
    return offsets[job] >= 0;
  }

  /// Notes a file that is written.
  synchronized void add(Entry entry) throws IOException {
    long at = journal.position();
    ByteBuffer line = ByteBuffer.wrap((Json.line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      journal.write(line);
    }
    offsets[entry.job()] = at;
  }

  /// Reads what is known about a file.
  synchronized Entry entry(int job) {
    try {
      String text = "";
      for (int size = 1 << 10; text.indexOf('\n') < 0; size *= 2) {
        ByteBuffer piece = ByteBuffer.allocate(size);
        journal.read(piece, offsets[job]);
        text = new String(piece.array(), 0, piece.position(), StandardCharsets.US_ASCII);
      }
      return Json.parseLine(text.substring(0, text.indexOf('\n')), Entry.class, JOURNAL);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + out.resolve(JOURNAL), e);
    }
  }

  Path out() {
    return out;
  }

  /// Returns a path for temporary files, on the file system of the output.
  Path work(String name) {
    return out.resolve(WORK).resolve(name);
  }

  /// Writes the file that says that everything is there, and removes what only helped to make it.
  void finish(String name, String content) {
    AtomicFiles.write(out.resolve(name), content);
    try {
      Files.deleteIfExists(out.resolve(JOURNAL));
    } catch (IOException e) {
      throw DuovoxException.io("cannot remove " + out.resolve(JOURNAL), e);
    }
  }

  @Override
  public void close() {
    try {
      journal.close();
      try (Stream<Path> left = Files.list(out.resolve(WORK))) {
        for (Path path : left.toList()) {
          Files.deleteIfExists(path);
        }
      }
      Files.deleteIfExists(out.resolve(WORK));
    } catch (IOException e) {
      throw DuovoxException.io("cannot clear " + out.resolve(WORK), e);
    }
  }
}
