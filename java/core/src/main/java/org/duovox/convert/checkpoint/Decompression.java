package org.duovox.convert.checkpoint;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.duovox.DuovoxException;
import org.duovox.convert.pickle.Limits;

/// Unpacks a compressed file to a scratch file, within bounds.
final class Decompression {
  private Decompression() {}

  /// Unpacks a file and returns the path of its content in the scratch folder.
  static Path unpack(Path file, FileForm form, Path scratch, long maxBytes) throws IOException {
    Path unpacked = Files.createTempFile(scratch, "unpacked", "");
    long most = Math.min(maxBytes, mostOf(Files.size(file)));
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        InputStream content =
            form == FileForm.GZIP
                ? new GZIPInputStream(packed, 1 << 16)
                : new InflaterInputStream(packed);
        OutputStream out = Files.newOutputStream(unpacked)) {
      copy(content, out, most, file);
    } catch (EOFException | ZipException e) {
      throw DuovoxException.badData(
          "%s: the compressed data is truncated or damaged (%s)"
              .formatted(file, DuovoxException.reason(e)),
          e);
    }
    return unpacked;
  }

  /// Returns the most bytes that a file of a size may grow to.
  static long mostOf(long packed) {
    return Limits.FREE_GROWTH + packed * Limits.GROWTH;
  }

  private static void copy(InputStream content, OutputStream out, long most, Path file)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      total += n;
      if (total > most) {
        throw DuovoxException.badData(
            "%s: unpacks to more than %d bytes; no checkpoint of its size does"
                .formatted(file, most));
      }
      out.write(buffer, 0, n);
    }
  }
}
