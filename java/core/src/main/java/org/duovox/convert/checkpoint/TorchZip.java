package org.duovox.convert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.duovox.DuovoxException;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.PickleInput;
import org.duovox.convert.pickle.Unpickler;

/// A checkpoint of PyTorch 1.6 or newer: an archive with a pickle and one entry a storage.
///
/// Entries are read by name from the open archive and never written anywhere under their names.
final class TorchZip implements AutoCloseable {
  private static final String PICKLE = "data.pkl";

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private final Map<String, Storage> storages = new HashMap<>();
  private String root;
  private boolean bigEndian;

  private TorchZip(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
  }

  static TorchZip open(Path file, long maxBytes) {
    ZipFile zip = null;
    TorchZip opened = null;
    try {
      zip = new ZipFile(file.toFile());
      TorchZip archive = new TorchZip(file, zip);
      archive.list(maxBytes);
      archive.findRoot();
      archive.readByteOrder();
      opened = archive;
      return opened;
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw DuovoxException.badData(
          "%s: the zip archive is truncated or damaged (%s)"
              .formatted(file, DuovoxException.reason(e)),
          e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    } finally {
      if (opened == null) {
        closeQuietly(zip);
      }
    }
  }

  /// Reads the pickle; storages are found on the way and read later.
  Object load() {
    ZipEntry entry = entries.get(root + PICKLE);
    try (PickleInput input = new PickleInput(pickle(entry), file + " (" + entry.getName() + ")")) {
      return new Unpickler(
              input,
              new AllowedClasses.Format() {
                @Override
                public Object persistent(Object id, PickleInput in) {
                  return storage(id);
                }
              })
          .load();
    }
  }

  /// The pickle; PyTorch stores it, and one that is packed is unpacked once.
  private ByteSource pickle(ZipEntry entry) {
    if (entry.getMethod() == ZipEntry.STORED) {
      return ByteSource.of(zip, entry);
    }
    if (entry.getSize() > Limits.HEAP_BYTES) {
      throw bad("a packed data.pkl of %d bytes".formatted(entry.getSize()));
    }
    try (InputStream stream = zip.getInputStream(entry)) {
      return ByteSource.of(stream.readNBytes((int) entry.getSize()));
    } catch (ZipException | EOFException e) {
      throw bad("data.pkl is truncated or damaged (%s)".formatted(DuovoxException.reason(e)));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private void list(long maxBytes) {
    if (zip.size() > Limits.ENTRIES) {
      throw bad("%d entries in the archive".formatted(zip.size()));
    }
    long total = 0;
    Set<String> lower = new HashSet<>();
    for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
      ZipEntry entry = all.next();
      requirePlain(entry);
      if (!lower.add(entry.getName())) {
        throw bad("two entries are named '%s'".formatted(shown(entry)));
      }
      total += entry.getSize();
      if (total > maxBytes || total < 0) {
        throw bad(
            "its entries hold more than %d bytes; raise --max-bytes if that is right"
                .formatted(maxBytes));
      }
      entries.put(entry.getName(), entry);
    }
  }

  /// Sizes that can be, and a name that would stay inside a folder if it were unpacked.
  private void requirePlain(ZipEntry entry) {
    String name = entry.getName();
    boolean leaves =
        name.isEmpty()
            || name.startsWith("/")
            || name.contains("\\")
            || name.indexOf('\0') >= 0
            || name.matches("[A-Za-z]:.*")
            || List.of(name.split("/")).contains("..");
    if (leaves) {
      throw bad("an entry named '%s', which leads out of a folder".formatted(shown(entry)));
    }
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    boolean stored = entry.getMethod() == ZipEntry.STORED;
    if (size < 0 || packed < 0 || (stored && size != packed)) {
      throw bad("the sizes of '%s' contradict each other".formatted(shown(entry)));
    }
    if (size > Decompression.mostOf(packed)) {
      throw bad("'%s' unpacks from %d to %d bytes".formatted(shown(entry), packed, size));
    }
  }

  private void findRoot() {
    List<String> pickles =
        entries.keySet().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .filter(name -> name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw bad(
          "a zip archive, but not one of PyTorch: %d entries are its data.pkl"
              .formatted(pickles.size()));
    }
    String name = pickles.getFirst();
    root = name.substring(0, name.length() - PICKLE.length());
    if (entries.keySet().stream().anyMatch(e -> e.startsWith(root + "code/"))) {
      throw bad("TorchScript, which is code; save the state_dict() of the model instead");
    }
  }

  private void readByteOrder() throws IOException {
    ZipEntry entry = entries.get(root + "byteorder");
    if (entry == null) {
      return; // Files before 2.1: little-endian.
    }
    try (InputStream stream = zip.getInputStream(entry)) {
      String order = new String(stream.readNBytes(8), StandardCharsets.UTF_8).strip();
      if (!order.equals("little") && !order.equals("big")) {
        throw bad("an unknown byte order '%s'".formatted(order));
      }
      bigEndian = order.equals("big");
    }
  }

  private Storage.View storage(Object reference) {
    TorchClasses.StorageId id = TorchClasses.StorageId.of(reference);
    Storage known = storages.get(id.key());
    if (known == null) {
      ZipEntry entry = entries.get(root + "data/" + id.key());
      if (entry == null) {
        throw new Malformed("storage '%s' is not in the archive".formatted(id.key()));
      }
      known = id.make(bigEndian).with(ByteSource.of(zip, entry));
      storages.put(id.key(), known);
    }
    return id.in(known);
  }

  private DuovoxException bad(String what) {
    return DuovoxException.badData(file + ": " + what);
  }

  private static String shown(ZipEntry entry) {
    String name = entry.getName();
    return (name.length() > 100 ? name.substring(0, 100) + "..." : name)
        .replaceAll("\\p{Cntrl}", "?");
  }

  private static void closeQuietly(ZipFile zip) {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException e) {
      // It was only read.
    }
  }

  @Override
  public void close() {
    closeQuietly(zip);
  }
}
