package org.duovox.convert.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;

/// How a file is written, told by its first bytes.
enum FileForm {
  ZIP,
  GZIP,
  ZLIB,
  SAFETENSORS,
  PICKLE;

  /// Bytes that are needed to tell.
  static final int LOOKED_AT = 512;

  private static final int TAR_MAGIC = 257;

  static FileForm of(byte[] start, Path file) {
    if (start.length == 0) {
      throw DuovoxException.badData(file + ": is empty");
    }
    if (has(start, "PK\3\4") || has(start, "PK\5\6")) {
      return ZIP;
    }
    if (has(start, "\u001f\u008b")) {
      return GZIP;
    }
    if (isZlib(start)) {
      return ZLIB;
    }
    if (isSafetensors(start)) {
      return SAFETENSORS;
    }
    refuse(start, file);
    return PICKLE;
  }

  /// A deflate stream with a window of 32 KiB whose check bits hold, which no pickle begins like.
  private static boolean isZlib(byte[] start) {
    return start.length > 1
        && start[0] == 0x78
        && ((start[0] & 0xFF) * 256 + (start[1] & 0xFF)) % 31 == 0;
  }

  /// The length of a header, and a JSON object, which no pickle begins like.
  private static boolean isSafetensors(byte[] start) {
    return start.length > 8 && start[8] == '{' && start[7] == 0 && start[6] == 0;
  }

  private static void refuse(byte[] start, Path file) {
    packer(start)
        .ifPresent(packer -> {
          throw DuovoxException.badData(
              ("%s: compressed with %s, which is not read here; unpack it with that program, or"
                      + " write it again with joblib.dump(joblib.load(FILE), OTHER,"
                      + " compress=('zlib', 3))")
                  .formatted(file, packer));
        });
    if (start.length >= TAR_MAGIC + 5
        && new String(start, TAR_MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
      throw DuovoxException.badData(
          file
              + ": a tar archive. PyTorch before 0.1.10 wrote checkpoints so; load it there and save"
              + " it again. Of another archive, unpack it and name the checkpoint inside");
    }
  }

  /// The program that unpacks what is not unpacked here.
  private static Optional<String> packer(byte[] start) {
    if (has(start, "BZh")) {
      return Optional.of("bzip2");
    }
    if (has(start, "\u00fd7zXZ\0") || has(start, "\u005d\0\0")) {
      return Optional.of("xz");
    }
    return has(start, "\u0004\"M\u0018") ? Optional.of("lz4") : Optional.empty();
  }

  private static boolean has(byte[] start, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (start.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (start[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
