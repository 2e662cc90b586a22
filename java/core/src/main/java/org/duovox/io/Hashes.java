package org.duovox.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.duovox.DuovoxException;

/// SHA-256 sums as lower-case hexadecimal text.
public final class Hashes {
  private static final int BUFFER = 1 << 16;

  private Hashes() {}

  /// Returns the sum of a file's bytes.
  ///
  /// @throws DuovoxException (MISSING_INPUT) when there is no such file
  public static String sha256(Path file) {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream stream = Files.newInputStream(file)) {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing("no such file: " + file);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Returns the sum of bytes.
  public static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /// Returns the sum of the text's UTF-8 bytes.
  public static String sha256(String content) {
    return sha256(content.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns the sum of the values' little-endian float32 bytes.
  public static String sha256(float[] values) {
    return new LittleEndian().add(values).finish();
  }

  /// Starts a sum over several parts.
  public static Builder builder() {
    return new Builder();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// One sum over numbers and bytes as they stand in a file: little-endian, nothing in between.
  public static final class LittleEndian {
    private final MessageDigest digest = digest();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    public LittleEndian add(float[] values) {
      for (int from = 0; from < values.length; from += BUFFER / Float.BYTES) {
        int n = Math.min(values.length - from, BUFFER / Float.BYTES);
        buffer.clear().asFloatBuffer().put(values, from, n);
        digest.update(buffer.limit(n * Float.BYTES));
      }
      return this;
    }

    public LittleEndian add(int... values) {
      for (int from = 0; from < values.length; from += BUFFER / Integer.BYTES) {
        int n = Math.min(values.length - from, BUFFER / Integer.BYTES);
        buffer.clear().asIntBuffer().put(values, from, n);
        digest.update(buffer.limit(n * Integer.BYTES));
      }
      return this;
    }

    /// Adds `count` bytes from the index `from` on.
    public LittleEndian add(byte[] bytes, int from, int count) {
      digest.update(bytes, from, count);
      return this;
    }

    public LittleEndian add(byte[] bytes) {
      digest.update(bytes);
      return this;
    }

    /// The sum of everything added; afterwards it starts afresh.
    public String finish() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /// One sum over several parts, each preceded by its length: two lists of parts have different
  /// sums even when they are equal once they are joined.
  public static final class Builder {
    private final MessageDigest digest = digest();

    private Builder() {}

    public Builder add(String part) {
      return add(part.getBytes(StandardCharsets.UTF_8));
    }

    public Builder add(byte[] part) {
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(part.length).flip());
      digest.update(part);
      return this;
    }

    /// The sum of all parts; the builder starts afresh afterwards.
    public String finish() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
