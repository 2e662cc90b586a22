package org.duovox.convert.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.duovox.DuovoxException;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Dict;
import org.duovox.io.FileKind;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;

/// An open file that holds a pickle in one of the forms that PyTorch, joblib and Python write, or
/// safetensors, and the plain data in it; tensors are read from the file while it is open.
public final class CheckpointFile implements AutoCloseable {
  private static final String SAFETENSORS = "safetensors";

  private final Path file;
  private final AutoCloseable resource;
  private String form;
  private Object root;

  private CheckpointFile(Path file, AutoCloseable resource) {
    this.file = file;
    this.resource = resource;
  }

  /// Opens a file and reads its pickle.
  ///
  /// @param scratch a folder for what has to be unpacked
  /// @param maxBytes how much an archive may say that it holds, and a compressed file may grow to
  public static CheckpointFile open(Path file, Path scratch, long maxBytes) {
    FileKind.require(
        file,
        "a checkpoint",
        FileKind.ZIP,
        FileKind.GZIP,
        FileKind.BZIP2,
        FileKind.XZ,
        FileKind.LZ4,
        FileKind.TAR,
        FileKind.SAFETENSORS,
        FileKind.PICKLE);
    try {
      FileForm form = FileForm.of(start(file), file);
      return switch (form) {
        case ZIP -> zip(file, maxBytes);
        case GZIP, ZLIB -> {
          Path unpacked = Decompression.unpack(file, form, scratch, maxBytes);
          CheckpointFile opened = stream(unpacked, file);
          opened.form = "joblib or pickle, compressed";
          yield opened;
        }
        case SAFETENSORS -> safetensors(file);
        case PICKLE -> stream(file, file);
      };
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing("no such file: " + file);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// The data of a pickle as it stands in a file, without tensors and not compressed.
  public static Object readPlain(Path file) {
    try {
      if (FileForm.of(start(file), file) != FileForm.PICKLE) {
        throw DuovoxException.badData(file + ": is not a plain pickle");
      }
      try (CheckpointFile opened = stream(file, file)) {
        return opened.root();
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(FileForm.LOOKED_AT);
    }
  }

  private static CheckpointFile zip(Path file, long maxBytes) {
    TorchZip archive = TorchZip.open(file, maxBytes);
    CheckpointFile opened = new CheckpointFile(file, archive);
    opened.form = "PyTorch, zip";
    opened.readOrClose(() -> opened.root = archive.load());
    return opened;
  }

  private static CheckpointFile stream(Path bytes, Path file) throws IOException {
    FileChannel channel = FileChannel.open(bytes, StandardOpenOption.READ);
    CheckpointFile opened = new CheckpointFile(file, channel);
    opened.readOrClose(() -> {
      ByteSource source = ByteSource.of(channel, channel.size());
      boolean torch = TorchStream.isOne(source);
      opened.form = torch ? "PyTorch, before 1.6" : "joblib or pickle";
      opened.root =
          torch
              ? TorchStream.load(source, file.toString())
              : JoblibPickle.load(source, file.toString());
    });
    return opened;
  }

  private static CheckpointFile safetensors(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    CheckpointFile opened = new CheckpointFile(file, channel);
    opened.form = SAFETENSORS;
    opened.readOrClose(() -> {
      Dict root = new Dict();
      try (SafetensorsFile tensors = Safetensors.open(file)) {
        ByteSource source = ByteSource.of(channel, channel.size());
        for (TensorInfo tensor : tensors.tensors()) {
          Storage storage = new Storage(tensor.dtype(), tensor.elements(), false, tensor.name());
          long begin = tensors.dataStart() + tensor.begin();
          storage.with(source.slice(begin, tensor.end() - tensor.begin()));
          root.put(tensor.name(), Tensor.whole(storage, tensor.shape(), false));
        }
      }
      opened.root = root;
    });
    return opened;
  }

  private interface Reading {
    void run() throws IOException;
  }

  private void readOrClose(Reading reading) {
    boolean done = false;
    try {
      reading.run();
      done = true;
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /// Returns the file as the user named it.
  public Path file() {
    return file;
  }

  /// What the pickle holds; see [Unpickler] for the types.
  public Object root() {
    return root;
  }

  /// How the file was written, for people.
  public String form() {
    return form;
  }

  /// Whether it is safetensors and no pickle.
  public boolean isSafetensors() {
    return form.equals(SAFETENSORS);
  }

  @Override
  public void close() {
    try {
      resource.close();
    } catch (Exception e) {
      // It was only read.
    }
  }
}
