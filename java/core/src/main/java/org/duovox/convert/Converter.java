package org.duovox.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.layout.Converted;
import org.duovox.convert.layout.CpcLayout;
import org.duovox.convert.layout.FairseqLayout;
import org.duovox.convert.layout.GenericLayout;
import org.duovox.convert.layout.HuggingFaceLayout;
import org.duovox.convert.layout.KMeansLayout;
import org.duovox.convert.layout.Layout;
import org.duovox.convert.layout.PrototypeLayout;
import org.duovox.convert.layout.ResDavenetLayout;
import org.duovox.convert.layout.UnknownLayout;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;

/// Published checkpoints into folders of safetensors and JSON.
///
/// The only code of Duovox that reads pickle, and it executes nothing: see [Unpickler]. A file that
/// asks for more than the known classes, that is damaged, or whose weights are not finite is
/// refused with [DuovoxException.Kind#BAD_DATA]; the target then stays as it was.
public final class Converter {
  private static final List<Layout> LAYOUTS =
      List.of(
          new KMeansLayout(),
          new CpcLayout(),
          new ResDavenetLayout(),
          new FairseqLayout(),
          new HuggingFaceLayout());

  private Converter() {}

  /// Converts one checkpoint.
  public static Conversion convert(ConvertRequest request) {
    Path source = Sources.find(request.source());
    try (PendingDirectory output = AtomicFiles.createDirectory(request.target());
        Scratch scratch = Scratch.beside(request.target())) {
      List<Path> files =
          Sources.isIndex(source) ? HuggingFaceLayout.shards(source) : List.of(source);
      List<CheckpointFile> opened = new ArrayList<>();
      try {
        for (Path file : files) {
          opened.add(CheckpointFile.open(file, scratch.path(), request.maxBytes()));
        }
        return write(request, source, opened, output);
      } catch (Malformed e) {
        throw DuovoxException.badData(source + ": " + e.getMessage(), e);
      } finally {
        opened.forEach(CheckpointFile::close);
      }
    }
  }

  private static Conversion write(
      ConvertRequest request, Path source, List<CheckpointFile> files, PendingDirectory output) {
    Converted converted =
        Sources.isIndex(source)
            ? HuggingFaceLayout.join(files, source)
            : recognize(files.getFirst(), request);
    List<Conversion.Source> sources = new ArrayList<>();
    for (CheckpointFile file : files) {
      sources.add(
          new Conversion.Source(
              String.valueOf(file.file().getFileName()), Hashes.sha256(file.file())));
    }
    ConvertedWriter writer = new ConvertedWriter(request, output.path(), source);
    Conversion conversion = writer.write(converted, files.getFirst().form(), sources);
    output.commit();
    return conversion;
  }

  private static Converted recognize(CheckpointFile file, ConvertRequest request) {
    PrototypeLayout prototype = new PrototypeLayout(request.heads());
    if (file.isSafetensors()) {
      return prototype
          .read(file)
          .orElseThrow(() ->
              DuovoxException.badData(
                  file.file()
                      + ": is safetensors already; put it beside its config.json and name the"
                      + " folder"));
    }
    for (Layout layout : LAYOUTS) {
      Optional<Converted> converted = layout.read(file);
      if (converted.isPresent()) {
        return converted.get();
      }
    }
    Optional<Converted> model = prototype.read(file);
    if (model.isPresent()) {
      return model.get();
    }
    Optional<Converted> any = new GenericLayout().read(file);
    if (any.isPresent() && request.generic()) {
      return any.get();
    }
    throw new Malformed(UnknownLayout.describe(file.root(), any));
  }

  /// A folder for unpacked files beside the target, removed at the end.
  private record Scratch(Path path) implements AutoCloseable {
    static Scratch beside(Path target) {
      Path path = AtomicFiles.temporarySibling(target.toAbsolutePath().normalize());
      try {
        return new Scratch(Files.createDirectories(path));
      } catch (IOException e) {
        AtomicFiles.discard(path);
        throw DuovoxException.cannotCreate("cannot create a folder beside " + target, e);
      }
    }

    @Override
    public void close() {
      AtomicFiles.discard(path);
    }
  }
}
