package org.duovox.io.atomic;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;

/// A folder that is whole, to the bit, or not there: files written beside the target with their
/// sums, made durable, sealed by `MANIFEST.json`, renamed into place.
///
/// A process that is killed leaves a folder named `.tmp-...`, never a torn one under the target's
/// name. For one thread.
public final class SealedFolder implements AutoCloseable {
  /// The file that lists all others with length, CRC32C and SHA-256.
  public static final String MANIFEST = "MANIFEST.json";

  /// Begins the names of folders that are being written or removed.
  public static final String TEMPORARY = ".tmp-";

  private static final String FORMAT = "duovox-sealed-folder";
  private static final int BUFFER = 1 << 18;

  /// Length and sums of a file.
  public record Sums(long bytes, String crc32c, String sha256) {}

  /// `MANIFEST.json`.
  record Manifest(String format, int version, TreeMap<String, Sums> files) {}

  private final FileActions actions;
  private final Path target;
  private final Path temporary;
  private final TreeMap<String, Sums> files = new TreeMap<>();
  private boolean published;

  /// Starts a folder that will stand at `target`, whose parent exists.
  public SealedFolder(FileActions actions, Path target) {
    this.actions = actions;
    this.target = target;
    this.temporary = temporaryBeside(target);
    try {
      actions.createDirectory(temporary);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
  }

  /// Writes a file of any content and makes it durable.
  public void write(String name, AtomicFiles.Content content) {
    try {
      files.put(name, writeFile(name, content));
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target.resolve(name), e);
    }
  }

  /// Seals the folder and renames it to its target; an older folder there is removed first.
  public void publish() {
    write(
        MANIFEST,
        stream ->
            stream.write(
                Json.pretty(new Manifest(FORMAT, 1, files)).getBytes(StandardCharsets.UTF_8)));
    try {
      actions.syncDirectory(temporary);
      if (Files.exists(target)) {
        remove(actions, target);
      }
      actions.move(temporary, target);
      published = true;
      actions.syncDirectory(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
  }

  /// Removes what was written unless it was published.
  @Override
  public void close() {
    if (!published) {
      try {
        actions.delete(temporary);
      } catch (IOException e) {
        System.getLogger(SealedFolder.class.getName())
            .log(System.Logger.Level.WARNING, "cannot remove the temporary " + temporary, e);
      }
    }
  }

  /// Reads every file and compares it with the manifest.
  ///
  /// @throws DuovoxException (BAD_DATA) that says which file is damaged in which way
  public static void verify(Path folder) {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.badData(folder + ": has no " + MANIFEST);
    }
    Manifest manifest = Json.read(file, Manifest.class);
    if (!FORMAT.equals(manifest.format()) || manifest.version() != 1 || manifest.files() == null) {
      throw DuovoxException.badData(
          "%s: is %s, version %d; this program reads %s, version 1"
              .formatted(file, manifest.format(), manifest.version(), FORMAT));
    }
    manifest.files().forEach((name, sums) -> verify(folder.resolve(name), sums));
  }

  /// Removes a folder: under another name first, so that none is ever seen half-removed.
  public static void remove(FileActions actions, Path folder) throws IOException {
    Path aside = temporaryBeside(folder);
    actions.move(folder, aside);
    actions.delete(aside);
  }

  private static void verify(Path file, Sums expected) {
    Sums actual = SummedStream.of(file);
    if (actual.bytes() != expected.bytes()) {
      throw DuovoxException.badData(
          "%s: has %d bytes, not the %d that were written"
              .formatted(file, actual.bytes(), expected.bytes()));
    }
    if (!actual.equals(expected)) {
      throw DuovoxException.badData(file + ": its content is not what was written");
    }
  }

  private Sums writeFile(String name, AtomicFiles.Content content) throws IOException {
    try (var channel = actions.create(temporary.resolve(name));
        var sums = new SummedStream(bytes -> actions.write(channel, bytes));
        var stream = new BufferedOutputStream(sums, BUFFER)) {
      content.writeTo(stream);
      stream.flush();
      actions.force(channel);
      return sums.sums();
    }
  }

  private static Path temporaryBeside(Path target) {
    return target.toAbsolutePath().resolveSibling(TEMPORARY + UUID.randomUUID());
  }

  /// Passes bytes on and sums them: length, CRC32C and SHA-256.
  private static final class SummedStream extends OutputStream {
    /// Takes the bytes.
    interface Sink {
      void write(ByteBuffer bytes) throws IOException;
    }

    private final Sink next;
    private final CRC32C crc = new CRC32C();
    private final Hashes.LittleEndian sha = new Hashes.LittleEndian();
    private long bytes;

    SummedStream(Sink next) {
      this.next = next;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] values, int from, int count) throws IOException {
      crc.update(values, from, count);
      sha.add(values, from, count);
      bytes += count;
      next.write(ByteBuffer.wrap(values, from, count));
    }

    /// Length and sums of everything so far; once only.
    Sums sums() {
      return new Sums(bytes, HexFormat.of().toHexDigits((int) crc.getValue()), sha.finish());
    }

    /// Length and sums of a file.
    static Sums of(Path file) {
      SummedStream sums = new SummedStream(bytes -> {});
      byte[] buffer = new byte[BUFFER];
      try (InputStream stream = Files.newInputStream(file)) {
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          sums.write(buffer, 0, n);
        }
        return sums.sums();
      } catch (NoSuchFileException e) {
        throw DuovoxException.badData(file + " is missing");
      } catch (IOException e) {
        throw DuovoxException.io("cannot read " + file, e);
      }
    }
  }
}
