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
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.PcmWav;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;

/// A folder of spoken files while it grows: its settings, and a journal of what was spoken, so that
/// a later command goes on where this one was ended.
///
/// The journal says of each file how long it is; a file of another length is spoken again. Safe for
/// use by several threads.
final class SpeechFolder implements AutoCloseable {
  /// The settings that everything in the folder was made with.
  static final String SETTINGS = "settings.json";

  /// The journal of what was spoken; gone when everything is.
  static final String JOURNAL = ".spoken.jsonl";

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

  /// Takes the lock of a folder, which is that of its journal.
  static void lock(Path out, FileChannel journal) throws IOException {
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
